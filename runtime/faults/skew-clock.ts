import { allOf } from './all-of.ts'
import { machinesOf } from './crash-node.ts'
import type { Fault } from './fault.ts'

/**
 * `skew node/x by 2m`: the node's wall clock is ahead. What its kubelet writes bears wrong times; durations are measured as
 * before. Differs: the renewal times of its lease, which are derived when somebody reads them, stay right.
 */
export const skewClock: Fault = {
  name: 'skew node',
  inject: (request) =>
    allOf(machinesOf(request).map((machine) => request.cluster.dials.skewClock(machine.name, request.by ?? 0))),
}
