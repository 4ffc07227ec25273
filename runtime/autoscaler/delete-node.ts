import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../api/types/policy-v1.generated.ts'
import { second, type Micros } from '../kernel/micros.ts'
import { sleeping } from '../reconcile/forked-request.ts'
import type { Call } from '../reconcile/controller.ts'
import { drainStatus, isDaemon, isMirror } from './drainability.ts'
import type { Scan } from './memory.ts'
import { toBeDeleted } from './node-state.ts'
import { fixed } from './settings.ts'
import { podsOn } from './snapshot.ts'
import { unmarkNode } from './taint-node.ts'
import { tell, tellStatus } from './tell.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>
type Work = Omit<Scan, 'now'>
/** undefined, or why not. */
type Outcome = string | undefined

/** evictPod: tried over again until it is let through; a DaemonSet's pod is not waited for. */
function* evictPod(work: Work, pod: Pod, until: Micros): Call<Outcome> {
  const { io } = work
  const object = pod as unknown as KubeObject
  tell(work, object, 'Normal', 'ScaleDown', 'deleting pod for node scale down')
  const own = pod.spec.terminationGracePeriodSeconds ?? 30
  const gracePeriodSeconds = Math.min(own, fixed.maxGracefulTermination / second)
  let message = ''
  do {
    const answer = yield* io.write.evict(object, { gracePeriodSeconds })
    if (answer.ok || answer.code === 404) return { ok: true, object: undefined }
    message = answer.message
    yield* sleeping(fixed.evictionRetryTime)
  } while (io.now() < until)
  if (!isDaemon(pod)) tell(work, object, 'Warning', 'ScaleDownFailed', 'failed to delete pod for ScaleDown')
  const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`
  const error = `failed to evict pod ${name} within allowed timeout (last error: ${message})`
  return { ok: true, object: error }
}

/** drainNode: all evictions side by side, then the pods have to be gone. */
function* drain(work: Work, node: string, pods: readonly Pod[]): Steps<Outcome> {
  const { io } = work
  const until = io.now() + fixed.maxPodEvictionTime
  const answers = yield* io.together(pods.map((pod) => evictPod(work, pod, until)))
  const errors = answers.flatMap((answer, index) =>
    answer.ok && answer.object !== undefined && !isDaemon(pods[index]!) ? [answer.object] : [],
  )
  if (errors.length > 0) return `Failed to drain node /${node}, due to following errors: [${errors.join(' ')}]`
  const moving = pods.filter((pod) => !isDaemon(pod))
  const start = io.now()
  while (io.now() - start < fixed.maxGracefulTermination + fixed.podEvictionHeadroom) {
    let gone = true
    for (const pod of moving) {
      const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`
      const answer = yield* io.live.get('v1/Pod', key)
      gone = answer.ok ? (answer.object as unknown as Pod).spec.nodeName !== node : answer.code === 404
      if (!gone) break
    }
    if (gone) return undefined
    yield* sleeping(fixed.podsGonePoll)
  }
  return `Failed to drain node /${node}: pods remaining after timeout`
}

/** What is on the node by now allows it still (GetPodsToMove). */
const standingBy = (work: Work, pods: readonly Pod[], drains: boolean): Outcome => {
  const { io, settings } = work
  const budgets = io.read.list('policy/v1/PodDisruptionBudget') as unknown as readonly PodDisruptionBudget[]
  const states = pods.map((pod) => drainStatus(pod, { budgets, settings }))
  const at = states.findIndex((state) => state !== undefined && state !== 'move')
  if (at >= 0) {
    const { namespace = '', name = '' } = pods[at]!.metadata
    return `GetPodsToMove returned error: pod ${namespace}/${name} cannot be moved: ${states[at]!}`
  }
  return !drains && states.includes('move') ? 'failed to delete empty node, new pods scheduled' : undefined
}

/** One node's way out: a pause, its pods, its instance (actuator.go, group_deletion_scheduler.go, delete_in_batch.go). */
export function* deleteNode(work: Work, name: string): Steps<void> {
  const { io, cloud, memory } = work
  const deletion = memory.deletions.get(name)
  const group = cloud.groups().find((one) => one.id === deletion?.group)
  if (deletion === undefined || group === undefined) return
  yield* sleeping(fixed.nodeDeleteDelayAfterTaint)
  const node = io.read.get('v1/Node', name) as Node | undefined
  const pods = podsOn(io, name).filter((pod) => !isMirror(pod))
  // --daemonset-eviction-for-empty-nodes is off, --daemonset-eviction-for-occupied-nodes on
  const error = standingBy(work, pods, deletion.drain) ?? (deletion.drain ? yield* drain(work, name, pods) : undefined)
  if (error === undefined) {
    group.deleteInstances([name])
    if (node !== undefined) tell(work, node, 'Normal', 'ScaleDown', 'nodes removed by cluster autoscaler')
    const [reason, message] = deletion.drain
      ? (['ScaleDown', `Scale-down: node ${name} removed with drain`] as const)
      : (['ScaleDownEmpty', `Scale-down: empty node ${name} removed`] as const)
    tellStatus(work, 'Normal', reason, message)
  } else if (node !== undefined) {
    const what = deletion.drain ? 'failed to drain and delete node' : 'failed to delete empty node'
    tell(work, node, 'Warning', 'ScaleDownFailed', `${what}: ${error}`)
    yield* unmarkNode(io, node, toBeDeleted)
    memory.lastScaleDownFail = io.now()
  }
  memory.deletions.delete(name)
  io.wake('scan')
}
