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
  /** Last renewal before the present silence. */
  lastBefore: Micros | undefined
}

/** The board of node heartbeats, with the network's say in it. */
export interface HeartbeatBoard extends Heartbeats {
  /** The node's way to the API servers opened or closed. */
  connected(node: string, connected: boolean): void
}

const lastOf = (beat: Beat, now: Micros): Micros | undefined => {
  if (!beat.running || !beat.connected || now < beat.first) return beat.lastBefore
  return beat.first + Math.floor((now - beat.first) / beat.period) * beat.period
}

export const createHeartbeats = (kernel: Kernel): HeartbeatBoard => {
  const beats = new Map<string, Beat>()
  const { add: subscribe, tell } = createListeners<[node: string, beating: boolean]>()
  /** Changes a node's entry and tells of the change between beating and silence. */
  const change = (node: string, beat: Beat, how: () => void): void => {
    const before = beat.running && beat.connected
    beat.lastBefore = lastOf(beat, kernel.now)
    how()
    const after = beat.running && beat.connected
    // Renewals that were cut off go on at once, at a new phase: the client's next try.
    if (after && !before) beat.first = Math.max(beat.first, kernel.now)
    if (before !== after) tell(node, after)
  }
  return {
    beat(node, first, period) {
      const known = beats.get(node)
      if (known === undefined) {
        beats.set(node, { first, period, running: true, connected: true, lastBefore: undefined })
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
    last(node) {
      const known = beats.get(node)
      return known === undefined ? undefined : lastOf(known, kernel.now)
    },
    beating(node) {
      const known = beats.get(node)
      return known !== undefined && known.running && known.connected
    },
    subscribe,
  }
}
