import { nearest } from '../diagnostics/did-you-mean.ts'
import { functions } from '../names/functions.ts'
import { libraryInvariants } from '../names/library-invariants.ts'
import { declaredNames, findDeclared } from '../names/module.ts'
import { pseudoKinds } from '../names/pseudo-kinds.ts'
import { innerScope, lookUp, visibleNames } from '../names/scope.ts'
import { listOf, objectOf, predicate, unknown, type ValueInfo, type ValueType } from '../names/value-info.ts'
import type { Expression, ExpressionBody, Literal } from '../plan/expression.ts'
import type { Span } from '../source/span.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerCall } from './call.ts'
import { constantNamed } from './constant.ts'
import { withScope, type Env } from './env.ts'
import { lowerEvent, lowerFact } from './fact.ts'
import { lowerInvariant } from './invariant.ts'
import { durationMicros, isAmbiguous, measureAdvice, measureLiteral, quantityText } from './measure.ts'
import { lowerNoun } from './noun.ts'
import { followPath, lowerPath } from './path.ts'
import { plainText, stringParts } from './text.ts'

export interface Typed {
  readonly expression: Expression
  readonly info: ValueInfo
}

export const typed = (body: ExpressionBody, span: Span, info: ValueInfo): Typed => ({
  expression: { ...body, span },
  info,
})
/** Stands where something was reported. */
export const nothing = (span: Span): Typed =>
  typed({ kind: 'literal', value: { type: 'boolean', value: true } }, span, unknown)

/** An expression of any kind. `expected` decides what `5m` means. */
export const lowerExpression = (node: ast.Expr | ast.Spread | ast.Bare, env: Env, expected?: ValueType): Typed => {
  switch (node.type) {
    case 'number':
      return literal({ type: node.text.includes('.') ? 'number' : 'int', value: node.value }, node.span)
    case 'measure':
      return lowerMeasure(node.text, node.span, env, expected)
    case 'string': {
      const parts = stringParts(node.raw, node.span, env)
      const text = plainText(parts)
      return text === undefined
        ? typed({ kind: 'template', parts }, node.span, { type: 'string' })
        : literal({ type: 'string', value: text }, node.span)
    }
    case 'bare':
      return literal({ type: 'string', value: node.text }, node.span)
    case 'regex':
      return typed(
        { kind: 'literal', value: { type: 'regex', source: checkedRegex(node, env), flags: node.flags ?? '' } },
        node.span,
        { type: 'regex' },
      )
    case 'list': {
      const only = node.items[0]
      if (only?.type === 'comprehension') return lowerComprehension(only, env, node.span)
      const items = node.items.map((one) => lowerExpression((one as ast.Arg).value, env, expected))
      return typed(
        { kind: 'list', items: items.map((one) => one.expression) },
        node.span,
        listOf(items[0]?.info ?? unknown),
      )
    }
    case 'range': {
      const other: ValueType | undefined =
        expected ?? (isDurationText(node.from) || isDurationText(node.to) ? 'duration' : undefined)
      const from = lowerExpression(node.from, env, other)
      const to = lowerExpression(node.to, env, other)
      return typed({ kind: 'range', from: from.expression, to: to.expression }, node.span, from.info)
    }
    case 'spread': {
      const other: ValueType | undefined =
        expected ?? (isDurationText(node.base) || isDurationText(node.by) ? 'duration' : undefined)
      const base = lowerExpression(node.base, env, other)
      const by = lowerExpression(node.by, env, other)
      return typed({ kind: 'spread', base: base.expression, by: by.expression }, node.span, base.info)
    }
    case 'noun':
      return lowerNounValue(node, env, expected)
    case 'path': {
      const of = lowerExpression(node.of, env)
      const path = lowerPath(node.path)
      const info = followPath(of.info, node.path, env)
      if (of.expression.kind === 'noun' && of.expression.path === undefined)
        return typed({ kind: 'noun', noun: of.expression.noun, path }, node.span, info)
      return typed({ kind: 'path', of: of.expression, path }, node.span, info)
    }
    case 'call':
      return lowerCall(node, env)
    case 'comprehension':
      return lowerComprehension(node, env, node.span)
    case 'quantifier': {
      const of = lowerExpression(node.of, env)
      const scope = innerScope(env.scope)
      scope.names.set(node.variable.name, { kind: 'value', info: of.info.item ?? unknown, span: node.variable.span })
      const body = lowerPredicate(node.body, withScope(env, scope))
      return typed(
        { kind: 'quantifier', quantifier: node.quantifier, variable: node.variable.name, of: of.expression, body },
        node.span,
        predicate,
      )
    }
    case 'not':
      return typed({ kind: 'not', operand: lowerPredicate(node.operand, env) }, node.span, predicate)
    case 'and':
    case 'or':
      return typed(
        { kind: node.type, operands: node.operands.map((one) => lowerPredicate(one, env)) },
        node.span,
        predicate,
      )
    case 'before':
      return typed(
        { kind: 'before', first: lowerPredicate(node.first, env), second: lowerPredicate(node.second, env) },
        node.span,
        predicate,
      )
    case 'presence':
      return typed(
        { kind: node.presence, operand: lowerExpression(node.operand, env).expression },
        node.span,
        predicate,
      )
    case 'compare':
      return lowerCompare(node, env)
    case 'arithmetic': {
      const { left, right } = lowerPair(node.left, node.right, env, expected)
      const info = left.info.type === 'int' && right.info.type !== 'int' ? right.info : left.info
      return typed(
        { kind: 'arithmetic', operator: node.operator, left: left.expression, right: right.expression },
        node.span,
        info,
      )
    }
    case 'event':
      return lowerEvent(node, env)
    case 'fact':
      return lowerFact(node, env)
  }
}

