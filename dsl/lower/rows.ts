import { grouped } from '../diagnostics/grouped.ts'
import { innerScope, lookUp, type Binding, type Constant } from '../names/scope.ts'
import type * as ast from '../syntax/ast.ts'
import { parseSlice } from '../syntax/parse.ts'
import { constantOf } from './constant.ts'
import { withScope, type Env } from './env.ts'

/** One row of a scenario's tables: its name in reports and its bindings. */
export interface TableRow {
  /** `[failures=2 limit=3]` */
  readonly name: string
  readonly bindings: readonly (readonly [string, Binding])[]
  /** Cells whose value depends on the run. */
  readonly computed: readonly { readonly name: string; readonly value: ast.Expr; readonly span: ast.Name['span'] }[]
}

/** As many runs as a scenario can reasonably have. */
const mostRows = 10_000

/** The rows of `cases` and `matrix`, multiplied; one nameless row without tables. */
export const tableRows = (body: ast.Body, env: Env): readonly TableRow[] => {
  const tables: TableColumnSet[] = []
  const headers = new Map<string, ast.Name['span']>()
  const declare = (name: ast.Name): void => {
    const before = headers.get(name.name)
    if (before !== undefined)
      env.reporter.report('K112', name.span, `\`${name.name}\` stands twice in one table`, {
        labels: [{ span: before, text: 'first here' }],
      })
    headers.set(name.name, name.span)
  }
  for (const item of body.items) {
    if (item.type === 'cases') tables.push(readCases(item, declare, env))
    else if (item.type === 'matrix') {
      declare(item.name)
      const cells = item.values.items.map((one): readonly Cell[] => [
        {
          name: item.name,
          ...(one.type === 'arg' ? valueOrComputed(one.value, env) : { value: undefined, computed: listOf(one) }),
          text: env.module.source.text.slice(one.span.start, one.span.end),
          span: one.span,
        },
      ])
      if (cells.length === 0) env.reporter.report('K136', item.span, 'a matrix without values runs nothing')
      tables.push(cells)
    } else if (item.type === 'let' && headers.has(item.name.name)) {
      const span = headers.get(item.name.name)
      env.reporter.report('K112', item.name.span, `\`${item.name.name}\` is a header of the table too`, {
        labels: span === undefined ? [] : [{ span, text: 'first here' }],
      })
    }
  }
  if (tables.length === 0) return [{ name: '', bindings: [], computed: [] }]
  const count = tables.reduce((product, table) => product * table.length, 1)
  const first = body.items.find((item) => item.type === 'cases' || item.type === 'matrix')
  if (count > mostRows && first !== undefined) {
    env.reporter.report('K136', first.span, `the tables of this scenario make ${grouped(count)} rows`, {
      help: `${grouped(mostRows)} are the most: \`forall\` in a \`property\` draws from so many`,
    })
    return []
  }
  let rows: readonly (readonly Cell[])[] = [[]]
  for (const table of tables) rows = rows.flatMap((row) => table.map((cells) => [...row, ...cells]))
  return rows.map((row) => ({
    name: `[${row.map((cell) => `${cell.name.name}=${cell.text}`).join(' ')}]`,
    bindings: row.flatMap((cell): (readonly [string, Binding])[] =>
      cell.value === undefined ? [] : [[cell.name.name, { kind: 'constant', value: cell.value, span: cell.span }]],
    ),
    computed: row.flatMap((cell) =>
      cell.computed === undefined ? [] : [{ name: cell.name.name, value: cell.computed, span: cell.span }],
    ),
  }))
}

interface Cell {
  readonly name: ast.Name
  readonly value: Constant | undefined
  readonly computed?: ast.Expr
  readonly text: string
  readonly span: ast.Name['span']
}
type TableColumnSet = readonly (readonly Cell[])[]

const readCases = (item: ast.Cases, declare: (name: ast.Name) => void, env: Env): TableColumnSet => {
  const [head, ...rows] = item.rows
  const names = (head ?? []).map((cell): ast.Name => trimmed(cell))
  for (const name of names) {
    if (/^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/.test(name.name)) declare(name)
    else env.reporter.report('K136', name.span, `\`${name.name}\` is no name for a column`)
  }
  if (rows.length === 0) env.reporter.report('K136', item.span, 'a table without rows runs nothing')
  return rows.map((row) => {
    if (row.length !== names.length) {
      const [first, last] = [row[0], row.at(-1)]
      const span = first === undefined || last === undefined ? item.span : { ...first.span, end: last.span.end }
      env.reporter.report(
        'K136',
        span,
        `this row has ${row.length} cell${row.length === 1 ? '' : 's'}, the header ${names.length}`,
      )
    }
    return names.map((name, index): Cell => {
      const cell = row[index]
      if (cell === undefined) return { name, value: undefined, text: '', span: name.span }
      const { name: text, span } = trimmed(cell)
      return { name, ...cellValue(text, span, env), text, span }
    })
  })
}

const trimmed = (cell: ast.Cell): ast.Name => {
  const start = cell.span.start + (cell.text.length - cell.text.trimStart().length)
  const name = cell.text.trim()
  return { name, span: { file: cell.span.file, start, end: start + name.length } }
}

type CellValue = Pick<Cell, 'value' | 'computed'>

const valueOrComputed = (node: ast.Expr, env: Env): CellValue => {
  const value = constantOf(node, env)
  if (value !== undefined) return { value }
  return { value, computed: node }
}

/** `[p in pods: …]` as the one value of a matrix. */
const listOf = (node: ast.Comprehension): ast.Expr => ({ type: 'list', items: [node], span: node.span })

/** Cells are expressions or bare words. */
const cellValue = (text: string, span: ast.Name['span'], env: Env): CellValue => {
  const word: CellValue = { value: { kind: 'literal', literal: { type: 'string', value: text }, text } }
  const parsed = parseSlice('Temporal', text, span)
  if (!parsed.ok) return word
  const constant = constantOf(parsed.node, withScope(env, innerScope(env.scope)))
  if (constant !== undefined) return { value: constant }
  return isWords(parsed.node, env) ? word : valueOrComputed(parsed.node, env)
}

/** `web`, `pod/web-0` and `a - b` of names that nobody has bound are words that stand for themselves. */
const isWords = (node: ast.Expr, env: Env): boolean =>
  node.type === 'noun'
    ? lookUp(env.scope, node.text) === undefined
    : node.type === 'arithmetic' && (isWords(node.left, env) || isWords(node.right, env))
