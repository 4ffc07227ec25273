import type { KubeObject } from '../../../api/object.ts'
import type { ClusterEvent } from '../cluster-event.ts'

export interface HeardEvent {
  readonly event: ClusterEvent
  readonly before: KubeObject | undefined
  readonly after: KubeObject | undefined
}

/**
 * Events that arrive while pods are being scheduled: each such pod hears at its end what happened since its beginning
 * (inFlightPods and inFlightEvents of pkg/scheduler/backend/queue/active_queue.go).
 */
export interface InFlight {
  began(uid: string): void
  ended(uid: string): void
  heard(event: ClusterEvent, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** An event of the pod itself; false if it is not in flight. */
  heardOwn(
    uid: string,
    events: readonly ClusterEvent[],
    before: KubeObject | undefined,
    after: KubeObject | undefined,
  ): boolean
  events(uid: string): readonly HeardEvent[]
}

export const createInFlight = (): InFlight => {
  // Pods in the order in which they were popped, each with the number of events before it.
  const pods = new Map<string, number>()
  let events: HeardEvent[] = []
  let dropped = 0

  return {
    began: (uid) => void pods.set(uid, dropped + events.length),
    ended(uid) {
      if (!pods.delete(uid)) return
      if (pods.size === 0) {
        dropped += events.length
        events = []
        return
      }
      // Only the oldest one's end makes events superfluous.
      let oldest = Infinity
      for (const start of pods.values()) {
        oldest = start
        break
      }
      if (oldest - dropped > 64) {
        events.splice(0, oldest - dropped)
        dropped = oldest
      }
    },
    heard(event, before, after) {
      if (pods.size > 0) events.push({ event, before, after })
    },
    heardOwn(uid, own, before, after) {
      if (!pods.has(uid)) return false
      for (const event of own) events.push({ event, before, after })
      return true
    },
    events(uid) {
      const start = pods.get(uid)
      return start === undefined ? [] : events.slice(start - dropped)
    },
  }
}
