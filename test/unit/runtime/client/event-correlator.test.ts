import { describe, expect, it } from 'vitest'
import { createEventCorrelator, type RawEvent } from '../../../../runtime/client/event-correlator.ts'

const event = (message: string, name = 'web'): RawEvent => ({
  regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'ns', name, uid: name },
  component: 'kubelet',
  host: 'n1',
  type: 'Normal',
  reason: 'Created',
  message,
})
const second = 1_000_000

describe('event correlator', () => {
  it('counts equal events under the first name', () => {
    const correlator = createEventCorrelator()
    expect(correlator.correlate(event('one'), 'a', 0)).toMatchObject({ count: 1, name: 'a', firstAt: 0 })
    expect(correlator.correlate(event('one'), 'b', second)).toMatchObject({ count: 2, name: 'a', firstAt: 0 })
    expect(correlator.correlate(event('two'), 'c', second)).toMatchObject({ count: 1, name: 'c' })
  })

  it('combines the tenth message and those after it', () => {
    const correlator = createEventCorrelator()
    const seen = Array.from({ length: 12 }, (_, at) => correlator.correlate(event(`m${at}`), `e${at}`, at)!)
    expect(seen[8]).toMatchObject({ message: 'm8', count: 1 })
    expect(seen[9]).toMatchObject({ message: '(combined from similar events): m9', count: 1, name: 'e9' })
    expect(seen[11]).toMatchObject({ message: '(combined from similar events): m11', count: 3, name: 'e9' })
  })

  it('begins anew after ten minutes of silence', () => {
    const correlator = createEventCorrelator()
    for (let at = 0; at < 9; at += 1) correlator.correlate(event(`m${at}`), `e${at}`, 0)
    expect(correlator.correlate(event('late'), 'l', 601 * second)?.message).toBe('late')
  })

  it('drops what one source says of one object beyond 25 at once and one in 300 s', () => {
    const correlator = createEventCorrelator()
    const kept = Array.from({ length: 30 }, () => correlator.correlate(event('same'), 'a', 0)).filter(
      (one) => one !== undefined,
    )
    expect(kept).toHaveLength(25)
    expect(correlator.correlate(event('same', 'other'), 'b', 0)).toBeDefined()
    expect(correlator.correlate(event('same'), 'c', 299 * second)).toBeUndefined()
    // What was dropped was counted.
    expect(correlator.correlate(event('same'), 'd', 301 * second)?.count).toBe(32)
  })
})
