import { allOf } from './all-of.ts'
import { machinesOf } from './crash-node.ts'
import type { Fault } from './fault.ts'
import type { Dials } from '../cluster/dials.ts'

const kindOf = (word: unknown): Parameters<Dials['take']>[1] => (word === 'disk' || word === 'pid' ? word : 'memory')

/**
 * `pressure node/x memory to 50Mi`: something outside the pods takes memory, disk or process numbers until only so much is available (half the hard
 * eviction threshold, unless told). What evictions free is available again.
 */
export const pressureNode: Fault = {
  name: 'pressure node',
  inject: (request) =>
    allOf(
      machinesOf(request).map((machine) =>
        request.cluster.dials.take(machine.name, kindOf(request.args?.[0]), request.to),
      ),
    ),
}
