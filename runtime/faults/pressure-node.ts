import { allOf } from './all-of.ts'
import { machinesOf } from './crash-node.ts'
import type { Fault } from './fault.ts'

/**
 * `pressure node/x memory to 50Mi`: something outside the pods takes memory until only so much is available (half the hard
 * eviction threshold, unless told). What evictions free is available again.
 */
export const pressureNode: Fault = {
  name: 'pressure node',
  inject: (request) =>
    allOf(machinesOf(request).map((machine) => request.cluster.dials.takeMemory(machine.name, request.to))),
}
