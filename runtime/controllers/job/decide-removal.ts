import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { isPodReady, podCondition } from '../../reconcile/pod-state.ts'
import { indexOf, isIndexed } from './job-facts.ts'

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

const restarts = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((most, one) => Math.max(most, one.restartCount), 0)

/** afterOrZero: the younger first; no time at all is the youngest. Times sort as text. */
const youngerFirst = (a: string, b: string): number => (a === b ? 0 : a === '' || (b !== '' && a > b) ? -1 : 1)

/** controller.ActivePods: which of two pods is given up first. */
const byWorth = (a: Pod, b: Pod): number => {
  const [boundA, boundB] = [(a.spec?.nodeName ?? '') !== '', (b.spec?.nodeName ?? '') !== '']
  if (boundA !== boundB) return boundA ? 1 : -1
  const phase = (phases[a.status?.phase ?? ''] ?? 0) - (phases[b.status?.phase ?? ''] ?? 0)
  if (phase !== 0) return phase
  const [readyA, readyB] = [isPodReady(a), isPodReady(b)]
  if (readyA !== readyB) return readyA ? 1 : -1
  if (readyA) {
    const since = (pod: Pod): string => podCondition(pod, 'Ready')?.lastTransitionTime ?? ''
    const order = youngerFirst(since(a), since(b))
    if (order !== 0) return order
  }
  if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a)
  return youngerFirst(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '')
}

/** activePodsForRemoval: doubles of an index and pods beyond the completions in any case, others as many as needed. */
export const decideRemoval = (job: Job, active: readonly Pod[], atLeast: number): readonly Pod[] => {
  const remove: Pod[] = []
  let left = active
  if (isIndexed(job)) {
    const kept: Pod[] = []
    const byIndex = new Map<number, Pod[]>()
    for (const pod of [...active].sort((a, b) => indexOf(a) - indexOf(b))) {
      const known = byIndex.get(indexOf(pod))
      if (known === undefined) byIndex.set(indexOf(pod), [pod])
      else known.push(pod)
    }
    for (const [index, pods] of byIndex) {
      if (index < 0 || index >= (job.spec.completions ?? 0)) remove.push(...pods)
      else {
        pods.sort(byWorth)
        remove.push(...pods.slice(0, -1))
        kept.push(pods.at(-1)!)
      }
    }
    left = kept
  }
  if (remove.length >= atLeast) return remove
  return [...remove, ...[...left].sort(byWorth).slice(0, atLeast - remove.length)]
}
