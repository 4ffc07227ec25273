import type { ValueType } from '../names/value-info.ts'
import type { Expression } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerExpression } from './expression.ts'

/** An amount of time: `30s`, `budget * 2`, `1s..20s`, `5s +/- 1s`. */
export const lowerDuration = (node: ast.Amount, env: Env): Expression => {
  const { expression, info } = lowerExpression(node, env, 'duration')
  const fits: readonly ValueType[] = ['duration', 'unknown', 'list']
  if (!fits.includes(info.type)) {
    const text = env.module.source.text.slice(node.span.start, node.span.end)
    env.reporter.report('K107', node.span, `\`${text}\` is not a duration`, {
      help:
        node.type === 'number'
          ? `a unit is missing: ${node.text}s, ${node.text}m?`
          : 'durations are written 500ms, 30s, 5m, 1h30m, 2d',
    })
  }
  return expression
}

/** A whole number: replicas, repetitions. */
export const lowerInteger = (node: ast.Expr | ast.Spread | ast.Bare, env: Env): Expression => {
  const { expression, info } = lowerExpression(node, env)
  if (!['int', 'unknown'].includes(info.type))
    env.reporter.report('K107', node.span, `a whole number is wanted here, not a ${info.type}`)
  return expression
}
