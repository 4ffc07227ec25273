import { grouped } from '../diagnostics/grouped.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Reporter } from '../diagnostics/report.ts'
import { declaredNames, findDeclared } from '../names/module.ts'
import { innerScope, lookUp, type Binding } from '../names/scope.ts'
import { objectOf, unknown } from '../names/value-info.ts'
import type { Binding as PlanBinding, Block, Operation, OperationBody } from '../plan/operation.ts'
import type { Literal } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerDuration, lowerInteger } from './amount.ts'
import { annotationInfo } from './annotation.ts'
import { lowerBehavior } from './behavior.ts'
import { annotated, constantOf } from './constant.ts'
import { withScope, type Env } from './env.ts'
import { lowerChanges, lowerExpect, lowerMatches, lowerWatch } from './expectation.ts'
import { lowerExpression } from './expression.ts'
import { externalOf } from './external.ts'
import { lowerHeal, lowerInject } from './inject.ts'
import { isAmbiguous } from './measure.ts'
import { lowerNoun } from './noun.ts'
import { lowerStep } from './step.ts'
import { plainText, stringParts } from './text.ts'
import { lowerUser } from './user.ts'

/** Steps are written out where they are called: what calls too deeply, or doubles at each call, would have no end. */
const deepestCalls = 32
const mostUnrolled = 2000
/** Once it was said that there are too many, the others are not written out to that end again. */
const mostUnrolledAfter = 100
const saidTooMany = new WeakSet<Reporter>()

/** The statements of a body, in a scope of their own. */
export const lowerBody = (body: ast.Body, env: Env): Block =>
  lowerItems(body.items, withScope(env, innerScope(env.scope)))

export const lowerItems = (items: readonly (ast.Statement | ast.Bad)[], env: Env): Block => ({
  operations: lowerStatements(items, env, (item) => statementText(item, env)),
})

/** `textOf`: the statement as reports show it. */
export const lowerStatements = (
  items: readonly (ast.Statement | ast.Bad)[],
  env: Env,
  textOf: (item: ast.Statement) => string,
): readonly Operation[] => {
  const operations: Operation[] = []
  for (const item of items) {
    if (item.type === 'bad') continue
    const lowered = lowerStatement(item, env)
    if (lowered === undefined) continue
    for (const body of Array.isArray(lowered) ? (lowered as readonly OperationBody[]) : [lowered as OperationBody])
      operations.push({ ...body, span: item.span, text: textOf(item) })
  }
  return operations
}

