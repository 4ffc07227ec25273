import type { Expression } from '../../dsl/plan/expression.ts'
import { calculate } from '../expect/arithmetic.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import type { Moment } from '../expect/moment.ts'
import { textOf } from '../expect/text-of.ts'
import { durationValue, numberValue, type Value } from '../expect/value.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'

/** A draw is among at most so many; wider spreads are drawn in coarser steps. */
const finest = 4_000_000_000

const drawBetween = (low: number, high: number, kernel: Kernel): number => {
  const step = Math.ceil((high - low + 1) / finest)
  return low + step * kernel.choose('script/amount', Math.floor((high - low) / step) + 1)
}

/** The value of an amount, with its spreads and ranges drawn from the run's seed. */
export const drawValue = (expression: Expression, moment: Moment, kernel: Kernel): Value => {
  switch (expression.kind) {
    case 'spread': {
      const base = drawValue(expression.base, moment, kernel)
      const by = drawValue(expression.by, moment, kernel)
      if (base.kind !== 'duration' || by.kind !== 'duration') break
      return durationValue(drawBetween(Math.max(0, base.micros - by.micros), base.micros + by.micros, kernel))
    }
    case 'range': {
      const from = moment.evaluate(expression.from)
      const to = moment.evaluate(expression.to)
      if (from.kind === 'duration' && to.kind === 'duration') {
        return durationValue(drawBetween(from.micros, to.micros, kernel))
      }
      if (from.kind === 'number' && to.kind === 'number') return numberValue(drawBetween(from.value, to.value, kernel))
      break
    }
    case 'arithmetic':
      return calculate(
        expression.operator,
        drawValue(expression.left, moment, kernel),
        drawValue(expression.right, moment, kernel),
      )
    default:
      return moment.evaluate(expression)
  }
  throw new EvaluationError('only times and whole numbers can be drawn from a spread or a range')
}

/** The length of time that an amount means. */
export const drawDuration = (expression: Expression, moment: Moment, kernel: Kernel): Micros => {
  const value = drawValue(expression, moment, kernel)
  if (value.kind === 'duration') return Math.round(value.micros)
  throw new EvaluationError(`\`${textOf(value)}\` is no length of time`)
}

export const drawNumber = (expression: Expression, moment: Moment, kernel: Kernel): number => {
  const value = drawValue(expression, moment, kernel)
  if (value.kind === 'number' && Number.isInteger(value.value)) return value.value
  throw new EvaluationError(`\`${textOf(value)}\` is no whole number`)
}
