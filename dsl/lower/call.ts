import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { functions, type Parameter } from '../names/functions.ts'
import { libraryInvariants } from '../names/library-invariants.ts'
import { findDeclared } from '../names/module.ts'
import { hasMark, visibleMarks } from '../names/scope.ts'
import { unknown, type ValueInfo } from '../names/value-info.ts'
import type { Argument, Literal } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { externalOf, type External } from './external.ts'
import { lowerExpression, nothing, typed, type Typed } from './expression.ts'
import { lowerInvariant } from './invariant.ts'
import { durationMicros, quantityText } from './measure.ts'

export const lowerCall = (node: ast.Call, env: Env): Typed => {
  const name = node.name.name
  const signature = functions.get(name)
  if (signature === undefined) {
    if (findDeclared(env.module, 'invariants', name) !== undefined || libraryInvariants.has(name))
      return lowerInvariant(
        node.name,
        node.args.filter((one) => one.type === 'arg'),
        env,
      )
    const external = externalOf(node.name, env)
    if (external !== undefined) return lowerExternal(node, external, env)
    const alias = name.split('.')[0] ?? ''
    env.reporter.report('K137', node.name.span, `unknown function \`${name}\``, {
      help:
        didYouMean(name, functions.keys()) ??
        (env.module.imports.has(alias)
          ? `\`${alias}\` declares no invariant of that name`
          : `functions: ${[...functions.keys()].join(', ')}`),
    })
    return nothing(node.span)
  }
  const most = signature.parameters.length
  const least = most - (signature.optional ?? 0)
  if (node.args.length > most || node.args.length < least)
    env.reporter.report(
      'K117',
      node.span,
      `\`${name}\` takes ${least === most ? '' : `${least} or `}${most} argument${most === 1 ? '' : 's'}, not ${node.args.length}`,
    )
  if (node.since !== null) {
    if (signature.since !== true)
      env.reporter.report('K117', node.since.span, `\`${name}\` counts nothing, so it takes no \`since\``)
    else checkMark(node.since, env)
  }
  if (
    (name === 'duration' || name === 'quantity') &&
    node.args[0]?.type === 'arg' &&
    node.args[0].value.type === 'string'
  ) {
    const literal = convert(name, node.args[0].value.raw.slice(1, -1))
    if (literal === undefined) {
      env.reporter.report('K107', node.args[0].span, `${node.args[0].value.raw} is not a ${name}`)
      return nothing(node.span)
    }
    return typed({ kind: 'literal', value: literal }, node.span, { type: literal.type })
  }
  const args = node.args.map((one, index) => lowerArgument(one, signature.parameters[index] ?? 'value', env))
  const result: ValueInfo =
    signature.result === 'first-argument'
      ? (args[0]?.info ?? unknown)
      : signature.result === 'item'
        ? (args[0]?.info.item ?? unknown)
        : signature.result
  const since = node.since === null ? {} : { since: node.since.name }
  return typed(
    {
      kind: 'call',
      function: name,
      args: args.map((one): Argument => ({ name: undefined, value: one.expression })),
      ...since,
    },
    node.span,
    result,
  )
}

/** `my.fn(…)` of a TypeScript module: what it gives is known to the run alone. */
const lowerExternal = (node: ast.Call, external: External, env: Env): Typed => {
  if (node.since !== null) env.reporter.report('K117', node.since.span, 'a function of a module takes no `since`')
  const args = node.args.map((one): Argument => ({
    name: one.type === 'arg' ? one.name?.name : undefined,
    value: lowerArgument(one, 'value', env).expression,
  }))
  return typed({ kind: 'external', ...external, args }, node.span, unknown)
}

const lowerArgument = (arg: ast.Arg | ast.Comprehension, parameter: Parameter, env: Env): Typed => {
  if (arg.type === 'comprehension') return lowerExpression(arg, env)
  const value = arg.value
  if (parameter === 'word' && value.type === 'noun')
    return typed({ kind: 'literal', value: { type: 'string', value: value.text } }, value.span, { type: 'string' })
  const lowered = lowerExpression(value, env)
  if (parameter === 'list' && !['list', 'unknown'].includes(lowered.info.type))
    env.reporter.report('K117', value.span, 'a list or a plural noun is wanted here', {
      help: 'such as pods[app=web], or p in pods[app=web]: p is Ready',
    })
  else if (parameter === 'noun' && !['object', 'unknown'].includes(lowered.info.type))
    env.reporter.report('K117', value.span, 'one object is wanted here', {
      help: 'such as pod/web-0, or the name of one',
    })
  return lowered
}

export const checkMark = (mark: ast.Name, env: Env): void => {
  if (hasMark(env.scope, mark.name)) return
  env.reporter.report('K105', mark.span, `no \`mark ${mark.name}\` stands before this`, {
    help: didYouMean(mark.name, visibleMarks(env.scope)),
  })
}

const convert = (name: 'duration' | 'quantity', text: string): Literal | undefined => {
  if (name === 'duration') {
    const micros = durationMicros(text)
    return micros === undefined ? undefined : { type: 'duration', micros }
  }
  const quantity = quantityText(text)
  return quantity === undefined ? undefined : { type: 'quantity', text: quantity }
}
