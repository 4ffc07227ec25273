import { milliValue, wholeValue } from '../../../api/quantity/quantity-values.ts'
import { resourceName } from '../../../api/object-key.ts'
import type { Expression } from '../../../dsl/plan/expression.ts'
import type { Operation, Ramp, Step } from '../../../dsl/plan/operation.ts'
import { EvaluationError } from '../../expect/evaluation-error.ts'
import type { Moment } from '../../expect/moment.ts'
import { textOf } from '../../expect/text-of.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Curve } from '../../metrics/curve.ts'
import { drawDuration, drawValue } from '../amounts.ts'
import { errorFinding } from '../findings.ts'
import { presentMoment } from '../time-clauses.ts'
import type { ScriptContext } from '../track.ts'
import { targetsOf } from './targets.ts'

/** An amount in the units of `unitsOf`: `600m` and `0.6` are the same CPU. */
const amountOf = (
  expression: Expression,
  unitsOf: (text: string) => number,
  { moment, kernel }: { readonly moment: Moment; readonly kernel: Kernel },
): number => {
  const value = drawValue(expression, moment, kernel)
  const text = value.kind === 'quantity' ? value.text : value.kind === 'number' ? String(value.value) : undefined
  if (text !== undefined) return unitsOf(text)
  throw new EvaluationError(`\`${textOf(value)}\` is no amount`)
}

const curveOf = ({ from, to, over }: Ramp, unitsOf: (text: string) => number, context: ScriptContext): Curve => {
  const { kernel } = context.run.cluster
  const at = { moment: presentMoment(context), kernel }
  const first = amountOf(from, unitsOf, at)
  return {
    from: first,
    to: from === to ? first : amountOf(to, unitsOf, at),
    began: kernel.now,
    over: over === undefined ? 0 : drawDuration(over, at.moment, kernel),
  }
}

/** `load deployment/web cpu 400m -> 3 over 2m`: the Ready pods of each target share it from now on. */
export const loadWorkload = (
  step: Extract<Step, { verb: 'load' }> & { readonly resource: 'cpu' | 'memory' },
  operation: Operation,
  context: ScriptContext,
): void => {
  const { run } = context
  const targets = targetsOf(step.target, false, context)
  if (targets.length === 0) run.report(errorFinding(operation, 'E202', `nothing matches ${step.target.text}`, run))
  const curve = curveOf(step.demand, step.resource === 'cpu' ? milliValue : wholeValue, context)
  if (curve.from < 0 || curve.to < 0) throw new EvaluationError('nobody can ask for less than nothing')
  for (const { resource, namespace, name } of targets) {
    const target = { resource: resourceName(resource), namespace: namespace ?? 'default', name }
    run.cluster.usage.load(target, step.resource, curve)
  }
}

/** `metric queue_depth 30 on service/x`: what a monitoring system says from now on, of whatever the noun means when it is asked. */
export const setMetric = (step: Extract<Step, { verb: 'metric' }>, context: ScriptContext): void => {
  const { on } = step
  context.run.cluster.usage.metric(
    step.metric,
    curveOf(step.value, milliValue, context),
    on === undefined
      ? undefined
      : {
          text: on.text,
          now: () =>
            targetsOf(on, false, context).map(({ resource, namespace, name }) => ({
              resource: resourceName(resource),
              namespace,
              name,
            })),
        },
  )
}