/** The statement as written, on one line; a body is left out. */
const statementText = (item: ast.Statement, env: Env): string => {
  const end = 'body' in item ? item.body.span.start : item.span.end
  const text = env.module.source.text
  const lines = text.slice(item.span.start, end).split('\n')
  const kept: string[] = []
  let fence = 0
  for (const line of lines) {
    const ticks = /`{3,}/.exec(line)?.[0].length ?? 0
    if (fence > 0) {
      if (ticks >= fence && line.trim().startsWith('```')) {
        fence = 0
        kept.push(line.trim().replace(/^`+/, ''))
      }
      continue
    }
    if (ticks > 0) {
      fence = ticks
      kept.push(line.slice(0, line.indexOf('```')).trim(), '```')
      continue
    }
    kept.push(line.replace(/(^|\s)#[^"]*$/, '').trim())
  }
  return kept.filter((one) => one !== '').join(' ')
}

const lowerStatement = (item: ast.Statement, env: Env): OperationBody | readonly OperationBody[] | undefined => {
  switch (item.type) {
    case 'wait':
      return { kind: 'wait', amount: lowerDuration(item.amount, env) }
    case 'at':
      return {
        kind: 'at',
        time:
          item.time.type === 'instant'
            ? { kind: 'literal', value: { type: 'string', value: item.time.text }, span: item.time.span }
            : lowerDuration(item.time, env),
      }
    case 'settle':
      return { kind: 'settle', within: item.within === null ? undefined : lowerDuration(item.within, env) }
    case 'every':
      if (item.for === null && !env.scenario.inBackground)
        env.reporter.report('K131', item.span, '`every` without `for` never ends', {
          help: 'give it a `for`, or put it into `background { }`',
        })
      return {
        kind: 'every',
        interval: lowerDuration(item.interval, env),
        for: item.for === null ? undefined : lowerDuration(item.for, env),
        body: lowerBody(item.body, env),
      }
    case 'repeat':
      return { kind: 'repeat', times: lowerInteger(item.times, env), body: lowerBody(item.body, env) }
    case 'each': {
      const list = lowerExpression(item.in, env)
      const scope = innerScope(env.scope)
      scope.names.set(item.variable.name, { kind: 'value', info: list.info.item ?? unknown, span: item.variable.span })
      return {
        kind: 'each',
        variable: item.variable.name,
        in: list.expression,
        body: lowerBody(item.body, withScope(env, scope)),
      }
    }
    case 'do':
      return lowerDo(item, env)
    case 'block': {
      const inner = item.kind === 'background' ? { ...env, scenario: { ...env.scenario, inBackground: true } } : env
      return { kind: item.kind === 'do' ? 'scope' : item.kind, body: lowerBody(item.body, inner) }
    }
    case 'on':
      return { kind: 'on', where: item.where, body: lowerBody(item.body, env) }
    case 'changes':
      return lowerChanges(item, env)
    case 'matches':
      return lowerMatches(item, env)
    case 'expect':
      return lowerExpect(item, env)
    case 'watch':
      return lowerWatch(item, env)
    case 'snapshot':
      return lowerSnapshot(item, env)
    case 'mark':
      declareOnce(item.name, env.scope.marks, 'mark', env)
      env.scope.marks.set(item.name.name, item.name.span)
      return { kind: 'mark', name: item.name.name }
    case 'explain': {
      const noun = lowerNoun(item.noun, env)
      return noun === undefined ? undefined : { kind: 'explain', noun }
    }
    case 'inject':
      return lowerInject(item, env)
    case 'heal':
      return lowerHeal(item, env)
    case 'step':
      return lowerStep(item, env)
    case 'let':
      return lowerLet(item, env)
    case 'namespace':
      return { kind: 'namespace', name: item.name.name }
    case 'behavior': {
      const behavior = lowerBehavior(item, env)
      return behavior === undefined ? undefined : { kind: 'behavior', behavior }
    }
    case 'user':
      return lowerUser(item, env)
    // Read before the body: they decide what the body runs on, with which inputs, and how often.
    case 'explore':
    case 'cluster':
    case 'matrix':
    case 'cases':
      return undefined
  }
}

const lowerSnapshot = (item: ast.Snapshot, env: Env): OperationBody | undefined => {
  const name = plainText(stringParts(item.name.raw, item.name.span, env))
  const nouns = item.nouns.map((one) => lowerNoun(one, env))
  if (name === undefined)
    env.reporter.report('K132', item.name.span, 'the name of a snapshot must be known before the run')
  return name === undefined ? undefined : { kind: 'snapshot', name, nouns: nouns.filter((one) => one !== undefined) }
}

/** K112: a scope declares a name once. */
export const declareOnce = (
  name: ast.Name,
  names: ReadonlyMap<string, { readonly span: ast.Name['span'] } | ast.Name['span']>,
  what: string,
  env: Env,
): void => {
  const before = names.get(name.name)
  if (before === undefined) return
  const span = 'span' in before ? before.span : before
  env.reporter.report('K112', name.span, `\`${what} ${name.name}\` stands twice in one scope`, {
    labels: [{ span, text: 'first here' }],
  })
}

const lowerLet = (item: ast.Let, env: Env): OperationBody | undefined => {
  declareOnce(item.name, env.scope.names, 'let', env)
  const outer = env.scope.parent === undefined ? undefined : lookUp(env.scope.parent, item.name.name)
  if (outer !== undefined)
    env.reporter.report('K112', item.name.span, `\`${item.name.name}\` shadows an outer name`, {
      severity: 'warning',
      labels: [{ span: outer.span, text: 'the outer one' }],
    })
  if (item.value.type === 'any') {
    const noun = lowerNoun(item.value.noun, env)
    env.scope.names.set(item.name.name, {
      kind: 'value',
      info: noun === undefined ? unknown : objectOf(noun.resource),
      span: item.name.span,
    })
    return noun === undefined ? undefined : { kind: 'let-any', name: item.name.name, noun }
  }
  const annotation = annotationInfo(item.annotation, env)
  const constant = constantOf(item.value, env)
  const { expression, info } = lowerExpression(
    item.value,
    env,
    annotation.type === 'unknown' ? undefined : annotation.type,
  )
  const binding: Binding =
    constant === undefined
      ? { kind: 'value', info: annotation.type === 'unknown' ? info : annotation, span: item.name.span }
      : { kind: 'constant', value: annotated(constant, item.annotation?.name), span: item.name.span }
  env.scope.names.set(item.name.name, binding)
  return { kind: 'let', name: item.name.name, value: expression }
}

/** `do name(…)`: the steps unrolled; only their parameters are in sight inside. */
const lowerDo = (item: ast.Do, env: Env): OperationBody | undefined => {
  const found = findDeclared(env.module, 'steps', item.name.name)
  if (found === undefined) {
    if (env.scenario.plans.has(item.name.name)) {
      const [first] = item.args
      if (first !== undefined) env.reporter.report('K117', first.span, 'a plan takes no arguments')
      return { kind: 'plan', name: item.name.name }
    }
    const external = externalOf(item.name, env)
    if (external !== undefined)
      return {
        kind: 'external',
        ...external,
        args: item.args.map((one) => ({ name: one.name?.name, value: lowerExpression(one.value, env).expression })),
      }
    const names = declaredNames(env.module, 'steps')
    env.reporter.report('K105', item.name.span, `unknown steps \`${item.name.name}\``, {
      help:
        didYouMean(item.name.name, names) ??
        (names.length === 0
          ? 'declare them with `steps name(…) { }`, or import them'
          : `steps in sight: ${names.slice(0, 10).join(', ')}`),
    })
    return undefined
  }
  const { item: definition, module } = found
  const key = `${module.source.path}:${definition.name.name}`
  if (env.scenario.calls.includes(key)) {
    env.reporter.report('K121', item.name.span, `\`${item.name.name}\` calls itself`)
    return undefined
  }
  if (
    env.scenario.calls.length > deepestCalls ||
    env.scenario.unrolled.count > (saidTooMany.has(env.reporter) ? mostUnrolledAfter : mostUnrolled)
  ) {
    // Said once: all the calls around it are too many for the same reason.
    if (!saidTooMany.has(env.reporter))
      env.reporter.report(
        'K121',
        item.name.span,
        'these steps call steps that call steps, too many to write them all out',
        {
          help: `${deepestCalls} deep and ${grouped(mostUnrolled)} in all are the most; \`repeat\` and \`each\` are not written out`,
        },
      )
    saidTooMany.add(env.reporter)
    return undefined
  }
  env.scenario.unrolled.count += 1
  const scope = innerScope(undefined)
  const bindings: PlanBinding[] = []
  const params = definition.params
  for (const [index, arg] of item.args.entries()) {
    const name = arg.name
    if (name !== null && !params.some((one) => one.name.name === name.name))
      env.reporter.report('K117', name.span, `\`${item.name.name}\` has no parameter \`${name.name}\``, {
        help:
          didYouMean(
            name.name,
            params.map((one) => one.name.name),
          ) ?? parameterList(params),
      })
    else if (name === null && index >= params.length)
      env.reporter.report(
        'K117',
        arg.span,
        `\`${item.name.name}\` takes ${params.length} argument${params.length === 1 ? '' : 's'}`,
      )
  }
  for (const [index, param] of params.entries()) {
    const given =
      item.args.find((one) => one.name?.name === param.name.name) ??
      (item.args[index]?.name === null ? item.args[index] : undefined)
    const value = given?.value ?? param.value
    if (value === null) {
      // An argument of a name that there is not was reported already, and is probably this one.
      if (!item.args.some((one) => one.name !== null && !params.some((other) => other.name.name === one.name?.name)))
        env.reporter.report('K117', item.name.span, `\`${item.name.name}\` wants a value for \`${param.name.name}\``, {
          help: parameterList(params),
        })
      scope.names.set(param.name.name, { kind: 'value', info: unknown, span: param.name.span })
      continue
    }
    const home: Env = given === undefined ? { ...env, module, scope: innerScope(undefined) } : env
    const annotation = annotationInfo(param.annotation, { ...env, module })
    const constant = constantOf(value, home)
    const { expression, info } = lowerExpression(
      value,
      home,
      annotation.type === 'unknown' ? undefined : annotation.type,
    )
    if (!fitsParameter(annotation.type, info.type, given, env)) {
      // What is wrong here is not wrong once more in the body.
      scope.names.set(param.name.name, { kind: 'value', info: annotation, span: param.name.span })
      continue
    }
    scope.names.set(
      param.name.name,
      constant === undefined
        ? { kind: 'value', info: annotation.type === 'unknown' ? info : annotation, span: param.name.span }
        : { kind: 'constant', value: annotated(constant, param.annotation?.name), span: param.name.span },
    )
    bindings.push({ name: param.name.name, value: expression })
  }
  const inside: Env = { ...env, module, scope, scenario: { ...env.scenario, calls: [...env.scenario.calls, key] } }
  return { kind: 'steps', name: item.name.name, bindings, body: lowerBody(definition.body, inside) }
}

const parameterList = (params: readonly ast.Param[]): string =>
  params.length === 0
    ? 'it has no parameters'
    : `parameters: ${params.map((one) => one.name.name + (one.annotation === null ? '' : `: ${one.annotation.name}`)).join(', ')}`

const amounts: readonly string[] = ['int', 'number', 'quantity']
const fitsParameter = (wanted: string, given: string, arg: ast.Arg | undefined, env: Env): boolean => {
  if (arg === undefined || wanted === 'unknown' || given === 'unknown' || wanted === given) return true
  if (amounts.includes(wanted) && amounts.includes(given) && !(wanted === 'int' && given !== 'int')) return true
  if (wanted === 'boolean' && given === 'predicate') return true
  const article = /^[aeiou]/.test(wanted) ? 'an' : 'a'
  env.reporter.report(
    'K107',
    arg.value.span,
    `${article} ${wanted} is wanted ${arg.name === null ? 'here' : `for \`${arg.name.name}\``}, not ${/^[aeiou]/.test(given) ? 'an' : 'a'} ${given}`,
  )
  return false
}

export const ambiguous = (literal: Literal | undefined, text: string): boolean =>
  literal === undefined && isAmbiguous(text)
