import type { Span } from '../source/span.ts'
import { descend, type AnyNode } from '../syntax/descend.ts'
import { parseSlice } from '../syntax/parse.ts'

/**
 * Every name that a part of a tree mentions: bare words, calls, `do`, `since`, users, and what stands in `${…}` of strings,
 * words and blocks. A name may be counted that means something else there; none is missed.
 */
export const usedNames = (root: unknown, text: string): ReadonlySet<string> => {
  const names = new Set<string>()
  const add = (name: unknown): void => {
    if (typeof name !== 'string' || name === '') return
    names.add(name)
    // `lib.web` mentions `lib`, and a bare word of a setting may be one of several.
    const dot = name.indexOf('.')
    if (dot > 0) names.add(name.slice(0, dot))
  }
  const nameOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined
  const enter = (node: AnyNode): void => {
    switch (node.type) {
      case 'noun':
        if (node['form'] === 'bare') add(node['text'])
        interpolated(textOf(node.span), names)
        if (node['form'] === 'ref' && node['kind'] === 'user') add(node['name'])
        return
      case 'call':
      case 'do':
        add(nameOf(node['name']))
        add(nameOf(node['since']))
        return
      case 'changes':
        add(nameOf(node['since']))
        return
      case 'cluster':
        add(nameOf(node['name']))
        add(nameOf(node['from']))
        return
      case 'bare':
        add(node['text'])
        interpolated(textOf(node.span), names)
        return
      case 'string':
      case 'fence':
        interpolated(textOf(node.span), names)
        return
      case 'cases':
        for (const cell of textOf(node.span).split('|')) add(cell.trim())
        return
      case 'explore':
        // `example { replicas = 2 }` names what is generated.
        return
      default:
    }
  }
  const textOf = (span: Span | undefined): string => (span === undefined ? '' : text.slice(span.start, span.end))
  descend(root, enter)
  return names
}

/** The names in `${…}` of a text; paths nest one pair of braces. */
const interpolated = (text: string, names: Set<string>): void => {
  for (const [, inner = ''] of text.matchAll(/\$\{((?:[^{}\r\n]|\{[^{}\r\n]*\})*)\}/g)) {
    const parsed = parseSlice('Temporal', inner.trim(), { file: '', start: 0 })
    if (!parsed.ok) for (const [word] of inner.matchAll(/[A-Za-z_][\w-]*/g)) names.add(word)
    else for (const one of usedNames(parsed.node, inner.trim())) names.add(one)
  }
}
