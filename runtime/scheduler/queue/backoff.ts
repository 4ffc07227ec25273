import type { QueuedPod } from './queued-pod.ts'

const second = 1_000_000

export interface Backoff {
  /** End of a pod's back-off, at a whole second; 0 if it has none. */
  until(pod: QueuedPod): number
  backingOff(pod: QueuedPod, now: number): boolean
}

/** Times are microseconds of the wall clock: windows are whole seconds of it (pkg/scheduler/backend/queue/backoff_queue.go). */
export const createBackoff = (initialSeconds: number, maxSeconds: number): Backoff => {
  const align = (time: number): number => time - (time % second)
  const seconds = (count: number): number => {
    let length = initialSeconds
    for (let step = 1; step < count && length < maxSeconds; step += 1) length *= 2
    return Math.min(length, maxSeconds)
  }
  const until = (pod: QueuedPod): number => {
    const count = pod.consecutiveErrors > 0 ? pod.consecutiveErrors : pod.unschedulableCount
    if (maxSeconds === 0 || count === 0) return 0
    pod.backoffUntil ??= align(pod.timestamp + seconds(count) * second)
    return pod.backoffUntil
  }
  return { until, backingOff: (pod, now) => until(pod) >= align(now) && until(pod) !== 0 }
}
