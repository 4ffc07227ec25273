import type { Fault } from './fault.ts'

/**
 * `drop-watch X`: events on its watches are lost. When it is healed the servers end the watches that lost something with "too old
 * resource version", and the process lists again.
 */
export const dropWatch: Fault = {
  name: 'drop-watch',
  inject: ({ cluster, targets }) => ({
    heal: cluster.dials.interference.disturbWatches(targets, { kind: 'drop' }),
  }),
}
