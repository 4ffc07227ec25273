import type { Json } from '../../api/object.ts'
import type { YamlEntry, YamlNode } from './node.ts'

const space = 0x20
const newline = 0x0a
const hash = 0x23
const colon = 0x3a
const dash = 0x2d
const openers = new Set(['[', '{'])
/** What no plain scalar of the common form begins with; `-` is looked at by itself. */
const indicators = new Set([...'?:,[]{}#&*!|>\'"%@`-'])

/**
 * Reads the YAML that nearly every manifest is made of: block and one-line flow collections, scalars of one line, literal
 * blocks, comments, several documents. undefined: the text is not of that form, or is wrong; the full parser reads it then.
 * What is read has the very nodes that the full parser builds.
 */
export const parseCommonYaml = (
  text: string,
  plain: (text: string) => Json | undefined,
): readonly YamlNode[] | undefined => {
  if (/[\t\r\uFEFF\u0085\u2028\u2029]|^%|^\.\.\.|^---[^\n]/m.test(text)) return undefined
  const documents: YamlNode[] = []
  let from = 0
  for (const part of text.split(/^---$/m)) {
    const reader = createReader(part, from, plain)
    from += part.length + 3
    const root = reader.root()
    if (root === undefined) return undefined
    if (root !== null && !(root.kind === 'scalar' && root.value === null)) documents.push(root)
  }
  return documents
}

type QuotedNode = YamlNode & { readonly kind: 'scalar'; readonly value: string }

interface Reader {
  /** null: an empty document; undefined: not of the common form. */
  root(): YamlNode | null | undefined
}