/** An expression that says something: true or false in every state. */
export const lowerPredicate = (node: ast.Expr, env: Env): Expression => {
  const { expression, info } = lowerExpression(node, env)
  const says = info.type === 'predicate' || info.type === 'boolean' || info.type === 'unknown'
  if (!says) {
    const thing = expression.kind === 'noun' ? expression.noun.text : undefined
    env.reporter.report('K122', node.span, 'this says nothing that could be true or false', {
      help:
        thing === undefined
          ? 'compare it: `… == value`'
          : `write what should hold: \`${thing} ${expression.kind === 'noun' && expression.noun.plural ? 'exist' : 'exists'}\``,
    })
  }
  return expression
}

const literal = (value: Literal, span: Span): Typed => typed({ kind: 'literal', value }, span, { type: value.type })
const isDurationText = (node: { readonly type: string; readonly text?: string }): boolean =>
  node.type === 'measure' && measureLiteral(node.text ?? '')?.type === 'duration'

const checkedRegex = (node: ast.RegexLiteral, env: Env): string => {
  try {
    new RegExp(node.source, node.flags ?? '')
  } catch {
    env.reporter.report('K123', node.span, `/${node.source}/ is no regular expression`)
    return ''
  }
  return node.source
}

export const lowerMeasure = (text: string, span: Span, env: Env, expected?: ValueType): Typed => {
  if (expected === 'duration') {
    const micros = durationMicros(text)
    if (micros !== undefined) return literal({ type: 'duration', micros }, span)
    env.reporter.report('K107', span, `\`${text}\` is not a duration`, {
      help: measureAdvice(text) ?? 'durations are written 500ms, 30s, 5m, 1h30m, 2d',
    })
    return nothing(span)
  }
  if (expected === 'quantity' && !text.endsWith('%')) {
    const quantity = quantityText(text)
    if (quantity !== undefined) return literal({ type: 'quantity', text: quantity }, span)
    env.reporter.report('K107', span, `\`${text}\` is not a quantity`, {
      help: measureAdvice(text) ?? 'quantities are written 250m, 2, 64Mi, 1Gi, 1G',
    })
    return nothing(span)
  }
  if (isAmbiguous(text)) {
    const number = text.slice(0, -1)
    env.reporter.report('K104', span, `\`${text}\` could be ${number} minutes or ${number} milli-units`, {
      help: `write duration("${text}") or quantity("${text}"), or \`let budget: duration = ${text}\``,
    })
    return nothing(span)
  }
  const value = measureLiteral(text)
  if (value !== undefined) return literal(value, span)
  env.reporter.report('K107', span, `\`${text}\` is neither a duration nor a quantity`, {
    help: measureAdvice(text) ?? 'durations: 500ms 30s 5m 1h; quantities: 250m 64Mi 1Gi; percent: 10%',
  })
  return nothing(span)
}

