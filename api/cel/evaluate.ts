import { callCost, listCost, mapCost, selectCost, structCost } from './call-cost.ts'
import type { Entry, Expr, Fold } from './ast.ts'
import { qualifiedName, type Checked } from './check.ts'
import { endFold, type FoldState } from './end-fold.ts'
import { equal } from './equal.ts'
import { optionalAccess } from './functions/collections.ts'
import type { Overload } from './overloads.ts'
import type { CelType } from './types.ts'
import { typeNames } from './unify.ts'
import {
  dictOf,
  fail,
  isFailure,
  keyText,
  kindOf,
  listOf,
  none,
  noSuchOverload,
  some,
  type Dict,
  type Failure,
  type List,
  type Optional,
  type Value,
} from './values.ts'

/** One evaluation: what names stand for, and what it has cost. */
export interface Run {
  readonly resolve: (name: string) => Value | undefined
  readonly locals: Value[]
  cost: number
  readonly limit: number
}

export type Program = (run: Run) => Value

const overLimit: Failure = Object.freeze({
  kind: 'error',
  message: 'operation cancelled: actual cost limit exceeded',
  cancelled: true,
})

/** Adds to the cost; the failure once there is too much of it. */
const charge = (run: Run, cost: number): Failure | undefined => {
  run.cost += cost
  return run.cost > run.limit ? overLimit : undefined
}

const ends = (value: Value): value is Failure => isFailure(value) && value.cancelled === true

const fits = (type: CelType, value: Value): boolean => {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true
    case 'opaque':
      return type.name === 'optional_type'
        ? kindOf(value) === 'optional'
        : kindOf(value) === 'opaque' && (value as { readonly type: string }).type === type.name
    case 'map':
    case 'object':
      return kindOf(value) === 'map' || kindOf(value) === 'object'
    default:
      return kindOf(value) === type.kind
  }
}

const overloadFor = (candidates: readonly Overload[], args: readonly Value[]): Overload | undefined =>
  candidates.find((one) => one.args.every((type, index) => fits(type, args[index]!)))

const selectField = (operand: Value, field: string): Value => {
  if (typeof operand !== 'object' || operand === null || !('kind' in operand)) return noSuchOverload
  if (operand.kind === 'optional') return optionalAccess(operand, field)
  if (operand.kind !== 'map') return noSuchOverload
  return operand.get(field) ?? fail(`no such key: ${field}`)
}

