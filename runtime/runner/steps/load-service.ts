import type { Operation, Step } from '../../../dsl/plan/operation.ts'
import type { Micros } from '../../kernel/micros.ts'
import { drawDuration, drawNumber } from '../amounts.ts'
import { errorFinding } from '../findings.ts'
import { presentMoment } from '../time-clauses.ts'
import type { ScriptContext } from '../track.ts'
import { targetsOf } from './targets.ts'

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
  for (const { namespace, name } of targets) cluster.traffic.load({ namespace: namespace ?? 'default', name }, rate)
}