/** The fallback meaning of `5m` from what stands on the other side. */
const lowerPair = (
  a: ast.Expr,
  b: ast.Expr,
  env: Env,
  expected?: ValueType,
): { readonly left: Typed; readonly right: Typed } => {
  if (undecided(a, env)) {
    const right = lowerExpression(b, env, expected)
    return { left: lowerExpression(a, env, expected ?? right.info.type), right }
  }
  const left = lowerExpression(a, env, expected)
  return { left, right: lowerExpression(b, env, expected ?? left.info.type) }
}
const undecided = (node: ast.Expr, env: Env): boolean =>
  (node.type === 'measure' && isAmbiguous(node.text)) ||
  (node.type === 'noun' && node.form === 'bare' && constantNamed(node.text, env)?.kind === 'measure')

const lowerCompare = (node: ast.Compare, env: Env): Typed => {
  if (node.operator === 'in' || node.operator === 'contains') {
    const left = lowerExpression(node.left, env)
    const right = lowerExpression(node.right, env, node.operator === 'in' ? left.info.type : left.info.item?.type)
    return typed(
      { kind: 'compare', operator: node.operator, left: left.expression, right: right.expression },
      node.span,
      predicate,
    )
  }
  const { left, right } = lowerPair(node.left, node.right, env)
  if (node.operator === 'matches' && right.info.type !== 'regex' && right.info.type !== 'unknown')
    env.reporter.report('K117', node.right.span, '`matches` wants a regular expression', {
      help: 'written between slashes: matches /web-.*/',
    })
  else if (isObject(left.info, env) !== isObject(right.info, env) && isScalar(left.info.type, right.info.type)) {
    const side = isObject(left.info, env) ? left : right
    const text = side.expression.kind === 'noun' ? side.expression.noun.text : undefined
    const path = text === undefined ? undefined : /^([^.]+)(\.(?:status|spec|metadata)\..*)$/.exec(text)
    env.reporter.report('K107', side.expression.span, 'an object is compared with a value', {
      help:
        path === null || path === undefined
          ? 'a field of it stands in braces: pod/x{.status.phase}'
          : `a path stands in braces: ${path[1] ?? ''}{${path[2] ?? ''}}`,
    })
  } else if (node.operator !== 'matches' && clash(left.info.type, right.info.type)) reportClash(left, right, env)
  return typed(
    { kind: 'compare', operator: node.operator, left: left.expression, right: right.expression },
    node.span,
    predicate,
  )
}

const typeWords: Readonly<Partial<Record<ValueType, string>>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'a truth value',
  predicate: 'a truth value',
}
const typeWord = (type: ValueType): string => typeWords[type] ?? `a ${type}`

/** Values of which no two are ever equal. Where one is a number that lacks its quotes, or has some too many, that can be mended. */
const reportClash = (left: Typed, right: Typed, env: Env): void => {
  const message = `${typeWord(right.info.type)} is compared with ${typeWord(left.info.type)}`
  for (const [side, other] of [
    [right, left],
    [left, right],
  ] as const) {
    const { expression } = side
    if (expression.kind !== 'literal') continue
    const { value } = expression
    const { span } = expression
    if ((value.type === 'int' || value.type === 'number' || value.type === 'boolean') && other.info.type === 'string') {
      const text = `"${value.value}"`
      env.reporter.report('K107', span, message, { help: `a text stands in quotes: ${text}`, fix: { span, text } })
      return
    }
    const bare = value.type === 'string' ? value.value : ''
    if (/^-?[0-9]+(?:\.[0-9]+)?$/.test(bare) || (/^(?:true|false)$/.test(bare) && other.info.type === 'boolean')) {
      env.reporter.report('K107', span, message, {
        help: `without quotes it is none: ${bare}`,
        fix: { span, text: bare },
      })
      return
    }
  }
  env.reporter.report('K107', right.expression.span, message)
}

/** One of the API's objects: a zone or a component is as good as its name. */
const isObject = (info: ValueInfo, env: Env): boolean =>
  info.type === 'object' && info.resource !== undefined && env.kinds.byResourceName(info.resource) !== undefined
