import { createEventCorrelator } from '../../../../api/events/event-correlator.ts'
import type { Topic } from './topic.ts'

interface RecordedEvent {
  readonly atMs: number
  readonly object: string
  readonly type: string
  readonly reason: string
  readonly message: string
}
const epoch = Date.parse('2026-01-01T00:00:00Z')

export const eventCorrelator: Topic = {
  correlate: ({ events }: { events: readonly RecordedEvent[] }) => {
    const correlator = createEventCorrelator()
    const results = events.map(({ atMs, object, type, reason, message }, i) => {
      const now = (epoch + atMs) * 1000
      const event = {
        name: `${object}.${i}`,
        component: 'kubelet',
        host: 'n',
        involvedObject: {
          kind: 'Pod',
          namespace: 'default',
          name: object,
          uid: 'uid-x',
          apiVersion: 'v1',
          fieldPath: '',
        },
        type,
        reason,
        message,
        reportingController: '',
        reportingInstance: '',
        count: 1,
        first: now,
        last: now,
      }
      const result = correlator.correlate(event, now)
      if (result === undefined) return { skip: true }
      correlator.sent(result)
      return {
        verb: result.count > 1 ? 'patch' : 'create',
        name: result.name,
        message: result.message,
        count: result.count,
        firstMs: result.first / 1000 - epoch,
        lastMs: result.last / 1000 - epoch,
      }
    })
    return { results }
  },
}