/** A checked expression as a function. Parts that fail give a failure, which `&&` and `||` may absorb. */
export const planExpression = (root: Expr, checked: Checked): Program => {
  const names: string[] = []

  const local = (name: string): number => names.lastIndexOf(name)

  const ident = (name: string): Program => {
    const slot = local(name)
    if (slot >= 0) return (run) => charge(run, selectCost) ?? run.locals[slot]!
    return (run) => {
      const over = charge(run, selectCost)
      if (over !== undefined) return over
      const value = run.resolve(name)
      if (value !== undefined) return value
      const type = typeNames[name]
      return type === undefined
        ? fail(`no such attribute(s): ${name}`)
        : { kind: 'type', name: type.kind === 'null' ? 'null_type' : type.name }
    }
  }

  const logic = (args: readonly Expr[], deciding: boolean): Program => {
    const [left, right] = args.map(plan) as [Program, Program]
    return (run) => {
      const a = left(run)
      if (a === deciding || ends(a)) return a
      const b = right(run)
      if (b === deciding || ends(b)) return b
      if (typeof a === 'boolean' && typeof b === 'boolean') return b
      return isFailure(a) ? a : isFailure(b) ? b : noSuchOverload
    }
  }

  const call = (expr: Expr & { readonly kind: 'call' }): Program => {
    const { name, target, args } = expr
    if (name === '_&&_') return logic(args, false)
    if (name === '_||_') return logic(args, true)
    if (name === '_?_:_') {
      const [condition, then, otherwise] = args.map(plan) as [Program, Program, Program]
      return (run) => {
        const chosen = condition(run)
        if (isFailure(chosen)) return chosen
        return typeof chosen === 'boolean' ? (chosen ? then : otherwise)(run) : noSuchOverload
      }
    }
    const member = target !== undefined && checked.staticName(expr) === undefined
    const parts = (member ? [target, ...args] : args).map(plan)
    const candidates = checked.overloads(expr)
    const only =
      candidates.length === 1 && candidates[0]!.args.every((type) => type.kind === 'param') ? candidates[0] : undefined
    return (run) => {
      const values: Value[] = []
      for (const part of parts) {
        const value = part(run)
        if (isFailure(value)) return value
        values.push(value)
      }
      const overload = only ?? overloadFor(candidates, values)
      if (overload === undefined) return noSuchOverload
      const result = overload.run(values)
      return charge(run, callCost(overload, values, result)) ?? result
    }
  }

  const select = (expr: Expr & { readonly kind: 'select' }): Program => {
    const name = qualifiedName(expr)
    const root = name?.split('.')[0]
    if (name !== undefined && typeNames[name] !== undefined && local(root!) < 0) return ident(name)
    const whole = checked.staticName(expr)
    if (whole !== undefined) return ident(whole)
    const operand = plan(expr.operand)
    const { field } = expr
    if (expr.test) {
      return (run) => {
        const value = operand(run)
        if (isFailure(value)) return value
        if (kindOf(value) === 'optional') return optionalAccess(value, field) !== none
        return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'map'
          ? value.get(field) !== undefined
          : noSuchOverload
      }
    }
    return (run) => {
      const value = operand(run)
      if (isFailure(value)) return value
      return charge(run, selectCost) ?? (expr.optional ? optionalAccess(value, field) : selectField(value, field))
    }
  }

  const gather = (run: Run, { optional }: Entry, part: Program): Value | undefined => {
    const value = part(run)
    if (!optional || isFailure(value)) return value
    return kindOf(value) === 'optional' ? (value as Optional).value : noSuchOverload
  }

  const list = (expr: Expr & { readonly kind: 'list' }): Program => {
    const parts = expr.items.map(({ value }) => plan(value))
    // A list of constants is made once, and costs nothing.
    const constant = expr.items.every(({ value }) => value.kind === 'const')
    const made = constant
      ? listOf(expr.items.map(({ value }) => (value as Expr & { readonly kind: 'const' }).value))
      : undefined
    if (made !== undefined) return () => made
    return (run) => {
      const values: Value[] = []
      for (const [index, part] of parts.entries()) {
        const value = gather(run, expr.items[index]!, part)
        if (value === undefined) continue
        if (isFailure(value)) return value
        values.push(value)
      }
      return charge(run, listCost) ?? listOf(values)
    }
  }

  const map = (expr: Expr & { readonly kind: 'map' }): Program => {
    const parts = expr.entries.map(({ key, value }) => [plan(key), plan(value)] as const)
    return (run) => {
      const entries: (readonly [Value, Value])[] = []
      const seen = new Set<string>()
      for (const [index, [keyPart, part]] of parts.entries()) {
        const key = keyPart(run)
        if (isFailure(key)) return key
        const value = gather(run, expr.entries[index]!, part)
        if (value === undefined) continue
        if (isFailure(value)) return value
        const text = keyText(key)
        if (text === undefined) return fail('unsupported key type')
        if (seen.has(text)) return fail(`Failed with repeated key: ${text.slice(1)}`)
        seen.add(text)
        entries.push([key, value])
      }
      return charge(run, mapCost) ?? dictOf(entries)
    }
  }

  const struct = (expr: Expr & { readonly kind: 'struct' }): Program => {
    const parts = expr.fields.map(({ value }) => plan(value))
    return (run) => {
      const entries: (readonly [Value, Value])[] = []
      for (const [index, part] of parts.entries()) {
        const field = expr.fields[index]!
        const value = gather(run, field, part)
        if (value === undefined) continue
        if (isFailure(value)) return value
        entries.push([field.name, value])
      }
      return charge(run, structCost) ?? dictOf(entries, expr.type)
    }
  }

  const inScope = <A>(added: readonly string[], make: () => A): A => {
    names.push(...added)
    const made = make()
    names.length -= added.length
    return made
  }

  const fold = (expr: Fold): Program => {
    const range = plan(expr.range)
    const base = names.length
    const added = expr.second === undefined ? [expr.first] : [expr.first, expr.second]
    const [filter, body] = inScope(
      added,
      () => [expr.filter === undefined ? undefined : plan(expr.filter), plan(expr.body)] as const,
    )
    const { macro } = expr
    return (run) => {
      const over = range(run)
      if (isFailure(over)) return over
      if (kindOf(over) !== 'list' && kindOf(over) !== 'map' && kindOf(over) !== 'object') return noSuchOverload
      const container = over as List | Dict
      const keys = container.kind === 'map' ? container.keys() : undefined
      const state = startFold(macro)
      for (let index = 0; index < container.size; index += 1) {
        const key = keys === undefined ? BigInt(index) : keys[index]!
        const value = container.kind === 'list' ? container.at(index) : container.get(key)!
        run.locals[base] = expr.second === undefined ? (keys === undefined ? value : key) : key
        if (expr.second !== undefined) run.locals[base + 1] = value
        if (isFailure(value)) return value
        if (filter !== undefined) {
          const kept = filter(run)
          if (isFailure(kept)) return kept
          if (typeof kept !== 'boolean') return noSuchOverload
          if (!kept) {
            const late = charge(run, 1)
            if (late !== undefined) return late
            continue
          }
        }
        const item = body(run)
        if (ends(item)) return item
        const done = stepFold(state, item, { key, value: run.locals[base]! }, run)
        if (done !== undefined) return done
      }
      return charge(run, 1) ?? endFold(state, macro)
    }
  }

  function plan(expr: Expr): Program {
    switch (expr.kind) {
      case 'const': {
        const { value } = expr
        return () => value
      }
      case 'ident':
        return ident(expr.name.replace(/^\./, ''))
      case 'select':
        return select(expr)
      case 'call':
        return call(expr)
      case 'list':
        return list(expr)
      case 'map':
        return map(expr)
      case 'struct':
        return struct(expr)
      case 'fold':
        return fold(expr)
      case 'bind': {
        const init = plan(expr.init)
        const slot = names.length
        const body = inScope([expr.name], () => plan(expr.body))
        return (run) => {
          const start = init(run)
          if (isFailure(start)) return start
          if (kindOf(start) !== 'optional') return noSuchOverload
          const { value } = start as Optional
          if (value === undefined) return none
          run.locals[slot] = value
          const result = body(run)
          return isFailure(result) || expr.optional === 'flatMap' ? result : some(result)
        }
      }
    }
  }
  return plan(root)
}

