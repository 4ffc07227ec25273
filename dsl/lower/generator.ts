import { compareQuantities } from '../../api/quantity/compare-quantities.ts'
import { quantityOf } from '../../api/quantity/parse-quantity.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { listOf, unknown, type ValueInfo, type ValueType } from '../names/value-info.ts'
import type { Expression, Literal } from '../plan/expression.ts'
import type { Generator } from '../plan/property.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerExpression } from './expression.ts'
import { lowerAlternatives } from './property.ts'

const names = ['one-of', 'subset', 'list', 'quantity', 'duration'] as const

/** `forall x in …`: undefined where it says nothing (reported). */
export const lowerGenerator = (node: ast.Forall, env: Env): Generator | undefined =>
  node.plan === null
    ? node.of === null
      ? undefined
      : generatorOf(node.of, env)
    : planOf({ ...node, plan: node.plan }, env)

const planOf = (node: ast.Forall & { readonly plan: ast.Body }, env: Env): Generator => {
  let max = 5
  let over: number | undefined
  for (const arg of node.args) {
    const name = arg.name?.name
    if (name === 'max') max = wholeNumber(arg.value, env) ?? max
    else if (name === 'over') {
      const value = literalOf(arg.value, env, 'duration')
      if (value?.type === 'duration') over = value.micros
      else if (value !== undefined) env.reporter.report('K107', arg.value.span, '`over` wants a duration')
    } else
      env.reporter.report('K117', arg.name?.span ?? arg.span, '`plan` takes `max: n` and `over: D`', {
        help: name === undefined ? undefined : didYouMean(name, ['max', 'over']),
      })
  }
  if (max === 0)
    env.reporter.report('K117', node.span, 'a plan of at most 0 steps draws nothing', {
      help: 'plan(max: 3) { … }, or leave it out',
    })
  const alternatives = lowerAlternatives(node.plan, env)
  if (alternatives.operations.length === 0 && !node.plan.items.some((one) => one.type === 'bad'))
    env.reporter.report('K117', node.plan.span, 'a plan without statements draws nothing')
  return { kind: 'plan', max, over, alternatives }
}

const generatorOf = (node: ast.Expr, env: Env): Generator | undefined => {
  if (node.type === 'range') return rangeOf(node, env)
  if (node.type === 'list') {
    if (node.items.length === 0)
      env.reporter.report('K117', node.span, 'an empty list has no value to draw', {
        help: 'name at least one: [1, 2, 3]',
      })
    return { kind: 'one-of', values: literals(node.items, env) }
  }
  if (node.type === 'call') return callOf(node, env)
  const value = literalOf(node, env)
  return value === undefined ? undefined : { kind: 'one-of', values: [value] }
}

const callOf = (node: ast.Call, env: Env): Generator | undefined => {
  const [first] = node.args
  switch (node.name.name as (typeof names)[number]) {
    case 'one-of':
    case 'subset': {
      const only =
        node.args.length === 1 && first?.type === 'arg' && first.value.type === 'list' ? first.value : undefined
      const values = literals(only?.items ?? node.args, env)
      if (values.length === 0) env.reporter.report('K117', node.span, `\`${node.name.name}\` wants values`)
      return { kind: node.name.name === 'subset' ? 'subset' : 'one-of', values }
    }
    case 'list': {
      const of = first?.type === 'arg' && first.name === null ? generatorOf(first.value, env) : undefined
      const bound = node.args.find((one) => one.type === 'arg' && one.name?.name === 'max')
      const max = bound?.type === 'arg' ? wholeNumber(bound.value, env) : undefined
      if (of === undefined || max === undefined) {
        env.reporter.report('K117', node.span, '`list` wants a generator and a bound', { help: 'list(0..5, max: 3)' })
        return undefined
      }
      if (max === 0)
        env.reporter.report('K117', node.span, 'a list of at most 0 items draws nothing', {
          help: 'list(0..5, max: 3)',
        })
      return { kind: 'list', of, max }
    }
    case 'quantity':
    case 'duration':
      if (first?.type === 'arg' && first.value.type === 'range')
        return rangeOf(first.value, env, node.name.name as ValueType)
      env.reporter.report('K117', node.span, `\`${node.name.name}\` wants a range here`, {
        help: node.name.name === 'quantity' ? 'quantity(100m..4)' : 'duration(1s..5m)',
      })
      return undefined
    default:
      env.reporter.report('K137', node.name.span, `\`${node.name.name}\` generates nothing`, {
        help: didYouMean(node.name.name, names) ?? `generators: ranges, lists, plan, ${names.join(', ')}`,
      })
      return undefined
  }
}

