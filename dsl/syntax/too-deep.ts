import type { Span } from '../source/span.ts'
import type { AnyNode } from './descend.ts'

/** Far more than anybody writes, and few enough for every walk through the tree. */
export const deepestNesting = 200

/** Whether a tree of that depth can stand in the text at all: it takes that many open brackets, or a very long line. */
const mayNest = (text: string): boolean => {
  let open = 0
  let lineStart = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        open += 1
        if (open > deepestNesting / 4) return true
        break
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (open > 0) open -= 1
        break
      case 0x0a:
        if (at - lineStart > deepestNesting) return true
        lineStart = at
    }
  }
  return text.length - lineStart > deepestNesting
}

/** The place at which a tree is nested more deeply than anything is willing to follow; undefined: nowhere. Needs no stack. */
export const tooDeep = (root: object, text: string): Span | undefined => {
  if (!mayNest(text)) return undefined
  let level: readonly object[] = [root]
  let span: Span | undefined
  for (let depth = 0; depth <= deepestNesting; depth += 1) {
    const below: object[] = []
    for (const node of level) {
      const place = (node as AnyNode).span
      if (place !== undefined) span = place
      for (const child of Object.values(node as AnyNode))
        if (typeof child === 'object' && child !== null) spread(child, below)
    }
    if (below.length === 0) return undefined
    level = below
  }
  return span ?? undefined
}

/** Lists are no level of their own. */
const spread = (value: object, into: object[]): void => {
  if (!Array.isArray(value)) into.push(value)
  else for (const one of value as readonly unknown[]) if (typeof one === 'object' && one !== null) spread(one, into)
}
