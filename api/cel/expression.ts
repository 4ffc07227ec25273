import { issueText } from './ast.ts'
import { checkExpression, type CelScope } from './check.ts'
import { planExpression } from './evaluate.ts'
import { parseExpression } from './parse.ts'
import { typeText, type CelType } from './types.ts'
import { fail, isFailure, type Value } from './values.ts'

/** Cost of one call (k8s.io/apiserver/pkg/apis/cel/config.go, PerCallLimit). */
export const perCallLimit = 1_000_000

export interface Expression {
  readonly type: CelType
  /** Whether a variable is named anywhere in it. */
  uses(name: string): boolean
  evaluate(
    resolve: (name: string) => Value | undefined,
    limit?: number,
  ): { readonly value: Value; readonly cost: number }
}

/** `message` is the text after `compilation failed: ` and its likes. */
export type Compiled =
  { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly message: string }

/** Parses, checks and plans an expression. `results` are the types it may have; none: any. */
export const compileExpression = (source: string, scope: CelScope, results: readonly CelType[] = []): Compiled => {
  const parsed = parseExpression(source)
  const wrong = (issues: readonly { readonly at: number; readonly message: string }[]): Compiled => ({
    ok: false,
    message: `compilation failed: ${issues.map((one) => issueText(source, one)).join('\n')}`,
  })
  if ('issues' in parsed) return wrong(parsed.issues)
  const used = new Set<string>()
  const checked = checkExpression(parsed.expr, {
    variable(name) {
      used.add(name)
      return scope.variable(name)
    },
    ...(scope.struct === undefined ? {} : { struct: scope.struct }),
  })
  if ('issues' in checked) return wrong(checked.issues)
  const { type } = checked
  if (results.length > 0 && type.kind !== 'dyn' && !results.some((one) => typeText(one) === typeText(type))) {
    const names = results.map(typeText)
    const wanted = names.length === 1 ? names[0]! : `one of [${names.join(' ')}]`
    return { ok: false, message: `must evaluate to ${wanted} but got ${typeText(type)}` }
  }
  const program = planExpression(parsed.expr, checked)
  return {
    ok: true,
    expression: {
      type,
      uses: (name) => used.has(name),
      evaluate(resolve, limit = perCallLimit) {
        const run = { resolve, locals: [], cost: 0, limit }
        const value = program(run)
        return { value: isFailure(value) ? fail(value.message) : value, cost: run.cost }
      },
    },
  }
}
