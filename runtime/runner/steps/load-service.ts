import type { Operation, RequestPath, Step } from '../../../dsl/plan/operation.ts'
import type { TrafficClient, TrafficWay } from '../../cluster/cluster.ts'
import type { Micros } from '../../kernel/micros.ts'
import { drawDuration, drawNumber } from '../amounts.ts'
import { errorFinding } from '../findings.ts'
import { presentMoment } from '../time-clauses.ts'
import type { ScriptContext } from '../track.ts'
import { targetsOf } from './targets.ts'

/** Clients that a noun names are looked up at each request: pods come and go. */
const wayOf = ({ from, port, through }: RequestPath, context: ScriptContext): TrafficWay => {
  const text = from === undefined || from === 'outside' ? from : from.text
  const clients =
    from === undefined
      ? 'nodes'
      : from === 'outside'
        ? 'outside'
        : (): readonly TrafficClient[] =>
            targetsOf(from, false, context).flatMap(({ resource, namespace, name }) =>
              resource.plural === 'pods' || resource.plural === 'nodes'
                ? [{ resource: resource.plural, namespace, name }]
                : [],
            )
  return { label: [text, port, through].join(' '), clients, port, through }
}

/** `load service/web rps 0 -> 50 over 2m`: so many requests a second from now on. */
export const loadService = (
  step: Extract<Step, { verb: 'load' }>,
  operation: Operation,
  context: ScriptContext,
): void => {
  const { run } = context
  const { cluster } = run
  const moment = presentMoment(context)
  const targets = targetsOf(step.target, false, context)
  if (targets.length === 0) run.report(errorFinding(operation, 'E202', `nothing matches ${step.target.text}`, run))
  const { from, to, over } = step.demand
  const first = drawNumber(from, moment, cluster.kernel)
  const last = from === to ? first : drawNumber(to, moment, cluster.kernel)
  const time = over === undefined ? 0 : drawDuration(over, moment, cluster.kernel)
  const began = cluster.kernel.now
  const rate = (at: Micros): number => (at - began >= time ? last : first + ((last - first) * (at - began)) / time)
  const way = step.path === undefined ? undefined : wayOf(step.path, context)
  for (const { namespace, name } of targets)
    cluster.traffic.load({ namespace: namespace ?? 'default', name }, rate, way)
}
