import type { Expression } from '../../dsl/plan/expression.ts'
import { compareValues, orderValues } from './compare-values.ts'
import { truthOf, wakeAt } from './evaluate.ts'
import type { Predicate } from './judge.ts'
import type { Moment, PluralMode } from './moment.ts'
import { textOf } from './text-of.ts'
import type { Value } from './value.ts'

/** How close a monitor came to its bound: the extremes of the value that it compares, over the states that were judged. */
export interface Margin {
  readonly minimum: string
  readonly maximum: string
  /** How many states were judged. */
  readonly states: number
}

export interface MarginMeter extends Predicate {
  /** undefined: nothing was measured. */
  readonly margin: Margin | undefined
}

const ordered: readonly string[] = ['number', 'duration', 'quantity', 'percent']

const further = (value: Value, best: Value | undefined, sign: 1 | -1): Value =>
  best === undefined || orderValues(value, best) === sign ? value : best

/** The predicate of a monitor, measured as it is judged: `… >= 9` costs no second evaluation. */
export const marginMeter = (expression: Expression, mode: PluralMode): MarginMeter => {
  let minimum: Value | undefined
  let maximum: Value | undefined
  let states = 0
  const test = (moment: Moment): boolean => {
    if (expression.kind !== 'compare' || !['<', '<=', '>', '>=', '=='].includes(expression.operator))
      return truthOf(expression, moment)
    const left = moment.evaluate(expression.left)
    const right = moment.evaluate(expression.right)
    wakeAt(left, right, moment)
    if (ordered.includes(left.kind)) {
      minimum = further(left, minimum, -1)
      maximum = further(left, maximum, 1)
      states += 1
    }
    return compareValues(expression.operator, left, right)
  }
  return {
    mode,
    test,
    get margin() {
      return minimum === undefined || maximum === undefined
        ? undefined
        : { minimum: textOf(minimum), maximum: textOf(maximum), states }
    },
  }
}
