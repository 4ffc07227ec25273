import type { ScoredNode } from '../runtime/record/scheduling-verdict.ts'
import { createPaint } from './paint.ts'

const rowsShown = 10

interface Options {
  readonly color: boolean
  readonly width: number
  readonly chosen: string | undefined
}

type Cell = readonly [number, number, number]
const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2))
/** raw, normalised, weighted; once where they are the same. */
const cellText = ([raw, normalized, weighted]: Cell): string =>
  raw === normalized && normalized === weighted
    ? number(raw)
    : `${number(raw)}/${number(normalized)}/${number(weighted)}`

/** `NodeResourcesBalancedAllocation` in lines of at most about 14 letters, broken between words. */
const headLines = (name: string): readonly string[] => {
  const lines: string[] = []
  for (const word of name.match(/[A-Z][a-z]*|[^A-Z]+/g) ?? [name]) {
    const last = lines[lines.length - 1]
    if (last !== undefined && last.length + word.length <= 13) lines[lines.length - 1] = last + word
    else lines.push(word)
  }
  return lines
}

interface Column {
  readonly head: readonly string[]
  readonly cells: readonly string[]
  readonly width: number
}
const columnOf = (head: readonly string[], cells: readonly string[]): Column => ({
  head,
  cells,
  width: Math.max(...head.map((one) => one.length), ...cells.map((one) => one.length)),
})

const tableLines = (columns: readonly Column[]): readonly string[] => {
  const height = Math.max(...columns.map((one) => one.head.length))
  const line = (textOf: (column: Column) => string): string =>
    columns
      .map((column, index) =>
        index === 0 ? textOf(column).padEnd(column.width) : textOf(column).padStart(column.width),
      )
      .join('  ')
      .trimEnd()
  const heads = Array.from({ length: height }, (_, row) => line(({ head }) => head[row - (height - head.length)] ?? ''))
  return [...heads, ...(columns[0]?.cells ?? []).map((_, row) => line(({ cells }) => cells[row] ?? ''))]
}

/** The nodes that are not shown: as good as the last one that is, or less. */
const restText = (rest: readonly ScoredNode[], last: number): string => {
  const equal = rest.filter((one) => one.total === last).length
  const counts = [
    [equal, 'with as much'],
    [rest.length - equal, 'with less'],
  ] as const
  const told = counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return told.length === 0 ? '' : `and ${told.join(', ')}`
}

/** Scores by node and plugin: a column for each plugin that tells nodes apart, a line for the others. */
export const placementScores = (
  scores: readonly ScoredNode[],
  { color, width, chosen }: Options,
): readonly string[] => {
  const paint = createPaint(color)
  const shown = scores.slice(0, rowsShown)
  const [first] = shown
  if (first === undefined) return []
  const plugins = Object.keys(first.plugins)
  if (plugins.length === 0) {
    if (scores.length > 1 || first.node !== chosen) return []
    return first.total === 0
      ? [`    ${paint('faint', 'it was the only node that could take it: nothing was scored')}`]
      : [`    ${paint('faint', `its score was ${first.total}; --why with the name of the pod tells all of them`)}`]
  }
  const same = plugins.filter((name) => scores.every((one) => one.plugins[name]?.[2] === first.plugins[name]![2]))
  const telling = plugins.filter((name) => !same.includes(name))
  const lead = [
    columnOf(
      ['node'],
      shown.map((one) => one.node),
    ),
    columnOf(
      ['total'],
      shown.map((one) => String(one.total)),
    ),
  ]
  const blocks: Column[][] = [[...lead]]
  for (const name of telling) {
    const column = columnOf(
      headLines(name),
      shown.map((one) => cellText(one.plugins[name]!)),
    )
    const block = blocks[blocks.length - 1]!
    const used = block.reduce((sum, one) => sum + one.width + 2, 4)
    if (used + column.width <= width || block.length === lead.length) block.push(column)
    else blocks.push([lead[0]!, column])
  }
  const lines = blocks.flatMap((block) => tableLines(block).map((line) => `    ${line}`))
  const rest = restText(scores.slice(shown.length), shown[shown.length - 1]!.total)
  if (rest !== '') lines.push(`    ${paint('faint', rest)}`)
  if (telling.length > 0) lines.push(`    ${paint('faint', 'raw/normalised/weighted')}`)
  if (same.length > 0) {
    const list = same.map((name) => `${name} ${number(first.plugins[name]![2])}`).join(', ')
    lines.push(`    ${paint('faint', `the same for all: ${list}`)}`)
  }
  return lines
}
