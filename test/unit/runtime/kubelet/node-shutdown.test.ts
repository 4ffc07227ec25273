import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { byPriority } from '../../../../runtime/kubelet/node-shutdown.ts'

const podOf = (priority: number | undefined, index: number): Pod =>
  ({ metadata: { name: `pod-${index}` }, spec: priority === undefined ? {} : { priority } }) as unknown as Pod

/** Upstream's words, one by one. */
const naive = (priorities: readonly number[], priority: number): number => {
  if (priority < priorities[0]!) return priorities[0]!
  if (priority > priorities.at(-1)!) return priorities.at(-1)!
  for (let index = 0; index + 1 < priorities.length; index += 1)
    if (priorities[index]! <= priority && priority < priorities[index + 1]!) return priorities[index]!
  return priorities.at(-1)!
}

describe('the groups of a shutdown', () => {
  it('take every pod once, by its priority', () => {
    const some = fc.integer({ min: -3, max: 12 })
    fc.assert(
      fc.property(
        fc.uniqueArray(some, { minLength: 1, maxLength: 4 }),
        fc.array(fc.option(some, { nil: undefined }), { maxLength: 8 }),
        (given, of) => {
          const periods = [...given].sort((a, b) => a - b).map((priority) => ({ priority, seconds: 5 }))
          const groups = byPriority(periods, of.map(podOf))
          expect(groups.map((one) => one.priority)).toEqual(periods.map((one) => one.priority))
          for (const { priority, pods } of groups)
            for (const pod of pods)
              expect(
                naive(
                  periods.map((one) => one.priority),
                  pod.spec.priority ?? 0,
                ),
              ).toBe(priority)
          expect(groups.flatMap((one) => one.pods)).toHaveLength(of.length)
        },
      ),
    )
  })

  it('are none without periods', () => {
    expect(byPriority([], [podOf(0, 0)])).toEqual([])
  })
})
