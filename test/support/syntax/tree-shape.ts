import type { Cell, Fence } from '../../../dsl/syntax/ast.ts'
import type { FenceText } from './print-file.ts'

/** A syntax tree without places: what two texts of one meaning have in common. */
export const treeShape = (node: unknown, fenceText: FenceText): unknown => {
  if (Array.isArray(node)) return node.map((one) => treeShape(one, fenceText))
  if (typeof node !== 'object' || node === null) return node
  if ('type' in node && node.type === 'fence')
    return { type: 'fence', info: (node as Fence).info, text: fenceText(node as Fence).trimEnd() }
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) if (!/span$/i.test(key)) out[key] = treeShape(value, fenceText)
  // A table's cells keep their padding.
  if (isCell(node)) out['text'] = node.text.trim()
  return out
}

const isCell = (node: object): node is Cell =>
  !('type' in node) && !('kind' in node) && !('name' in node) && 'text' in node && typeof node.text === 'string'
