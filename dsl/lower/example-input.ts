import type { Generator, InputValue, PlannedStep } from '../plan/property.ts'
import type * as ast from '../syntax/ast.ts'
import { parseSlice } from '../syntax/parse.ts'
import type { Env } from './env.ts'
import { literalOf } from './generator.ts'
import { durationMicros } from './measure.ts'
import { lowerStatements } from './statement.ts'

/** One value of an `example`: as its generator makes them; undefined where it is none (reported). */
export const lowerExampleInput = (node: ast.Expr, generator: Generator, env: Env): InputValue | undefined => {
  if (generator.kind === 'plan') return lowerPlanned(node, env)
  if (generator.kind === 'subset' || generator.kind === 'list') {
    if (node.type !== 'list') {
      env.reporter.report('K107', node.span, 'a list is wanted for this input')
      return undefined
    }
    const of: Generator = generator.kind === 'list' ? generator.of : { kind: 'one-of', values: generator.values }
    const items = node.items.flatMap((one) =>
      one.type === 'arg' ? [lowerExampleInput(one.value, of, env)] : [undefined],
    )
    return { kind: 'list', items: items.filter((one) => one !== undefined) }
  }
  const expected = generator.kind === 'range' ? generator.from.type : generator.values[0]?.type
  const value = literalOf(node, env, expected)
  return value === undefined ? undefined : { kind: 'value', value }
}

/** `["scale deployment/web to 1", "at 1.2s inject failover scheduler"]` */
const lowerPlanned = (node: ast.Expr, env: Env): InputValue | undefined => {
  if (node.type !== 'list') {
    env.reporter.report('K107', node.span, 'a plan is a list of statements in quotes', {
      help: '["scale deployment/web to 1"]',
    })
    return undefined
  }
  return { kind: 'plan', steps: node.items.flatMap((one) => (one.type === 'arg' ? plannedStep(one.value, env) : [])) }
}

const plannedStep = (node: ast.Expr, env: Env): readonly PlannedStep[] => {
  if (node.type !== 'string') {
    env.reporter.report('K107', node.span, 'a statement in quotes is wanted here')
    return []
  }
  // A statement inside a string: quotes stand behind a backslash, so places are right up to the first of them.
  const written = node.raw.slice(1, -1).replaceAll('\\"', '"')
  const timed = /^at\s+([0-9][0-9a-z.]*)\s+(?=\S)/.exec(written)
  const at = timed === null ? undefined : durationMicros(timed[1] ?? '')
  const skipped = at === undefined ? 0 : (timed?.[0].length ?? 0)
  const start = node.span.start + 1 + skipped
  const parsed = parseSlice('Stmt', written.slice(skipped), { file: node.span.file, start })
  if (!parsed.ok) {
    env.reporter.report('K117', node.span, 'this is no statement of a plan', {
      help: '"scale deployment/web to 1", or with its instant: "at 1.2s inject failover scheduler"',
    })
    return []
  }
  const text = written.slice(skipped)
  return lowerStatements([parsed.node], { ...env, scenario: { ...env.scenario, inPlan: true } }, () => text).map(
    (operation) => ({ at, operation }),
  )
}
