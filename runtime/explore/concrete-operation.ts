import type { Expression, Literal } from '../../dsl/plan/expression.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import type { Random } from '../kernel/random.ts'
import { drawBetween } from './draw-between.ts'
import { everyBetween, type Every } from './every.ts'
import { literalText } from './input-text.ts'

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [field: string]: Plain }

const isExpression = (value: object): value is Expression => 'kind' in value && 'span' in value

/** The bounds of a range or a spread whose ends are known. */
const boundsOf = (expression: Expression): readonly [Literal, Literal] | undefined => {
  if (expression.kind === 'range') {
    const { from, to } = expression
    return from.kind === 'literal' && to.kind === 'literal' ? [from.value, to.value] : undefined
  }
  if (expression.kind !== 'spread') return undefined
  const { base, by } = expression
  if (base.kind !== 'literal' || by.kind !== 'literal') return undefined
  if (base.value.type !== 'duration' || by.value.type !== 'duration') return undefined
  const { micros } = base.value
  return [
    { type: 'duration', micros: Math.max(0, micros - by.value.micros) },
    { type: 'duration', micros: micros + by.value.micros },
  ]
}

/** A statement of a plan with its ranges drawn: what it does in this run, and how it is written then. */
export const concreteOperation = (operation: Operation, random: Random): Operation =>
  withValues(operation, (from, to) => drawBetween(from, to, random))

/** The same with the lowest values that it may have. */
export const atLowerEnds = (operation: Operation): Operation => withValues(operation, (from) => from)

/** The statement with every combination of values that it may have. */
export const everyOperation = (operation: Operation): Every<Operation> => {
  const ranges: Every<Literal>[] = []
  withValues(operation, (from, to) => {
    ranges.push(everyBetween(from, to))
    return from
  })
  return {
    size: ranges.reduce((size, one) => size * one.size, 1),
    at(index) {
      let rest = index
      let place = 0
      return withValues(operation, () => {
        const every = ranges[place]!
        place += 1
        const value = every.at(rest % every.size)
        rest = Math.floor(rest / every.size)
        return value
      })
    },
  }
}

const withValues = (operation: Operation, valueOf: (from: Literal, to: Literal) => Literal): Operation => {
  const edits: Edit[] = []
  const visit = (value: Plain): Plain => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((one: Plain) => visit(one))
    const node = value as { readonly [field: string]: Plain }
    const expression = isExpression(node) ? (node as unknown as Expression) : undefined
    const bounds = expression === undefined ? undefined : boundsOf(expression)
    if (expression !== undefined && bounds !== undefined) {
      const drawn = valueOf(bounds[0], bounds[1])
      const { start, end } = expression.span
      edits.push({ from: start - operation.span.start, to: end - operation.span.start, text: literalText(drawn) })
      return { kind: 'literal', value: drawn, span: expression.span } as unknown as Plain
    }
    return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, visit(one)]))
  }
  const made = visit(operation as unknown as Plain) as unknown as Operation
  if (edits.length === 0) return operation
  let text = operation.text
  for (const edit of edits.sort((a, b) => b.from - a.from))
    if (text.slice(edit.from, edit.to).match(/\.\.|\+\/-/) !== null)
      text = text.slice(0, edit.from) + edit.text + text.slice(edit.to)
  return Object.freeze({ ...made, text })
}
