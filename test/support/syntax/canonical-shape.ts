import { canonicalCpu, canonicalDuration } from '../../../dsl/format/canonical.ts'
import { canonicalKind } from '../../../dsl/names/canonical-kind.ts'
import type { Noun } from '../../../dsl/syntax/ast.ts'

/** A tree's shape without the spellings that the formatter may choose. */
export const canonicalShape = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(canonicalShape)
  if (typeof node !== 'object' || node === null) return node
  const type = 'type' in node ? node.type : undefined
  const one = node as Readonly<Record<string, unknown>>
  if (type === 'noun') {
    const noun = node as Noun
    const kind = canonicalKind(noun)
    return { ...noun, kind, text: kind + noun.text.slice(noun.kind.length) }
  }
  if (type === 'measure') return { ...one, text: canonicalDuration(one['text'] as string) }
  if (type === 'bare') return { ...one, text: canonicalCpu(one['text'] as string) }
  const out = Object.fromEntries(Object.entries(one).map(([key, value]) => [key, canonicalShape(value)]))
  if (type === 'step' || type === 'matches') {
    // Clauses stand before the block.
    const clauses = out['clauses'] as readonly { readonly kind: string }[]
    const last = (clause: { readonly kind: string }): number => Number(clause.kind === 'overlay')
    out['clauses'] = [...clauses].sort((a, b) => last(a) - last(b))
  }
  return out
}
