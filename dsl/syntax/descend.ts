import type { Span } from '../source/span.ts'

/** Any node of the tree, seen from outside. */
export interface AnyNode {
  readonly type?: string
  readonly span?: Span
  readonly [field: string]: unknown
}

/** Calls `enter` for every node below and including one, in the order of the text; spans are no nodes. */
export const descend = (node: unknown, enter: (node: AnyNode) => void): void => {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const one of node) descend(one, enter)
    return
  }
  const one = node as AnyNode
  if (one.type !== undefined) enter(one)
  for (const field of Object.keys(one)) if (!isSpan(field)) descend(one[field], enter)
}

const isSpan = (field: string): boolean =>
  field === 'span' || field === 'kindSpan' || field === 'open' || field === 'content'
