import { allOf } from './all-of.ts'
import type { Fault } from './fault.ts'

/** `timeout extender/x`: it never answers, and every attempt that asks it waits out the configuration's httpTimeout. */
export const timeoutExtender: Fault = {
  name: 'timeout extender',
  inject: ({ cluster, targets }) => allOf(targets.map((target) => cluster.network.cut('scheduler*', target))),
}