const startFold = (macro: Fold['macro']): FoldState => ({
  macro,
  failure: undefined,
  count: 0,
  values: [],
  keys: [],
  entries: [],
})

/** One step of a macro, with the cost of the comprehension that upstream expands it to. Gives the result where it is decided. */
const stepFold = (
  state: FoldState,
  item: Value,
  at: { readonly key: Value; readonly value: Value },
  run: Run,
): Value | undefined => {
  const { macro } = state
  switch (macro) {
    case 'all':
    case 'exists': {
      const over = charge(run, macro === 'all' ? 3 : 4)
      if (over !== undefined) return over
      if (item === (macro === 'exists')) return item
      if (typeof item !== 'boolean') state.failure ??= isFailure(item) ? item : noSuchOverload
      return undefined
    }
    case 'existsOne':
      if (isFailure(item)) return item
      if (typeof item !== 'boolean') return noSuchOverload
      if (item) state.count += 1
      return charge(run, item ? 2 : 1)
    case 'filter':
      if (isFailure(item)) return item
      if (typeof item !== 'boolean') return noSuchOverload
      if (item) state.values.push(at.value)
      return charge(run, item ? 13 : 1)
    case 'map':
    case 'transformList':
      if (isFailure(item)) return item
      state.values.push(item)
      return charge(run, 12)
    case 'sortBy':
      if (isFailure(item)) return item
      state.values.push(at.value)
      state.keys.push(item)
      return charge(run, 12)
    case 'transformMap':
      if (isFailure(item)) return item
      state.entries.push([at.key, item])
      return charge(run, 1 + mapCost)
    case 'transformMapEntry': {
      if (isFailure(item)) return item
      if (kindOf(item) !== 'map') return noSuchOverload
      const dict = item as Dict
      for (const key of dict.keys()) {
        if (state.entries.some(([known]) => equal(known, key)))
          return fail(`insert failed: key ${keyText(key)!.slice(1)} already exists`)
        state.entries.push([key, dict.get(key)!])
      }
      return charge(run, 1 + mapCost)
    }
  }
}