const ordered: readonly string[] = ['int', 'duration', 'quantity']

const rangeOf = (node: ast.Range, env: Env, expected?: ValueType): Generator | undefined => {
  const { expression } = lowerExpression(node, env, expected)
  if (expression.kind !== 'range') return undefined
  const from = asQuantity(known(expression.from, env), expected)
  const to = asQuantity(known(expression.to, env), expected)
  if (from === undefined || to === undefined) return undefined
  if (from.type !== to.type || !ordered.includes(from.type)) {
    env.reporter.report('K107', node.span, 'a range goes between two whole numbers, durations or quantities')
    return undefined
  }
  if (backwards(from, to)) {
    env.reporter.report('K117', node.span, 'this range is empty: it ends before it begins')
    return undefined
  }
  return { kind: 'range', from, to }
}

/** `quantity(100m..4)`: 4 is one as well. */
const asQuantity = (value: Literal | undefined, expected: ValueType | undefined): Literal | undefined =>
  expected === 'quantity' && (value?.type === 'int' || value?.type === 'number')
    ? { type: 'quantity', text: String(value.value) }
    : value

const backwards = (from: Literal, to: Literal): boolean =>
  from.type === 'int' && to.type === 'int'
    ? from.value > to.value
    : from.type === 'duration' && to.type === 'duration'
      ? from.micros > to.micros
      : from.type === 'quantity' &&
        to.type === 'quantity' &&
        compareQuantities(quantityOf(from.text), quantityOf(to.text)) > 0

const literals = (items: readonly (ast.Arg | ast.Comprehension)[], env: Env): readonly Literal[] =>
  items.flatMap((one): Literal[] => {
    if (one.type === 'comprehension') {
      env.reporter.report('K132', one.span, 'an input must be known before the run')
      return []
    }
    const value = literalOf(one.value, env)
    return value === undefined ? [] : [value]
  })

export const literalOf = (node: ast.Expr, env: Env, expected?: ValueType): Literal | undefined =>
  known(lowerExpression(node, env, expected).expression, env)

const known = (expression: Expression, env: Env): Literal | undefined => {
  if (expression.kind === 'literal') return expression.value
  env.reporter.report('K132', expression.span, 'an input must be known before the run')
  return undefined
}

const wholeNumber = (node: ast.Expr, env: Env): number | undefined => {
  const value = literalOf(node, env)
  if (value?.type === 'int' && value.value >= 0) return value.value
  if (value !== undefined) env.reporter.report('K107', node.span, 'a whole number is wanted here')
  return undefined
}

/** What a name bound by `forall` may be used for. */
export const generatorInfo = (generator: Generator | undefined): ValueInfo => {
  switch (generator?.kind) {
    case 'range':
      return { type: generator.from.type }
    case 'one-of':
      return common(generator.values)
    case 'subset':
      return listOf(common(generator.values))
    case 'list':
      return listOf(generatorInfo(generator.of))
    default:
      return unknown
  }
}

const common = (values: readonly Literal[]): ValueInfo => {
  const types = new Set(values.map((one) => one.type))
  const [only] = types
  return only !== undefined && types.size === 1 ? { type: only } : unknown
}
