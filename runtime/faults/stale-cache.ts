import type { Fault } from './fault.ts'

/** `stale-cache X`: its caches stand still, and it decides by what they held. All that was missed comes when it is healed, in order. */
export const staleCache: Fault = {
  name: 'stale-cache',
  inject: ({ cluster, targets }) => ({
    heal: cluster.dials.interference.disturbWatches(targets, { kind: 'hold' }),
  }),
}
