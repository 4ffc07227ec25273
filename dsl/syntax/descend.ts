import type { Span } from '../source/span.ts'

/** Any node of the tree, seen from outside. */
export interface AnyNode {
  readonly type?: string
  readonly span?: Span
  readonly [field: string]: unknown
}

/** Many checks walk the same tree: its nodes are listed once. */
const listed = new WeakMap<object, readonly AnyNode[]>()

/** Calls `enter` for every node below and including one, in the order of the text; spans are no nodes. */
export const descend = (node: unknown, enter: (node: AnyNode) => void): void => {
  if (typeof node !== 'object' || node === null) return
  let nodes = listed.get(node)
  if (nodes === undefined) {
    const found: AnyNode[] = []
    list(node, found)
    nodes = found
    listed.set(node, nodes)
  }
  for (const one of nodes) enter(one)
}

const list = (node: object, out: AnyNode[]): void => {
  if (Array.isArray(node)) {
    for (const one of node as readonly unknown[]) if (typeof one === 'object' && one !== null) list(one, out)
    return
  }
  const one = node as AnyNode
  if (one.type !== undefined) out.push(one)
  for (const field of Object.keys(one)) {
    const value = one[field]
    if (typeof value === 'object' && value !== null && !isSpan(field)) list(value, out)
  }
}

const isSpan = (field: string): boolean =>
  field === 'span' || field === 'kindSpan' || field === 'open' || field === 'content'
