import type { Expr, Fold, Issue } from './ast.ts'

type Call = Expr & { readonly kind: 'call' }
type Expanded = { readonly expr: Expr } | { readonly issue: Issue }

const wrong = (at: number, message: string): Expanded => ({ issue: { at, message } })

const simpleName = (expr: Expr): string | undefined => (expr.kind === 'ident' ? expr.name : undefined)

/** Names of macros by the number of their arguments: those of one variable and those of two (cel-go ext/comprehensions.go). */
const folds: Readonly<Record<string, readonly [macro: Fold['macro'], names: number, filter: boolean]>> = {
  'all/2': ['all', 1, false],
  'exists/2': ['exists', 1, false],
  'exists_one/2': ['existsOne', 1, false],
  'existsOne/2': ['existsOne', 1, false],
  'map/2': ['map', 1, false],
  'map/3': ['map', 1, true],
  'filter/2': ['filter', 1, false],
  'sortBy/2': ['sortBy', 1, false],
  'all/3': ['all', 2, false],
  'exists/3': ['exists', 2, false],
  'exists_one/3': ['existsOne', 2, false],
  'existsOne/3': ['existsOne', 2, false],
  'transformList/3': ['transformList', 2, false],
  'transformList/4': ['transformList', 2, true],
  'transformMap/3': ['transformMap', 2, false],
  'transformMap/4': ['transformMap', 2, true],
  'transformMapEntry/3': ['transformMapEntry', 2, false],
  'transformMapEntry/4': ['transformMapEntry', 2, true],
}

const expandFold = (call: Call, range: Expr): Expanded | undefined => {
  const found = folds[`${call.name}/${call.args.length}`]
  if (found === undefined) return undefined
  const [macro, count, filtered] = found
  const names: string[] = []
  for (let index = 0; index < count; index += 1) {
    const arg = call.args[index]!
    const name = simpleName(arg)
    if (name === undefined) {
      return wrong(arg.at, count === 1 ? 'argument must be a simple name' : `argument must be a simple name`)
    }
    if (name === '__result__') return wrong(arg.at, 'iteration variable overwrites accumulator variable')
    if (names.includes(name)) return wrong(arg.at, 'duplicate variable name: ' + name)
    names.push(name)
  }
  return {
    expr: {
      kind: 'fold',
      at: call.at,
      macro,
      range,
      first: names[0]!,
      second: names[1],
      filter: filtered ? call.args[count] : undefined,
      body: call.args[call.args.length - 1]!,
    },
  }
}

/** A call as what it stands for: macros are resolved while parsing (cel-go parser/macro.go). */
export const expandMacro = (call: Call): Expanded => {
  const { name, target, args, at } = call
  if (target === undefined) {
    if (name !== 'has' || args.length !== 1) return { expr: call }
    const arg = args[0]!
    return arg.kind === 'select' && !arg.test && !arg.optional
      ? { expr: { ...arg, at, test: true } }
      : wrong(arg.at, 'invalid argument to has() macro')
  }
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) {
    const variable = simpleName(args[0]!)
    if (variable === undefined) return wrong(args[0]!.at, `${name}() variable name must be a simple identifier`)
    return {
      expr: {
        kind: 'bind',
        at,
        name: variable,
        init: target,
        body: args[1]!,
        optional: name === 'optMap' ? 'map' : 'flatMap',
      },
    }
  }
  return expandFold(call, target) ?? { expr: call }
}
