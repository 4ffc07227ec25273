import type { Expression } from '../../dsl/plan/expression.ts'
import { createMoment } from '../expect/evaluate.ts'
import type { TimeClauses } from '../expect/expectation-judge.ts'
import type { Moment } from '../expect/moment.ts'
import { drawDuration } from './amounts.ts'
import type { ScriptContext } from './track.ts'

/** The scope's present state, to evaluate what a statement says in. */
export const presentMoment = ({ run, scope }: ScriptContext): Moment => createMoment(run.world, scope, 'expect')

/** The lengths that `within` and `for` mean, drawn when the statement is reached. */
export const timeClauses = (
  clauses: { readonly within?: Expression | undefined; readonly for?: Expression | undefined },
  context: ScriptContext,
): TimeClauses => {
  const draw = (expression: Expression | undefined): number | undefined =>
    expression === undefined ? undefined : drawDuration(expression, presentMoment(context), context.run.cluster.kernel)
  return { within: draw(clauses.within), for: draw(clauses.for) }
}
