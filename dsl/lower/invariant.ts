import { libraryInvariants } from '../names/library-invariants.ts'
import { findDeclared } from '../names/module.ts'
import { innerScope } from '../names/scope.ts'
import { predicate } from '../names/value-info.ts'
import type { Argument } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { annotationInfo } from './annotation.ts'
import { lowerExpression, lowerPredicate, nothing, reportUnknownName, typed, type Typed } from './expression.ts'

/** `always name` and `name(2)`: the plan keeps each invariant that it uses once. */
export const lowerInvariant = (name: ast.Name, args: readonly ast.Arg[], env: Env): Typed => {
  const found = findDeclared(env.module, 'invariants', name.name)
  if (found === undefined) {
    if (libraryInvariants.has(name.name)) return lowerLibraryInvariant(name, args, env)
    reportUnknownName(name.name, name.span, env)
    return nothing(name.span)
  }
  const { item, module } = found
  const key = module === env.module && !name.name.includes('.') ? keyIn(env, name.name) : name.name
  if (args.length > item.params.length)
    env.reporter.report(
      'K117',
      name.span,
      `\`${name.name}\` takes ${item.params.length} argument${item.params.length === 1 ? '' : 's'}, not ${args.length}`,
    )
  if (env.scenario.calls.includes(`invariant ${key}`)) {
    env.reporter.report('K121', name.span, `\`${name.name}\` calls itself`)
    return nothing(name.span)
  }
  if (!env.scenario.invariants.has(key)) {
    const scope = innerScope(undefined)
    for (const param of item.params)
      scope.names.set(param.name.name, {
        kind: 'value',
        info: annotationInfo(param.annotation, env),
        span: param.name.span,
      })
    const inside: Env = {
      ...env,
      module,
      scope,
      scenario: { ...env.scenario, calls: [...env.scenario.calls, `invariant ${key}`] },
    }
    env.scenario.invariants.set(key, {
      name: key,
      params: item.params.map((one) => one.name.name),
      predicate: lowerPredicate(item.predicate, inside),
    })
  }
  const lowered: Argument[] = []
  for (const [index, param] of item.params.entries()) {
    const given =
      args.find((one) => one.name?.name === param.name.name) ?? (args[index]?.name === null ? args[index] : undefined)
    const value = given?.value ?? param.value
    if (value === null) {
      env.reporter.report('K117', name.span, `\`${name.name}\` wants a value for \`${param.name.name}\``)
      continue
    }
    lowered.push({
      name: param.name.name,
      value: lowerExpression(value, env, annotationInfo(param.annotation, env).type).expression,
    })
  }
  return typed({ kind: 'invariant', name: key, args: lowered }, name.span, predicate)
}

/** The run knows what it means: the plan carries its name and arguments alone. */
const lowerLibraryInvariant = (name: ast.Name, args: readonly ast.Arg[], env: Env): Typed => {
  if (args.length > 0) env.reporter.report('K117', name.span, `\`${name.name}\` takes no arguments`)
  const lowered = args.map((one): Argument => ({
    name: one.name?.name,
    value: lowerExpression(one.value, env).expression,
  }))
  return typed({ kind: 'invariant', name: name.name, args: lowered }, name.span, predicate)
}

/** Inside an imported file an invariant is known by the file too. */
const keyIn = (env: Env, name: string): string => {
  const outer = env.scenario.calls.find((one) => one.startsWith('invariant ') && one.includes('.'))
  return outer === undefined ? name : `${outer.slice('invariant '.length, outer.indexOf('.'))}.${name}`
}
