import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../../api/types/core-v1.generated.ts'
import { podInfo } from '../../../../../runtime/scheduler/pod-info.ts'
import { createBackoff } from '../../../../../runtime/scheduler/queue/backoff.ts'
import { createPodHeap } from '../../../../../runtime/scheduler/queue/pod-heap.ts'
import { newQueuedPod, type QueuedPod } from '../../../../../runtime/scheduler/queue/queued-pod.ts'
import { aPod } from '../fake-api.ts'

const queued = (timestamp: number, sequence: number): QueuedPod =>
  newQueuedPod(podInfo(aPod(`p${sequence}`, '1') as Pod), timestamp, sequence)

describe('a heap of pods', () => {
  it('gives out what a sorted list would, whatever is added, taken out and changed', () => {
    const operation = fc.record({ what: fc.constantFrom('push', 'pop', 'remove', 'update'), number: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const before = (a: QueuedPod, b: QueuedPod): boolean =>
          a.timestamp !== b.timestamp ? a.timestamp < b.timestamp : a.sequence < b.sequence
        const heap = createPodHeap(before)
        let naive: QueuedPod[] = []
        operations.forEach(({ what, number }, sequence) => {
          const chosen = naive[number % Math.max(naive.length, 1)]
          if (what === 'push') {
            const pod = queued(number, sequence)
            heap.push(pod)
            naive.push(pod)
          } else if (what === 'pop') {
            naive.sort((a, b) => (before(a, b) ? -1 : 1))
            expect(heap.pop()).toBe(naive.shift())
          } else if (chosen !== undefined && what === 'remove') {
            heap.remove(chosen)
            naive = naive.filter((one) => one !== chosen)
          } else if (chosen !== undefined) {
            chosen.timestamp = number
            heap.update(chosen)
          }
          expect(heap.size).toBe(naive.length)
        })
        naive.sort((a, b) => (before(a, b) ? -1 : 1))
        for (const one of naive) expect(heap.pop()).toBe(one)
        expect(heap.pop()).toBeUndefined()
      }),
    )
  })
})

describe('back-off', () => {
  it('doubles from one to ten seconds and ends with a whole second', () => {
    const backoff = createBackoff(1, 10)
    const ends = [1, 2, 3, 4, 5, 6].map((count) => {
      const pod = queued(100_000, 1)
      pod.unschedulableCount = count
      return backoff.until(pod)
    })
    expect(ends).toEqual([1, 2, 4, 8, 10, 10].map((seconds) => seconds * 1_000_000))
  })

  it('lasts through the second in which it ends', () => {
    const backoff = createBackoff(1, 10)
    const pod = queued(100_000, 1)
    pod.consecutiveErrors = 1
    expect(backoff.backingOff(pod, 1_999_999)).toBe(true)
    expect(backoff.backingOff(pod, 2_000_000)).toBe(false)
  })

  it('is none for a pod that has not failed, and can be switched off', () => {
    const pod = queued(100_000, 1)
    expect(createBackoff(1, 10).backingOff(pod, 0)).toBe(false)
    pod.unschedulableCount = 3
    expect(createBackoff(1, 0).backingOff(pod, 0)).toBe(false)
  })
})
