import { lineStarts } from '../source/line-map.ts'
import type { Span } from '../source/span.ts'
import type { Body, Declaration, File, Statement, Tag } from '../syntax/ast.ts'

/** The tags of one line. */
export interface TagLine {
  readonly type: 'tags'
  readonly tags: readonly Tag[]
  readonly span: Span
}

export type Sentence = Statement | Declaration['item'] | TagLine

/** The innermost sentence that has a part of a line; of several the first. */
export const findStatement = (file: File, text: string, line: number): Sentence | undefined => {
  const starts = lineStarts(text)
  const from = starts[line - 1]
  if (from === undefined) return undefined
  const to = starts[line] ?? text.length + 1
  const touches = (node: Sentence): boolean => node.span.start < to && lastOf(node, text) > from
  let found: Sentence | undefined
  const visit = (node: Sentence): void => {
    if (!touches(node)) return
    // A block is meant on its own lines only: on those of its statements these are.
    const bodies = bodiesOf(node)
    const before = found
    for (const item of bodies.flatMap((body) => body.items)) {
      if (item.type === 'bad') continue
      if (found === before) visit(item)
    }
    if (found === before && (bodies.length === 0 || onOwnLine(bodies, from, to, node))) found = node
  }
  for (const item of file.items) {
    if (item.type !== 'declaration' || found !== undefined) continue
    const tags = item.tags.filter(({ span }) => span.start < to && span.end > from)
    const [first, last] = [tags[0], tags.at(-1)]
    if (first !== undefined && last !== undefined)
      found = { type: 'tags', tags, span: { ...first.span, end: last.span.end } }
    if (found === undefined) visit(item.item)
  }
  return found
}

/** A table takes the line break behind its last row. */
const lastOf = (node: Sentence, text: string): number =>
  node.span.start + text.slice(node.span.start, node.span.end).trimEnd().length

const bodiesOf = (node: Sentence): readonly Body[] => {
  if ('body' in node) return [node.body]
  if (node.type === 'changes' && node.if !== null) return [node.if]
  return node.type === 'explore' && node.plan !== null ? [node.plan] : []
}

/** The line holds the opening or the closing of the block, not the space between its statements. */
const onOwnLine = (bodies: readonly Body[], from: number, to: number, node: Sentence): boolean =>
  bodies.some(({ span }) => (node.span.start < to && from <= span.start) || (from < span.end && span.end <= to)) ||
  bodies.every(({ span }) => span.end <= from)
