import { InvariantError } from '../kernel/invariant-error.ts'
import type { Process } from '../cluster/cluster.ts'
import type { FaultRequest } from './fault.ts'

/** The processes that targets name: `kubelet/workers-0`, `controller/deployment`, `scheduler`. */
export const processesOf = ({ cluster, targets }: FaultRequest): readonly Process[] =>
  targets.map((target) => {
    const process = cluster.process(target)
    if (process === undefined) throw new InvariantError('faults', 'no such process', { target })
    return process
  })
