import type { Expr, Fold, Issue } from './ast.ts'
import { isFunction, overloadsOf } from './functions/registry.ts'
import { compileGoRegex } from './go-regex.ts'
import type { Overload } from './overloads.ts'
import {
  boolType,
  dynType,
  errorType,
  intType,
  isOptional,
  listType,
  mapType,
  optionalType,
  paramType,
  stringType,
  typeText,
  typeType,
  type CelType,
} from './types.ts'
import { assignable, freshen, resolve, settle, typeNames, type Bindings } from './unify.ts'
import { bytesType, doubleType, nullType, uintType } from './types.ts'
import { kindOf, type Value } from './values.ts'

/** What an expression may refer to. */
export interface CelScope {
  variable(name: string): CelType | undefined
  /** Types that `Name{…}` makes. */
  readonly struct?: (name: string) => CelType | undefined
}

export interface Checked {
  readonly type: CelType
  typeOf(expr: Expr): CelType
  /** Overloads that a call may come to, by its arguments at run time. */
  overloads(expr: Expr): readonly Overload[]
  /** The static function behind `a.b.f(x)`, or the variable that is called `a.b`; undefined: a member. */
  staticName(expr: Expr): string | undefined
}

export const qualifiedName = (expr: Expr): string | undefined => {
  if (expr.kind === 'ident') return expr.name.replace(/^\./, '')
  if (expr.kind !== 'select' || expr.test || expr.optional) return undefined
  const rest = qualifiedName(expr.operand)
  return rest === undefined ? undefined : `${rest}.${expr.field}`
}

const constantType = (value: Value): CelType => {
  switch (kindOf(value)) {
    case 'null':
      return nullType
    case 'bool':
      return boolType
    case 'int':
      return intType
    case 'uint':
      return uintType
    case 'double':
      return doubleType
    case 'bytes':
      return bytesType
    default:
      return stringType
  }
}