const scalars: readonly ValueType[] = ['int', 'number', 'string', 'boolean', 'duration', 'quantity', 'percent']
const isScalar = (a: ValueType, b: ValueType): boolean => scalars.includes(a) || scalars.includes(b)

/** Types of which no two values are ever equal. */
const clash = (a: ValueType, b: ValueType): boolean => {
  // A text may hold a quantity, an instant or a percentage, and is compared by that; it is never a plain number.
  const plain = (type: ValueType): boolean => type === 'int' || type === 'number' || type === 'boolean'
  if ((a === 'string' && plain(b)) || (b === 'string' && plain(a))) return true
  const dimension = (type: ValueType): string | undefined =>
    type === 'duration'
      ? 'time'
      : type === 'quantity' || type === 'int' || type === 'number'
        ? 'amount'
        : type === 'boolean' || type === 'predicate'
          ? 'truth'
          : undefined
  const left = dimension(a)
  const right = dimension(b)
  return left !== undefined && right !== undefined && left !== right
}

const lowerComprehension = (node: ast.Comprehension, env: Env, span: Span): Typed => {
  const of = lowerExpression(node.of, env)
  const scope = innerScope(env.scope)
  scope.names.set(node.variable.name, { kind: 'value', info: of.info.item ?? unknown, span: node.variable.span })
  const where = lowerPredicate(node.where, withScope(env, scope))
  return typed(
    { kind: 'comprehension', variable: node.variable.name, of: of.expression, where },
    span,
    listOf(of.info.item ?? unknown),
  )
}

/** A noun as a value: a name in sight, an invariant, an object, or all objects that it selects. */
const lowerNounValue = (node: ast.Noun, env: Env, expected?: ValueType): Typed => {
  if (node.form === 'bare' && node.namespace === null) {
    const constant = constantNamed(node.text, env)
    if (constant !== undefined)
      return constant.kind === 'measure'
        ? lowerMeasure(constant.text, node.span, env, expected)
        : retyped(constant.literal, constant.text, node.span, expected)
    const binding = lookUp(env.scope, node.text)
    if (binding?.kind === 'value') return typed({ kind: 'name', name: node.text }, node.span, binding.info)
    const declared = findDeclared(env.module, 'lets', node.text)
    if (declared !== undefined) return typed({ kind: 'name', name: node.text }, node.span, unknown)
    if (findDeclared(env.module, 'invariants', node.text) !== undefined || libraryInvariants.has(node.text))
      return lowerInvariant({ name: node.text, span: node.span }, [], env)
    if (!pseudoKinds.has(node.kind) && env.kinds.byName(node.kind) === undefined) {
      reportUnknownName(node.text, node.span, env)
      return nothing(node.span)
    }
  }
  const noun = lowerNoun(node, env)
  if (noun === undefined) return nothing(node.span)
  const info = noun.plural ? listOf(objectOf(noun.resource)) : objectOf(noun.resource)
  return typed({ kind: 'noun', noun }, node.span, info)
}

/** A constant in a place that asks for another type of measure: `let p = 250m` used as a quantity. */
const retyped = (value: Literal, text: string, span: Span, expected: ValueType | undefined): Typed => {
  if (expected === 'quantity' && (value.type === 'int' || value.type === 'string')) {
    const quantity = quantityText(text)
    if (quantity !== undefined) return literal({ type: 'quantity', text: quantity }, span)
  }
  return literal(value, span)
}

export const reportUnknownName = (name: string, span: Span, env: Env): void => {
  const words = [
    ...visibleNames(env.scope),
    ...declaredNames(env.module, 'lets'),
    ...declaredNames(env.module, 'invariants'),
    ...libraryInvariants,
    ...pseudoKinds.keys(),
    ...env.kinds.words(),
    ...functions.keys(),
  ]
  const best = nearest(name, words)
  env.reporter.report('K105', span, `unknown name \`${name}\``, {
    help: /^[A-Z]/.test(name)
      ? `a state word stands behind its subject: \`pod/x is ${name}\`; text stands in quotes: "${name}"`
      : best === undefined
        ? 'names come from `let`, tables, parameters and loops; text stands in quotes'
        : `did you mean \`${best}\`?`,
    fix: best === undefined || /^[A-Z]/.test(name) ? undefined : { span, text: best },
  })
}
