import { describe, expect, it } from 'vitest'
import { createEventCorrelator, type CorrelatedEvent } from '../../../../api/events/event-correlator.ts'
import { createTokenBucket } from '../../../../api/events/token-bucket.ts'

const second = 1_000_000
const event = (message: string, now: number, name = 'p'): CorrelatedEvent => ({
  name: `${name}.${now}`,
  component: 'kubelet',
  host: 'n',
  involvedObject: { kind: 'Pod', namespace: 'd', name, uid: 'u', apiVersion: 'v1', fieldPath: '' },
  type: 'Warning',
  reason: 'Failed',
  message,
  reportingController: '',
  reportingInstance: '',
  count: 1,
  first: now,
  last: now,
})

describe('the correlator', () => {
  it('counts repetitions over the first name', () => {
    const correlator = createEventCorrelator()
    const counts = [0, 1, 2].map((i) => {
      const result = correlator.correlate(event('x', i * second), i * second)
      if (result !== undefined) correlator.sent(result)
      return [result?.count, result?.name]
    })
    expect(counts).toEqual([
      [1, 'p.0'],
      [2, 'p.0'],
      [3, 'p.0'],
    ])
  })

  it('combines from the tenth different message on', () => {
    const correlator = createEventCorrelator()
    const messages = Array.from({ length: 11 }, (_, i) => correlator.correlate(event(`m${i}`, i), i)?.message)
    expect(messages.slice(8)).toEqual([
      'm8',
      '(combined from similar events): m9',
      '(combined from similar events): m10',
    ])
  })

  it('drops what comes too often, by object', () => {
    const correlator = createEventCorrelator()
    const sent = Array.from({ length: 30 }, (_, i) => correlator.correlate(event('x', i), i) !== undefined)
    expect(sent.filter(Boolean)).toHaveLength(25)
    expect(correlator.correlate(event('x', 31, 'q'), 31)).toBeDefined()
    expect(correlator.correlate(event('x', 301 * second), 301 * second)).toBeDefined()
  })
})

it('a token bucket fills up to its burst', () => {
  const bucket = createTokenBucket(1, 2)
  expect([0, 0, 0, second, 10 * second, 10 * second, 10 * second].map((now) => bucket.take(now))).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
    false,
  ])
})
