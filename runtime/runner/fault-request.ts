import { wholeValue } from '../../api/quantity/quantity-values.ts'
import type { Expression } from '../../dsl/plan/expression.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import { textOf } from '../expect/text-of.ts'
import type { FaultRequest } from '../faults/fault.ts'
import { drawDuration, drawValue } from './amounts.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'

type Inject = Extract<Operation, { kind: 'inject' }>

/** What a fault is told: its words and clauses, worked out when the statement is reached. */
export const faultRequest = (
  operation: Inject,
  given: Pick<FaultRequest, 'targets' | 'from'> & { readonly context: ScriptContext },
): FaultRequest => {
  const { targets, from, context } = given
  const { cluster } = context.run
  const { clauses } = operation
  const moment = presentMoment(context)
  const argument = (expression: Expression): string | number => {
    const value = drawValue(expression, moment, cluster.kernel)
    if (value.kind === 'string') return value.value
    if (value.kind === 'number') return value.value
    if (value.kind === 'duration') return value.micros
    throw new EvaluationError(`\`${textOf(value)}\` says nothing here`)
  }
  const length = (expression: Expression): number => drawDuration(expression, moment, cluster.kernel)
  const { on } = clauses
  return {
    cluster,
    targets,
    from,
    args: operation.args.map(argument),
    ...(clauses.by === undefined ? {} : { by: length(clauses.by) }),
    ...(clauses.to === undefined ? {} : { to: bytesOf(clauses.to, context) }),
    ...(on === undefined ? {} : { on: 'kind' in on ? String(argument(on)) : on.text }),
    ...(clauses.restart === undefined ? {} : { restart: length(clauses.restart) }),
    ...(clauses.probability === undefined ? {} : { probability: clauses.probability }),
  }
}

const bytesOf = (expression: Expression, context: ScriptContext): number => {
  const value = drawValue(expression, presentMoment(context), context.run.cluster.kernel)
  const bytes = value.kind === 'number' ? value.value : value.kind === 'quantity' ? wholeValue(value.text) : undefined
  if (bytes === undefined) throw new EvaluationError(`\`${textOf(value)}\` is no amount of memory`)
  return bytes
}
