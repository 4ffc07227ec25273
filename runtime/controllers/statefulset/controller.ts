import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { controllerIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { revisionKind } from '../../reconcile/controller-history.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { isPodReady, nextAvailabilityCheck } from '../../reconcile/pod-state.ts'
import { endingOnRefusal, fail, must } from '../../reconcile/refused.ts'
import { decideStatus, statusChanged } from './decide-status.ts'
import { parentAndOrdinal } from './identity.ts'
import { adoptRevisions, listRevisions, syncRevisions, truncateHistory } from './revisions.ts'
import { updateReplicas } from './update-replicas.ts'

const setKind = 'apps/v1/StatefulSet'

function* syncStatefulSet(io: Io<StatefulSet>, set: StatefulSet): Generator<ApiRequest, Result, unknown> {
  const selector = validSelector(set.spec.selector)
  yield* adoptRevisions(io, set)
  const orphans = io.read.indexed('v1/Pod', 'controller', `orphans/${set.metadata.namespace ?? ''}`) as readonly Pod[]
  const { claimed: pods, error } = yield* claimObjects(io, {
    owner: set,
    candidates: [...(io.read.owned('v1/Pod', set) as readonly Pod[]), ...orphans],
    matches: (pod) =>
      selector.matches(pod.metadata.labels) && parentAndOrdinal(pod.metadata.name ?? '').parent === set.metadata.name,
  })
  if (error !== undefined) fail(error)

  const revisions = listRevisions(io, set)
  const known = yield* syncRevisions(io, set, revisions)
  const outcome = yield* updateReplicas(io, set, pods, known)
  const names = { current: known.current.metadata.name ?? '', update: known.update.metadata.name ?? '' }
  const status = decideStatus(set, outcome.counts, names, known.collisionCount)
  const written = statusChanged(set, status)
    ? yield* io.write.updateStatus({ ...set, status } as KubeObject)
    : undefined
  yield* truncateHistory(io, set, pods, { revisions, live: [known.current, known.update] })
  if (outcome.error !== undefined) throw outcome.error
  if (written !== undefined) must(written)

  const { minReadySeconds = 0 } = set.spec
  if (minReadySeconds <= 0 || outcome.counts.ready === outcome.counts.available) return done
  return {
    requeueAfter: nextAvailabilityCheck(pods, minReadySeconds, io.wall()) ?? minReadySeconds * second,
  }
}

/** kube-controller-manager's statefulset-controller: pkg/controller/statefulset. */
export const statefulSetController = (workers = 5): Controller<StatefulSet> => ({
  name: 'statefulset-controller',
  reconciles: setKind,
  writes: [revisionKind, 'v1/PersistentVolumeClaim'],
  owns: ['v1/Pod'],
  reads: ['v1/PersistentVolumeClaim', revisionKind],
  indexes: { [revisionKind]: [controllerIndex] },
  workers,
  readsItsWrites: true,
  watches: {
    // addPod, updatePod: orphans that a set selects, and sets whose pod becomes available later.
    'v1/Pod': (object, io, before) => {
      const pod = object as Pod
      const namespace = pod.metadata.namespace ?? ''
      const owner = controllerOf(pod)
      if (owner !== undefined) {
        if (before === undefined || owner.kind !== 'StatefulSet') return []
        if (isPodReady(before as Pod) || !isPodReady(pod)) return []
        const key = `${namespace}/${owner.name}`
        const set = io.read.get(setKind, key) as StatefulSet | undefined
        if (set?.metadata.uid !== owner.uid) return []
        const { minReadySeconds = 0 } = set.spec
        if (minReadySeconds > 0) io.requeue(key, minReadySeconds * second)
        return []
      }
      const { labels } = pod.metadata
      if (labels === undefined || pod.metadata.deletionTimestamp !== undefined) return []
      if (before !== undefined) {
        const sameLabels = structuralEqual(before.metadata.labels, labels)
        if (sameLabels && controllerOf(before) === undefined) return []
      }
      return io.read
        .list(setKind, { namespace })
        .filter((set) => {
          const selector = validSelector((set as StatefulSet).spec.selector)
          return !selector.empty && selector.matches(labels)
        })
        .map(keyOf)
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const set = io.read.get(key)
    if (set === undefined) return done
    return yield* endingOnRefusal(syncStatefulSet(io, set))
  },
})