/** cel-go's checker: the type of every part, or what is wrong, by place. */
export const checkExpression = (root: Expr, scope: CelScope): Checked | { readonly issues: readonly Issue[] } => {
  const issues: Issue[] = []
  const types = new Map<Expr, CelType>()
  const calls = new Map<Expr, readonly Overload[]>()
  const statics = new Map<Expr, string>()
  const bindings: Bindings = new Map()
  const locals: (readonly [string, CelType])[] = []
  let fresh = 0

  const report = (at: number, message: string): CelType => {
    issues.push({ at, message })
    return errorType
  }
  const freeType = (): CelType => paramType(`_${(fresh += 1)}`)
  const lookup = (name: string): CelType | undefined => {
    for (let index = locals.length - 1; index >= 0; index -= 1) if (locals[index]![0] === name) return locals[index]![1]
    return scope.variable(name)
  }
  const visit = (expr: Expr): CelType => {
    const type = infer(expr)
    types.set(expr, type)
    return type
  }
  const undeclared = (at: number, name: string): CelType =>
    report(at, `undeclared reference to '${name}' (in container '')`)

  const fieldOf = (type: CelType, field: string, at: number): CelType => {
    const target = resolve(type, bindings)
    switch (target.kind) {
      case 'map':
        return target.params[1]!
      case 'object': {
        const found = target.fields?.get(field)
        return found === undefined ? report(at, `undefined field '${field}'`) : found.type
      }
      case 'dyn':
      case 'error':
      case 'param':
        return dynType
      default:
        return report(at, `type '${typeText(target)}' does not support field selection`)
    }
  }

  const select = (expr: Expr & { readonly kind: 'select' }): CelType => {
    const name = qualifiedName(expr)
    if (name !== undefined && !expr.test && !locals.some(([local]) => local === name.split('.')[0])) {
      const named = scope.variable(name)
      if (named !== undefined) {
        statics.set(expr, name)
        return named
      }
    }
    if (name !== undefined && !expr.test && lookup(name.split('.')[0]!) === undefined) {
      if (typeNames[name] !== undefined) return typeType(typeNames[name])
    }
    const operand = resolve(visit(expr.operand), bindings)
    const inside = isOptional(operand) ? operand.params[0]! : operand
    const field = fieldOf(inside, expr.field, expr.at)
    if (expr.test) return boolType
    if (!expr.optional && !isOptional(operand)) return field
    return isOptional(field) ? field : optionalType(field)
  }

  const resolveCall = (expr: Expr, name: string, args: readonly CelType[]): CelType => {
    const member = name.startsWith('.')
    const shown = member ? name.slice(1) : name
    const candidates = overloadsOf(name)
    const matching: Overload[] = []
    let result: CelType | undefined
    let chosen: Bindings | undefined
    for (const one of candidates) {
      if (one.args.length !== args.length) continue
      const mark = `#${(fresh += 1)}`
      const trial: Bindings = new Map(bindings)
      if (!one.args.every((arg, index) => assignable(freshen(arg, mark), args[index]!, trial))) continue
      const type = resolve(freshen(one.result, mark), trial)
      matching.push(one)
      if (result === undefined) {
        result = type
        chosen = trial
      } else if (typeText(result) !== typeText(type)) result = dynType
    }
    if (result === undefined) {
      const texts = args.map((arg) => typeText(settle(resolve(arg, bindings))))
      const applied = member ? `${texts[0]}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`
      return report(expr.at, `found no matching overload for '${shown}' applied to '${applied}'`)
    }
    for (const [key, value] of chosen!) bindings.set(key, value)
    calls.set(expr, matching)
    return result
  }

  const call = (expr: Expr & { readonly kind: 'call' }): CelType => {
    const { name, target, args } = expr
    if (target !== undefined) {
      const prefix = qualifiedName(target)
      const full = prefix === undefined ? undefined : `${prefix}.${name}`
      if (full !== undefined && lookup(prefix!.split('.')[0]!) === undefined && overloadsOf(full).length > 0) {
        statics.set(expr, full)
        const given = args.map(visit)
        return checkLiterals(expr, resolveCall(expr, full, given))
      }
      const given = [target, ...args].map(visit)
      if (!isFunction(name)) return undeclared(expr.at, name)
      return checkLiterals(expr, resolveCall(expr, `.${name}`, given))
    }
    const given = args.map(visit)
    if (name === '_?_:_') {
      const holder = freeType()
      const fits =
        assignable(boolType, given[0]!, bindings) &&
        assignable(holder, given[1]!, bindings) &&
        assignable(holder, given[2]!, bindings)
      if (fits) {
        const [then, otherwise] = [resolve(given[1]!, bindings), resolve(given[2]!, bindings)]
        return then.kind === 'dyn' || otherwise.kind === 'dyn' ? dynType : then
      }
      const texts = given.map((arg) => typeText(settle(resolve(arg, bindings))))
      return report(expr.at, `found no matching overload for '_?_:_' applied to '(${texts.join(', ')})'`)
    }
    if (name === '_&&_' || name === '_||_') {
      if (given.every((one) => assignable(boolType, one, bindings))) return boolType
      const texts = given.map((arg) => typeText(settle(resolve(arg, bindings))))
      return report(expr.at, `found no matching overload for '${name}' applied to '(${texts.join(', ')})'`)
    }
    const plain = name.replace(/^\./, '')
    if (overloadsOf(plain).length === 0) return undeclared(expr.at, plain)
    return checkLiterals(expr, resolveCall(expr, plain, given))
  }

  /** ValidateRegexLiterals, ValidateDurationLiterals, ValidateTimestampLiterals. */
  const checkLiterals = (expr: Expr & { readonly kind: 'call' }, type: CelType): CelType => {
    const last = expr.args[expr.args.length - 1]
    if (last?.kind !== 'const' || typeof last.value !== 'string') return type
    if (expr.name === 'matches' && typeof compileGoRegex(last.value) === 'string')
      report(last.at, 'invalid matches argument')
    if (expr.target === undefined && (expr.name === 'duration' || expr.name === 'timestamp')) {
      const [overload] = overloadsOf(expr.name).filter((one) => one.args[0]?.kind === 'string')
      if (kindOf(overload!.run([last.value])) === 'error') report(last.at, `invalid ${expr.name} argument`)
    }
    return type
  }

  const bound = (name: string, type: CelType, body: () => CelType): CelType => {
    locals.push([name, type])
    const result = body()
    locals.pop()
    return result
  }

  const asBool = (type: CelType, wrong: (text: string) => readonly [number, string]): void => {
    if (!assignable(boolType, type, bindings)) report(...wrong(typeText(settle(resolve(type, bindings)))))
  }

  const fold = (expr: Fold): CelType => {
    const range = resolve(visit(expr.range), bindings)
    const [key, value] =
      range.kind === 'list'
        ? [intType, range.params[0]!]
        : range.kind === 'map'
          ? [range.params[0]!, range.params[1]!]
          : [dynType, dynType]
    if (!['list', 'map', 'dyn', 'error', 'param'].includes(range.kind)) {
      report(
        expr.range.at,
        `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      )
    }
    const single = range.kind === 'map' ? key : value
    const inBody = (): CelType => {
      if (expr.filter !== undefined)
        asBool(visit(expr.filter), (text) => [
          expr.at,
          `found no matching overload for '_?_:_' applied to '(${text}, dyn, dyn)'`,
        ])
      return visit(expr.body)
    }
    const body = bound(expr.first, expr.second === undefined ? single : key, () =>
      expr.second === undefined ? inBody() : bound(expr.second, value, inBody),
    )
    const boolean = (operator: string, pad: (text: string) => string): void =>
      asBool(body, (text) => [expr.at, `found no matching overload for '${operator}' applied to '(${pad(text)})'`])
    switch (expr.macro) {
      case 'all':
        boolean('_&&_', (text) => `bool, ${text}`)
        return boolType
      case 'exists':
        boolean('_||_', (text) => `bool, ${text}`)
        return boolType
      case 'existsOne':
        boolean('_?_:_', (text) => `${text}, int, int`)
        return boolType
      case 'filter':
        boolean('_?_:_', (text) => `${text}, list(${typeText(settle(single))}), list(${typeText(settle(single))})`)
        return range.kind === 'map' ? listType(key) : listType(single)
      case 'map':
      case 'transformList':
        return listType(body)
      case 'sortBy':
        return listType(single)
      case 'transformMap':
        return mapType(key, body)
      case 'transformMapEntry':
        return resolve(body, bindings).kind === 'map' ? body : mapType(dynType, dynType)
    }
  }

  const element = (value: Expr, optional: boolean): CelType => {
    const type = resolve(visit(value), bindings)
    if (!optional) return type
    if (isOptional(type)) return type.params[0]!
    return type.kind === 'dyn'
      ? dynType
      : report(value.at, `expected type 'optional_type(${typeText(type)})' but found '${typeText(type)}'`)
  }

  /** HomogeneousAggregateLiterals: the first element's type holds for all. */
  const homogeneous = (found: readonly (readonly [number, CelType])[]): CelType => {
    if (found.length === 0) return freeType()
    const [, first] = found[0]!
    for (const [at, type] of found) {
      if (!assignable(first, type, bindings)) {
        report(
          at,
          `expected type '${typeText(settle(resolve(first, bindings)))}' but found '${typeText(settle(resolve(type, bindings)))}'`,
        )
        return first
      }
    }
    return found.some(([, type]) => resolve(type, bindings).kind === 'dyn') ? dynType : resolve(first, bindings)
  }

  function infer(expr: Expr): CelType {
    switch (expr.kind) {
      case 'const':
        return constantType(expr.value)
      case 'ident': {
        const name = expr.name.replace(/^\./, '')
        const found = lookup(name)
        if (found !== undefined) return found
        const named = typeNames[name]
        return named === undefined ? undeclared(expr.at, name) : typeType(named)
      }
      case 'select':
        return select(expr)
      case 'call':
        return call(expr)
      case 'list':
        return listType(homogeneous(expr.items.map(({ value, optional }) => [value.at, element(value, optional)])))
      case 'map': {
        const keys = expr.entries.map(({ key }) => [key.at, visit(key)] as const)
        const values = expr.entries.map(({ value, optional }) => [value.at, element(value, optional)] as const)
        return mapType(homogeneous(keys), homogeneous(values))
      }
      case 'struct': {
        const type = scope.struct?.(expr.type)
        if (type === undefined) {
          for (const field of expr.fields) visit(field.value)
          return undeclared(expr.at, expr.type)
        }
        for (const field of expr.fields) {
          const given = element(field.value, field.optional)
          const known = type.fields === undefined ? dynType : type.fields.get(field.name)?.type
          if (known === undefined) report(field.at, `undefined field '${field.name}'`)
          else if (!assignable(known, given, bindings)) {
            report(
              field.at,
              `expected type of field '${field.name}' is '${typeText(known)}' but provided type is '${typeText(settle(resolve(given, bindings)))}'`,
            )
          }
        }
        return type
      }
      case 'fold':
        return fold(expr)
      case 'bind': {
        const init = resolve(visit(expr.init), bindings)
        const inside = isOptional(init)
          ? init.params[0]!
          : init.kind === 'dyn' || init.kind === 'error'
            ? dynType
            : report(expr.at, `found no matching overload for 'hasValue' applied to '${typeText(init)}.()'`)
        const body = bound(expr.name, inside, () => visit(expr.body))
        return expr.optional === 'map' ? optionalType(body) : body
      }
    }
  }

  const type = settle(resolve(visit(root), bindings))
  if (issues.length > 0) return { issues: [...issues].sort((a, b) => a.at - b.at) }
  return {
    type,
    typeOf: (expr) => settle(resolve(types.get(expr) ?? dynType, bindings)),
    overloads: (expr) => calls.get(expr) ?? [],
    staticName: (expr) => statics.get(expr),
  }
}
