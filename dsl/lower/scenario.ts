import { refuse } from '../checks/unsupported.ts'
import { createKinds } from '../names/kinds.ts'
import type { Module } from '../names/module.ts'
import { innerScope } from '../names/scope.ts'
import { unknown } from '../names/value-info.ts'
import type { BehaviorSpec } from '../plan/behavior-spec.ts'
import type { Operation } from '../plan/operation.ts'
import type { ScenarioPlan } from '../plan/plan.ts'
import type * as ast from '../syntax/ast.ts'
import { annotationInfo } from './annotation.ts'
import { lowerBehavior } from './behavior.ts'
import { checkCluster, lowerCluster } from './cluster.ts'
import { constantOf } from './constant.ts'
import { withScope, type Env, type ScenarioState } from './env.ts'
import { lowerExpression, lowerPredicate } from './expression.ts'
import { tableRows, type TableRow } from './rows.ts'
import { lowerProperty } from './property.ts'
import { lowerItems } from './statement.ts'
import { lowerTags } from './tags.ts'
import { plainText, stringParts } from './text.ts'
import { lowerUser } from './user.ts'

export type Shared = Pick<Env, 'reporter' | 'host' | 'documents'>

const newState = (): ScenarioState => ({
  invariants: new Map(),
  calls: [],
  unrolled: { count: 0 },
  users: new Set(['kscn']),
  nodes: undefined,
  inBackground: false,
  inPlan: false,
  plans: new Set(),
  modules: new Set(),
})

const rootEnv = (module: Module, shared: Shared): Env => ({
  ...shared,
  module,
  kinds: createKinds(),
  scope: innerScope(undefined),
  scenario: newState(),
})

/** One scenario: a plan for each row of its tables. */
export const lowerScenario = (
  declared: Module['scenarios'][number],
  module: Module,
  shared: Shared,
): readonly ScenarioPlan[] => {
  const { declaration, scenario } = declared
  if (scenario.property)
    refuse('property', { ...scenario.span, end: scenario.span.start + 'property'.length }, shared.reporter)
  const rows = tableRows(scenario.body, rootEnv(module, shared))
  const tags = lowerTags(declaration.tags, rootEnv(module, shared))
  return rows.map((row): ScenarioPlan => {
    const base = rootEnv(module, shared)
    for (const [name, binding] of row.bindings) base.scope.names.set(name, binding)
    const env = withScope(base, innerScope(base.scope))
    const clusters = scenario.body.items.filter((one) => one.type === 'cluster')
    if (clusters[1] !== undefined)
      env.reporter.report('K112', clusters[1].span, 'a scenario has one cluster', {
        labels: [{ span: clusters[0]?.span ?? clusters[1].span, text: 'first here' }],
      })
    const cluster = lowerCluster(clusters[0], env)
    const inside: Env = { ...env, scenario: { ...env.scenario, nodes: new Set(cluster.nodes.map((one) => one.name)) } }
    const prologue = [...topLevel(module, inside), ...computedCells(row, inside)]
    const property = lowerProperty(scenario, inside)
    const body = lowerItems(scenario.body.items, inside)
    return {
      title: plainText(stringParts(scenario.title.raw, scenario.title.span, inside)) ?? scenario.title.raw,
      row: row.name,
      span: scenario.span,
      tags: tags.tags,
      cluster,
      behaviors: behaviorsOf(module, inside),
      limit: tags.limit,
      seed: tags.seed,
      property,
      body: prologue.length === 0 ? body : { operations: [...prologue, ...body.operations] },
      invariants: Object.fromEntries(inside.scenario.invariants),
      modules: [...inside.scenario.modules].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    }
  })
}

/** Users of the file and its imports, and those of its lets that the run must compute. */
const topLevel = (module: Module, env: Env): readonly Operation[] => {
  const operations: Operation[] = []
  const seen = new Set<Module>()
  const visit = (one: Module): void => {
    if (seen.has(one)) return
    seen.add(one)
    for (const other of one.imports.values()) visit(other)
    const home = { ...env, module: one }
    for (const user of one.users)
      operations.push({ ...lowerUser(user, home), span: user.span, text: `user ${user.name.name}` })
  }
  visit(module)
  for (const item of module.lets.values()) {
    if (item.value.type === 'any' || constantOf(item.value, env) !== undefined) continue
    const { expression } = lowerExpression(item.value, withScope(env, innerScope(undefined)))
    operations.push({
      kind: 'let',
      name: item.name.name,
      value: expression,
      span: item.span,
      text: `let ${item.name.name}`,
    })
  }
  return operations
}

/** Cells that only the run can work out are bound at its beginning. */
const computedCells = (row: TableRow, env: Env): readonly Operation[] =>
  row.computed.map(({ name, value, span }) => {
    const { expression, info } = lowerExpression(value, env)
    env.scope.names.set(name, { kind: 'value', info, span })
    return { kind: 'let', name, value: expression, span, text: `let ${name}` }
  })

/** An import's behaviors come along, before the file's own. */
const behaviorsOf = (module: Module, env: Env, seen: Set<Module> = new Set()): readonly BehaviorSpec[] => {
  if (seen.has(module)) return []
  seen.add(module)
  const own = { ...env, module, scope: innerScope(undefined) }
  return [
    ...[...module.imports.values()].flatMap((one) => behaviorsOf(one, env, seen)),
    ...module.behaviors.map((one) => lowerBehavior(one, own)).filter((one) => one !== undefined),
  ]
}

/** What no scenario may use is checked all the same: clusters, behaviors, invariants and steps of a file. */
export const checkDeclarations = (module: Module, shared: Shared): void => {
  const env = rootEnv(module, shared)
  for (const one of module.clusters.values()) checkCluster(one, env)
  for (const one of module.behaviors) lowerBehavior(one, env)
  for (const one of module.lets.values()) {
    if (one.value.type === 'any')
      env.reporter.report('K117', one.value.span, '`any` picks an object during a run: it belongs into a scenario')
    else if (one.annotation === null || constantOf(one.value, env) === undefined)
      lowerExpression(one.value, env, one.annotation === null ? undefined : annotationInfo(one.annotation, env).type)
  }
  for (const one of module.invariants.values()) {
    const scope = innerScope(undefined)
    for (const param of one.params)
      scope.names.set(param.name.name, {
        kind: 'value',
        info: annotationInfo(param.annotation, env),
        span: param.name.span,
      })
    lowerPredicate(one.predicate, withScope(env, scope))
  }
  for (const one of module.steps.values()) checkSteps(one, rootEnv(module, shared))
}

const checkSteps = (steps: ast.StepsDef, env: Env): void => {
  const scope = innerScope(undefined)
  for (const param of steps.params)
    scope.names.set(param.name.name, {
      kind: 'value',
      info: param.annotation === null ? unknown : annotationInfo(param.annotation, env),
      span: param.name.span,
    })
  const key = `${env.module.source.path}:${steps.name.name}`
  // A user or a custom kind may come from whoever calls the steps.
  lowerItems(steps.body.items, {
    ...withScope(env, innerScope(scope)),
    scenario: { ...env.scenario, calls: [key], inBackground: true },
  })
}
