import type { KubeObject } from '../../../api/object.ts'
import { selectorFromObject } from '../../../api/selectors/label-selector-from-object.ts'
import type { Deployment } from '../../../api/types/apps-v1.generated.ts'
import type { CronJob } from '../../../api/types/batch-v1.generated.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import type { Revision } from '../../../runtime/record/revision.ts'

/** An active CronJob's wish changes with the clock: it, and all that it has ever made, is never the same twice. */
const drivenByTheClock = ({ timeline }: Cluster): ReadonlySet<string> => {
  const uids = new Set<string>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object } = timeline.data(entry) as Revision
    if (object === undefined) continue
    const { kind, metadata } = object
    const owned = metadata.ownerReferences?.some((owner) => uids.has(owner.uid)) === true
    const active = kind === 'CronJob' && (object as unknown as CronJob).spec?.suspend !== true
    if (owned || active) uids.add(metadata.uid ?? '')
  }
  return uids
}

/**
 * getPdbForPod, pkg/controller/disruption: a pod wakes one of its budgets only ("Chose … arbitrarily"), so that the others know what
 * the last look of a process at all of them has found.
 */
const wokenByChance = (cluster: Cluster): ReadonlySet<string> => {
  const budgets: readonly KubeObject[] = cluster.state.list('poddisruptionbudgets.policy', undefined)
  const found = new Set<string>()
  if (budgets.length < 2) return found
  for (const pod of cluster.state.list('pods', undefined)) {
    const over = budgets.filter((one) => {
      const { spec, metadata } = one as unknown as PodDisruptionBudget
      if (metadata.namespace !== pod.metadata.namespace || spec.selector === undefined) return false
      const selector = selectorFromObject(spec.selector)
      return !('error' in selector) && selector.matches(pod.metadata.labels)
    })
    if (over.length > 1) for (const { metadata } of over) found.add(metadata.uid ?? '')
  }
  return found
}

/**
 * monitorNodeHealth, pkg/controller/nodelifecycle: a process takes the NoExecute taints off every node that it sees for the first time
 * (markNodeAsReachable), and puts them on again at its next look.
 */
const taintedAgain = (object: KubeObject): boolean =>
  object.kind === 'Node' &&
  (object as Node).status?.conditions?.some((one) => one.type === 'Ready' && one.status !== 'True') === true

/** What a law may say of an object: all of it (the very object), all but what is outside the laws, or nothing (undefined). */
export const outsideTheLaws = (cluster: Cluster): ((object: KubeObject) => KubeObject | undefined) => {
  const clock = drivenByTheClock(cluster)
  const chance = wokenByChance(cluster)
  return (object) => {
    const uid = object.metadata.uid ?? ''
    if (taintedAgain(object)) return { ...object }
    if (!clock.has(uid) && !chance.has(uid)) return object
    if (clock.has(uid) && object.kind !== 'CronJob') return undefined
    const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown }
    return rest
  }
}

/**
 * syncRolloutStatus, pkg/controller/deployment: a Deployment whose Progressing condition already says NewReplicaSetAvailable is left as
 * it is. A process that ends between the create of a ReplicaSet and the status that tells of it leaves the name of the one before.
 */
export const withoutRolloutName = (object: KubeObject): KubeObject => {
  if (object.kind !== 'Deployment') return object
  const { status, ...rest } = object as Deployment
  const conditions = status?.conditions?.map((one) =>
    one.type === 'Progressing' && one.reason === 'NewReplicaSetAvailable' ? { ...one, message: '' } : one,
  )
  return { ...rest, status: { ...status, conditions } } as KubeObject
}
