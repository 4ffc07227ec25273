import type { Span } from '../source/span.ts'

/** Any node of the syntax tree, whatever its type. */
export interface AnyNode {
  readonly type?: string
  readonly span?: Span
}

/** The nodes directly below one, in the order of the tree. */
export const childrenOf = (node: AnyNode): readonly AnyNode[] => {
  const out: AnyNode[] = []
  const add = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) add(one)
    else if (typeof value === 'object' && value !== null) out.push(value)
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'span' && key !== 'kindSpan') add(value)
  return out
}
