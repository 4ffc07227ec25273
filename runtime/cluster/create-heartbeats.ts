import type { Heartbeats } from '../client/heartbeats.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createListeners } from '../kernel/listeners.ts'
import type { Micros } from '../kernel/micros.ts'

interface Beat {
  first: Micros
  period: Micros
  /** The kubelet runs. */
  running: boolean
  /** It reaches an API server. */
  connected: boolean
  /** Since when it beats without a break: the renewals of a silence were never made. */
  since: Micros
  /** The last two renewals before that, the newer one first. */
  earlier: readonly Micros[]
}

/** The board of node heartbeats, with the network's say in it. */
export interface HeartbeatBoard extends Heartbeats {
  /** The node's way to the API servers opened or closed. */
  connected(node: string, connected: boolean): void
  /** etcd takes writes again, or takes none. */
  stored(stored: boolean): void
  /** A renewal of that moment has been stored. */
  written(node: string, at: Micros): void
}

export interface HeartbeatOptions {
  /** Renewals are written, and `written` tells of them. */
  readonly eager?: boolean
  /** How long it takes until a renewal that was sent is stored. */
  readonly takes?: Micros
}

export const createHeartbeats = (
  kernel: Kernel,
  { eager = false, takes = 0 }: HeartbeatOptions = {},
): HeartbeatBoard => {
  const written = new Map<string, Micros>()
  let storing = true
  const beats = new Map<string, Beat>()
  const isBeating = (beat: Beat): boolean => beat.running && beat.connected && storing
  /** The last renewal that was sent at or before a moment. */
  const lastOf = (beat: Beat, at: Micros): Micros | undefined => {
    if (isBeating(beat) && at >= beat.first) {
      const tick = beat.first + Math.floor((at - beat.first) / beat.period) * beat.period
      if (tick >= beat.since) return tick
    }
    return beat.earlier.find((sent) => sent <= at)
  }

  const lastTwo = (beat: Beat, at: Micros): readonly Micros[] => {
    const last = lastOf(beat, at)
    const before = last === undefined ? undefined : lastOf(beat, last - 1)
    return [last, before].filter((one) => one !== undefined)
  }
  const { add: subscribe, tell } = createListeners<[node: string, beating: boolean]>()
  /** Changes a node's entry and tells of the change between beating and silence. */
  const change = (node: string, beat: Beat, how: () => void): void => {
    const before = isBeating(beat)
    beat.earlier = lastTwo(beat, kernel.now)
    how()
    const after = isBeating(beat)
    if (after && !before) beat.since = Math.max(beat.first, kernel.now)
    if (before !== after) tell(node, after)
  }
  return {
    beat(node, first, period) {
      const known = beats.get(node)
      if (known === undefined) {
        beats.set(node, { first, period, running: true, connected: true, since: first, earlier: [] })
        tell(node, true)
        return
      }
      change(node, known, () => {
        known.first = first
        known.period = period
        known.running = true
      })
    },
    silence(node) {
      const known = beats.get(node)
      if (known !== undefined) change(node, known, () => (known.running = false))
    },
    connected(node, connected) {
      const known = beats.get(node)
      if (known !== undefined) change(node, known, () => (known.connected = connected))
    },
    stored(stored) {
      if (stored === storing) return
      for (const beat of beats.values()) beat.earlier = lastTwo(beat, kernel.now)
      storing = stored
      for (const [node, beat] of beats) {
        if (!beat.running || !beat.connected) continue
        if (stored) beat.since = Math.max(beat.first, kernel.now)
        tell(node, stored)
      }
    },
    eager,
    written: (node, at) => void written.set(node, at),
    last(node) {
      if (eager) return written.get(node)
      const known = beats.get(node)
      return known === undefined ? undefined : lastOf(known, kernel.now - takes)
    },
    beating(node) {
      const known = beats.get(node)
      return known !== undefined && isBeating(known)
    },
    subscribe,
  }
}
