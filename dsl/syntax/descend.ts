import type { Span } from '../source/span.ts'

/** Any node of the tree, seen from outside. */
export interface AnyNode {
  readonly type?: string
  readonly span?: Span
  readonly [field: string]: unknown
}

/** Several checks look at the same trees: each is gone through once. */
const remembered = new WeakMap<object, readonly AnyNode[]>()

/** Calls `enter` for every node below and including one, in the order of the text; spans are no nodes. */
export const descend = (node: unknown, enter: (node: AnyNode) => void): void => {
  if (typeof node !== 'object' || node === null) return
  let nodes = remembered.get(node)
  if (nodes === undefined) {
    const found: AnyNode[] = []
    gather(node, found)
    nodes = found
    remembered.set(node, nodes)
  }
  for (const one of nodes) enter(one)
}

const gather = (node: object, found: AnyNode[]): void => {
  if (Array.isArray(node)) {
    for (const one of node as readonly unknown[]) if (typeof one === 'object' && one !== null) gather(one, found)
    return
  }
  const one = node as AnyNode
  if (one.type !== undefined) found.push(one)
  for (const field in one) {
    const value = one[field]
    if (typeof value === 'object' && value !== null && !spans.has(field)) gather(value, found)
  }
}

const spans: ReadonlySet<string> = new Set(['span', 'kindSpan', 'open', 'content'])
