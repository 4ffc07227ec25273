import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { Deployment, ReplicaSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { controllerIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../../reconcile/controller.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { endingOnRefusal, fail } from '../../reconcile/refused.ts'
import { rolloutRecreate, rolloutRolling } from './rollout.ts'
import { createWork, syncPausedCondition, syncRevision, syncScale, syncStatusOnly } from './sync.ts'
import { isScalingEvent } from './decide-scale.ts'

const deploymentKind = 'apps/v1/Deployment'
const replicaSetKind = 'apps/v1/ReplicaSet'

/** getDeploymentsForReplicaSet: Deployments whose selector matches an orphan. */
const deploymentsFor = (set: KubeObject, io: WatchIo): readonly string[] => {
  const { labels, namespace } = set.metadata
  if (labels === undefined) return []
  return io.read
    .list(deploymentKind, { namespace: namespace ?? '' })
    .filter((deployment) => {
      const selector = validSelector((deployment as Deployment).spec?.selector)
      return !selector.empty && selector.matches(labels)
    })
    .map(keyOf)
}

/** deletePod: a Recreate Deployment goes on when the last pod of it is gone. */
const recreatedBy = (pod: KubeObject, io: WatchIo): readonly string[] => {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'ReplicaSet') return []
  const namespace = pod.metadata.namespace ?? ''
  const set = io.read.get(replicaSetKind, `${namespace}/${owner.name}`)
  if (set === undefined || set.metadata.uid !== owner.uid) return []
  const above = controllerOf(set)
  if (above?.kind !== 'Deployment') return []
  const key = `${namespace}/${above.name}`
  const deployment = io.read.get(deploymentKind, key) as Deployment | undefined
  if (deployment?.metadata.uid !== above.uid || deployment.spec?.strategy?.type !== 'Recreate') return []
  const left = io.read.owned(replicaSetKind, deployment).some((one) => io.read.owned('v1/Pod', one).length > 0)
  return left ? [] : [key]
}

function* syncDeployment(io: Io<Deployment>, deployment: Deployment): Generator<ApiRequest, Result | void, unknown> {
  const selector = validSelector(deployment.spec?.selector)
  if (selector.empty) {
    const message = 'This deployment is selecting all pods. A non-empty selector is required.'
    io.event(deployment, 'Warning', 'SelectingAll', message)
    const { generation = 0 } = deployment.metadata
    if ((deployment.status?.observedGeneration ?? 0) < generation) {
      yield* io.write.updateStatus({
        ...deployment,
        status: { ...deployment.status, observedGeneration: generation },
      } as Deployment)
    }
    return
  }
  const namespace = deployment.metadata.namespace ?? ''
  const { claimed: sets, error } = yield* claimObjects(io, {
    owner: deployment,
    candidates: [
      ...(io.read.owned(replicaSetKind, deployment) as readonly ReplicaSet[]),
      ...(io.read.indexed(replicaSetKind, 'controller', `orphans/${namespace}`) as readonly ReplicaSet[]),
    ],
    matches: (set) => selector.matches(set.metadata.labels),
  })
  if (error !== undefined) fail(error)
  const work = createWork(io, deployment, sets)
  const pods = sets.map((set) => ({ set, pods: io.read.owned('v1/Pod', set) as readonly Pod[] }))

  if (deployment.metadata.deletionTimestamp !== undefined) return yield* syncStatusOnly(work)
  yield* syncPausedCondition(work)
  if (deployment.spec?.paused === true) return yield* syncScale(work)
  const { current, old } = yield* syncRevision(work, false)
  if (isScalingEvent(deployment, current === undefined ? old : [...old, current])) return yield* syncScale(work)
  if (deployment.spec?.strategy?.type === 'Recreate') return yield* rolloutRecreate(work, pods)
  return yield* rolloutRolling(work)
}

/** Without the gate DeploymentReplicaSetTerminatingReplicas no status tells of pods that terminate. */
const withoutTerminating = (io: Io<Deployment>): Io<Deployment> => ({
  ...io,
  write: {
    ...io.write,
    updateStatus(object) {
      const { terminatingReplicas: _, ...status } = (object as Deployment).status ?? {}
      return io.write.updateStatus({ ...object, status } as Deployment)
    },
  },
})

/** kube-controller-manager's deployment-controller: pkg/controller/deployment. */
export const deploymentController = (workers = 5, reportsTerminating = true): Controller<Deployment> => ({
  name: 'deployment-controller',
  reconciles: deploymentKind,
  owns: [replicaSetKind],
  workers,
  maxRetries: 15,
  indexes: { 'v1/Pod': [controllerIndex] },
  watches: {
    [replicaSetKind]: (object, io, before) => {
      if (controllerOf(object) !== undefined || object.metadata.deletionTimestamp !== undefined) return []
      if (before !== undefined && controllerOf(before) === undefined) {
        if (structuralEqual(before.metadata.labels, object.metadata.labels)) return []
      }
      return deploymentsFor(object, io)
    },
    'v1/Pod': (object, io) => (io.read.get('v1/Pod', keyOf(object)) === undefined ? recreatedBy(object, io) : []),
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const deployment = io.read.get(key)
    if (deployment === undefined) return done
    return yield* endingOnRefusal(syncDeployment(reportsTerminating ? io : withoutTerminating(io), deployment))
  },
})
