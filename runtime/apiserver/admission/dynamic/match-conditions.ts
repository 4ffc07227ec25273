import { compileExpression, type Compiled } from '../../../../api/cel/expression.ts'
import { boolType } from '../../../../api/cel/types.ts'
import { isFailure, type Value } from '../../../../api/cel/values.ts'
import type { MatchCondition } from '../../../../api/types/admissionregistration-v1.generated.ts'
import type { CelScope } from '../../../../api/cel/check.ts'

export interface ConditionsResult {
  readonly matches: boolean
  /** Why nobody knows. */
  readonly error?: string
}

export interface Conditions {
  evaluate(resolve: (name: string) => Value | undefined): ConditionsResult
}

/** apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go: one that is false decides, whatever fails beside it. */
export const compileConditions = (conditions: readonly MatchCondition[], scope: CelScope): Conditions => {
  const compiled: readonly (readonly [MatchCondition, Compiled])[] = conditions.map((one) => [
    one,
    compileExpression(one.expression, scope, [boolType]),
  ])
  return {
    evaluate(resolve) {
      const errors: string[] = []
      for (const [condition, one] of compiled) {
        if (!one.ok) {
          errors.push(one.message)
          continue
        }
        const { value } = one.expression.evaluate(resolve)
        if (value === false) return { matches: false }
        if (isFailure(value)) errors.push(`expression '${condition.expression}' resulted in error: ${value.message}`)
      }
      if (errors.length === 0) return { matches: true }
      return { matches: false, error: errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]` }
    },
  }
}
