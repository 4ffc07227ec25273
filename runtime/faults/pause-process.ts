import type { Fault } from './fault.ts'

/**
 * `pause controller/x`: it stands still, as under SIGSTOP. Nothing leaves it; answers and events wait. When it goes on it acts on
 * what it knew.
 */
export const pauseProcess: Fault = {
  name: 'pause',
  inject: ({ cluster, targets }) => ({ heal: cluster.dials.interference.pause(targets) }),
}
