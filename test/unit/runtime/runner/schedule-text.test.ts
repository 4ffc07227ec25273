import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Disturbance } from '../../../../runtime/runner/schedule.ts'
import { parseSchedule, scheduleTexts } from '../../../../runtime/runner/schedule-text.ts'

const actor = fc.constantFrom('kube-scheduler', 'kubelet/workers-0', 'etcd/0')
const millis = fc.integer({ min: 1, max: 10_000_000 }).map((one) => one * 1000)
const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({ kind: fc.constant('slow' as const), actor, by: millis }),
  fc.record({ kind: fc.constant('hold' as const), actor, at: millis, for: millis }),
  fc.record({
    kind: fc.constant('crash' as const),
    process: actor,
    write: fc.integer({ min: 1, max: 99 }),
    for: millis,
  }),
)

test('a schedule is read as it is written', () => {
  fc.assert(
    fc.property(
      fc.record({ drawn: fc.boolean(), jitter: fc.boolean(), disturbances: fc.array(disturbance) }),
      (schedule) => {
        expect(parseSchedule(scheduleTexts(schedule))).toEqual(schedule)
      },
    ),
  )
})

test.each(['hold a', 'slow a by 3', 'crash a after write x for 1s', 'nothing'])('%j says nothing', (text) => {
  expect(parseSchedule([text])).toEqual({ unknown: text })
})
