import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import type { PodEvents } from './context.ts'
import { suspend, type Task } from './life.ts'
import { terminationByKubelet } from './termination-by-kubelet.ts'

/** What the pod's status becomes by being killed. */
export type KillStatus = (status: PodStatus) => PodStatus

const preempted = 'Preempted in order to admit critical pod'
const preemptedCondition = 'Pod was preempted by Kubelet to accommodate a critical pod.'
export const preemptionFailed =
  'Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources'

/** Makes room for a critical pod: its admission waits for the kills, one after the other. */
export function* preemptPods(
  events: PodEvents,
  victims: readonly Pod[],
  kill: (pod: Pod, status: KillStatus, done: () => void) => void,
): Task<void> {
  for (const victim of victims) {
    events.pod(victim, 'Warning', 'Preempting', preempted)
    const status = terminationByKubelet(victim, {
      reason: 'Preempting',
      message: preempted,
      condition: preemptedCondition,
    })
    yield* suspend<void>((resume) => kill(victim, status, () => resume()))
  }
}
