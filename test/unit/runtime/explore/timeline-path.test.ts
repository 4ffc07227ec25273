import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../../runtime/kernel/random.ts'
import { firstDifference } from '../../../../runtime/explore/first-difference.ts'
import { partingFrom, timelinePath } from '../../../../runtime/explore/timeline-path.ts'
import type { Timeline } from '../../../../runtime/record/timeline.ts'

const timelineOf = (actions: readonly number[]): Timeline => ({
  length: actions.length,
  time: (entry) => entry,
  kind: () => 'step',
  actor: () => 'somebody',
  action: (entry) => `does ${actions[entry]!}`,
  subject: () => 'it',
  data: () => undefined,
  cause: () => -1,
  about: () => [],
})
const anyActions = fc.array(fc.nat(1000), { maxLength: 700, size: 'max' })

test('a run goes its own way, however long it is', () => {
  fc.assert(
    fc.property(anyActions, (actions) => {
      const path = timelinePath(timelineOf(actions))
      expect(path.length).toBeLessThanOrEqual(46)
      expect(partingFrom(path, timelineOf(actions))).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})

test('nothing is said to be different before the first difference, and what is said is seldom far behind it', () => {
  const random = createRandom('paths')
  const actions = (length: number): number[] => Array.from({ length }, () => random.below(1000))
  let late = 0
  for (let turn = 0; turn < 200; turn += 1) {
    const shared = actions(random.below(900))
    const [a, b] = [timelineOf([...shared, ...actions(60)]), timelineOf([...shared, ...actions(90)])]
    const truth = firstDifference(a, b)!
    const parting = partingFrom(timelinePath(a), b)!
    expect(parting.entry).toBeGreaterThanOrEqual(truth.entry)
    if (truth.entry < parting.from) late += 1
  }
  expect(late).toBeLessThan(25)
})

test('a run that ends early, or goes on, is another one', () => {
  const path = timelinePath(timelineOf([1, 2, 3]))
  expect(partingFrom(path, timelineOf([1, 2]))).toEqual({ entry: 2, from: 2, length: 3 })
  expect(partingFrom(path, timelineOf([1, 2, 3, 4]))).toEqual({ entry: 3, from: 3, length: 3 })
})

test('what is no way says nothing', () => {
  expect(partingFrom('', timelineOf([1]))).toBeUndefined()
})