const createReader = (text: string, base: number, plain: (text: string) => Json | undefined): Reader => {
  let pos = 0
  /** Column of the text at `pos` when a line has just been entered; -1: the text is over. */
  let column = 0

  const atLineEnd = (at: number): boolean => at >= text.length || text.charCodeAt(at) === newline
  const skipSpaces = (): void => {
    while (text.charCodeAt(pos) === space) pos += 1
  }
  /** From the start of a line to the next text that is neither blank nor a comment. */
  const enterLine = (): void => {
    for (;;) {
      const start = pos
      skipSpaces()
      if (pos >= text.length) {
        column = -1
        return
      }
      const code = text.charCodeAt(pos)
      if (code !== newline && code !== hash) {
        column = pos - start
        return
      }
      const end = text.indexOf('\n', pos)
      pos = end === -1 ? text.length : end + 1
    }
  }
  /** Past the rest of a line, which must hold nothing but a comment, and into the next one. */
  const leaveLine = (): boolean => {
    const before = pos
    skipSpaces()
    if (!atLineEnd(pos)) {
      if (text.charCodeAt(pos) !== hash || pos === before) return false
      const end = text.indexOf('\n', pos)
      pos = end === -1 ? text.length : end
    }
    pos += 1
    enterLine()
    return true
  }
  const blankAfter = (at: number): boolean => atLineEnd(at) || text.charCodeAt(at) === space
  const nothing = (at: number): YamlNode => ({
    kind: 'scalar',
    value: null,
    quoted: false,
    start: base + at,
    end: base + at,
  })

  /** A scalar in quotes without escapes, of one line. */
  const quoted = (): QuotedNode | undefined => {
    const start = pos
    const quote = text[pos] ?? ''
    const end = text.indexOf(quote, pos + 1)
    if (end === -1 || text[end + 1] === quote) return undefined
    const value = text.slice(start + 1, end)
    if (value.includes('\n') || (quote === '"' && value.includes('\\'))) return undefined
    pos = end + 1
    return { kind: 'scalar', value, quoted: true, start: base + start, end: base + pos }
  }
  /** End of a plain scalar that begins at `pos`; it ends before `: `, ` #` and, in a flow collection, brackets and commas. */
  const plainEnd = (flow: boolean): number => {
    const first = text[pos] ?? ''
    if (
      indicators.has(first) &&
      !(first === '-' && !blankAfter(pos + 1) && !(flow && ',[]{}'.includes(text[pos + 1] ?? '')))
    )
      return -1
    let at = pos
    for (; !atLineEnd(at); at += 1) {
      const code = text.charCodeAt(at)
      if (code === colon && (blankAfter(at + 1) || (flow && ',[]{}'.includes(text[at + 1] ?? '')))) break
      if (code === hash && text.charCodeAt(at - 1) === space) break
      if (flow && ',[]{}'.includes(text[at] ?? '')) break
    }
    while (text.charCodeAt(at - 1) === space) at -= 1
    return at
  }
  const plainNode = (start: number, end: number): YamlNode | undefined => {
    const value = plain(text.slice(start, end))
    return value === undefined
      ? undefined
      : { kind: 'scalar', value, quoted: false, start: base + start, end: base + end }
  }

  const flowKey = (): YamlEntry | undefined => {
    const start = pos
    let key: string
    if (text[pos] === '"' || text[pos] === "'") {
      const node = quoted()
      if (node === undefined) return undefined
      key = node.value
    } else {
      const end = plainEnd(true)
      if (end <= start) return undefined
      key = text.slice(start, end)
      pos = end
    }
    const entry = { key, start: base + start, end: base + pos }
    // `{ a :b }` and `{ a }` are left to the full parser.
    if (text.charCodeAt(pos) !== colon || text.charCodeAt(pos + 1) !== space || key === '<<') return undefined
    pos += 2
    skipSpaces()
    const value = flowValue()
    return value === undefined ? undefined : { ...entry, value }
  }
  const flowValue = (): YamlNode | undefined => {
    const first = text[pos] ?? ''
    if (first === '"' || first === "'") return quoted()
    if (openers.has(first)) return flow()
    const start = pos
    const end = plainEnd(true)
    if (end <= start) return undefined
    pos = end
    return plainNode(start, end)
  }
  const flow = (): YamlNode | undefined => {
    const start = pos
    const isMap = text[pos] === '{'
    const closer = isMap ? '}' : ']'
    const entries: YamlEntry[] = []
    const items: YamlNode[] = []
    const keys = new Set<string>()
    pos += 1
    for (;;) {
      skipSpaces()
      if (text[pos] === closer) break
      if (isMap) {
        const entry = flowKey()
        if (entry === undefined || keys.has(entry.key)) return undefined
        keys.add(entry.key)
        entries.push(entry)
      } else {
        const item = flowValue()
        if (item === undefined) return undefined
        items.push(item)
      }
      skipSpaces()
      if (text[pos] === ',') pos += 1
      else if (text[pos] !== closer) return undefined
    }
    pos += 1
    const at = { start: base + start, end: base + pos }
    return isMap ? { kind: 'map', entries, ...at } : { kind: 'list', items, ...at }
  }

  /** `|` and `|-`, deeper than `parent`. */
  const literal = (parent: number): YamlNode | undefined => {
    const start = pos
    const strip = text[pos + 1] === '-'
    pos += strip ? 2 : 1
    if (text.charCodeAt(pos) !== newline) return undefined
    pos += 1
    const lines: string[] = []
    let indent = -1
    let contentEnd = pos
    while (pos < text.length) {
      const found = text.indexOf('\n', pos)
      const end = found === -1 ? text.length : found
      let first = pos
      while (first < end && text.charCodeAt(first) === space) first += 1
      if (first === end) {
        // A blank line with spaces of its own is rare, and a rule of its own.
        if (first > pos && (indent === -1 || first - pos > indent)) return undefined
        lines.push('')
      } else {
        if (indent === -1) indent = first - pos
        if (indent <= parent) return undefined
        if (first - pos < indent) {
          if (first - pos > parent) return undefined
          break
        }
        lines.push(text.slice(pos + indent, end))
        contentEnd = end
      }
      pos = end + 1
    }
    if (indent === -1 || (pos > text.length && contentEnd === text.length)) return undefined
    while (lines.at(-1) === '') lines.pop()
    if (pos > text.length) pos = text.length
    enterLine()
    const value = lines.join('\n') + (strip ? '' : '\n')
    return { kind: 'scalar', value, quoted: true, start: base + start, end: base + contentEnd }
  }

  /** What stands at `pos`, in a collection of indentation `parent`; `own` is the column of `pos`. Leaves its last line. */
  const node = (parent: number, own: number): YamlNode | undefined => {
    const first = text[pos] ?? ''
    if (first === '-' && blankAfter(pos + 1)) return list(own)
    if (openers.has(first)) {
      const value = flow()
      return value !== undefined && leaveLine() ? value : undefined
    }
    if (first === '|') return literal(parent)
    const start = pos
    let value: YamlNode | undefined
    if (first === '"' || first === "'") {
      value = quoted()
      if (value === undefined) return undefined
    } else {
      const end = plainEnd(false)
      if (end <= start) return undefined
      pos = end
    }
    if (text.charCodeAt(pos) === colon && blankAfter(pos + 1)) {
      pos = start
      return own < 0 ? undefined : map(own)
    }
    value ??= plainNode(start, pos)
    return value !== undefined && leaveLine() ? value : undefined
  }
  /** After `key:` or `-` in a collection of this indentation. */
  const valueOf = (indent: number, inMap: boolean): YamlNode | undefined => {
    const after = pos
    skipSpaces()
    const code = text.charCodeAt(pos)
    if (!atLineEnd(pos) && !(code === hash && pos > after)) {
      if (!inMap) return node(indent, indent + 1 + (pos - after))
      // No map begins on the line of its key.
      return text.charCodeAt(pos) === dash && blankAfter(pos + 1) ? undefined : node(indent, -1)
    }
    if (!leaveLine()) return undefined
    if (column > indent) return node(indent, column)
    const listHere = inMap && column === indent && text.charCodeAt(pos) === dash && blankAfter(pos + 1)
    return listHere ? list(column) : nothing(after)
  }
  const map = (indent: number): YamlNode | undefined => {
    const start = base + pos
    const entries: YamlEntry[] = []
    const keys = new Set<string>()
    do {
      const entry = blockEntry(indent)
      if (entry === undefined || keys.has(entry.key)) return undefined
      keys.add(entry.key)
      entries.push(entry)
    } while (column === indent)
    if (column > indent) return undefined
    return { kind: 'map', entries, start, end: entries.at(-1)?.value.end ?? start }
  }
  const blockEntry = (indent: number): YamlEntry | undefined => {
    const start = pos
    let key: string
    if (text[pos] === '"' || text[pos] === "'") {
      const node = quoted()
      if (node === undefined) return undefined
      key = node.value
    } else {
      const end = plainEnd(false)
      if (end <= start) return undefined
      key = text.slice(start, end)
      pos = end
    }
    if (text.charCodeAt(pos) !== colon || !blankAfter(pos + 1) || key === '<<' || key.length > 1000) return undefined
    const end = pos
    pos += 1
    const value = valueOf(indent, true)
    return value === undefined ? undefined : { key, start: base + start, end: base + end, value }
  }
  const list = (indent: number): YamlNode | undefined => {
    const start = base + pos
    const items: YamlNode[] = []
    do {
      if (text.charCodeAt(pos) !== dash || !blankAfter(pos + 1)) break
      pos += 1
      const item = valueOf(indent, false)
      if (item === undefined) return undefined
      items.push(item)
    } while (column === indent)
    if (column > indent) return undefined
    return { kind: 'list', items, start, end: items.at(-1)?.end ?? start }
  }

  return {
    root() {
      enterLine()
      if (column === -1) return null
      const root = node(-1, column)
      return root !== undefined && column === -1 ? root : undefined
    },
  }
}
