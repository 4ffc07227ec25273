/** Something that opens and is never closed. */
export interface Opening {
  readonly kind: 'fence' | 'brace' | 'string' | 'bracket' | 'parenthesis' | 'regex'
  readonly at: number
}

interface Sign {
  readonly sign: string
  readonly at: number
}

const kinds: Readonly<Record<string, Opening['kind']>> = { '{': 'brace', '[': 'bracket', '(': 'parenthesis' }
const closers: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' }

/**
 * What a stretch opens and does not close: the outermost brace or the fence that its end runs into, or else the first string,
 * list or parenthesis that a line leaves open. What stands in strings, comments and closed fences does not count.
 */
export const unclosedIn = (text: string): Opening | undefined => {
  const open: Sign[] = []
  let small: Opening | undefined
  let forgotten: Sign | undefined
  let at = 0
  const note = (kind: Opening['kind'], where: number): void => {
    small ??= { kind, at: where }
  }
  while (at < text.length) {
    const c = text[at] ?? ''
    if (c === '#') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end
    } else if (c === '"') {
      const string = matchAt(/"(?:\\.|[^"\\\n])*"/y, text, at)
      if (string !== undefined) at += string.length
      else {
        note('string', at)
        const end = text.indexOf('\n', at)
        at = end === -1 ? text.length : end
      }
    } else if (text.startsWith('```', at)) {
      const ticks = matchAt(/`+/y, text, at)?.length ?? 3
      const close = new RegExp(`\\n[ \\t]*\`{${ticks},}`, 'g')
      close.lastIndex = at
      if (close.exec(text) === null) return { kind: 'fence', at }
      at = close.lastIndex
    } else if (c === '/' && /(?:saying|because|matches|exactly)[ \t]+$/.test(text.slice(Math.max(0, at - 12), at))) {
      const regex = matchAt(/\/(?:\\.|[^/\\\n])+\//y, text, at)
      if (regex === undefined) note('regex', at)
      at += regex?.length ?? 1
    } else {
      if (kinds[c] !== undefined) open.push({ sign: c, at })
      else if (closers[c] !== undefined) {
        if (c === '}') forgotten ??= skipped(text, at, open)
        close(c, open, note)
      }
      at += 1
    }
  }
  const brace = forgotten ?? open.find((one) => one.sign === '{')
  if (brace !== undefined) return { kind: 'brace', at: brace.at }
  for (const one of open) note(kinds[one.sign] ?? 'bracket', one.at)
  return small
}

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** A closing sign ends what it belongs to; what was opened inside and is still open was forgotten. */
const close = (sign: string, open: Sign[], note: (kind: Opening['kind'], at: number) => void): void => {
  const wanted = closers[sign]
  const from = open.findLastIndex((one) => one.sign === wanted)
  if (from === -1) return
  for (const one of open.splice(from).slice(1)) note(kinds[one.sign] ?? 'bracket', one.at)
}

/** The brace that was forgotten, if a closing one stands below an outer one and not below the one that it closes by count. */
const skipped = (text: string, at: number, open: readonly Sign[]): Sign | undefined => {
  const indent = indentAt(text, at)
  const braces = open.filter((one) => one.sign === '{')
  const inner = braces.at(-1)
  if (inner === undefined || text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trim() !== '') return undefined
  // A block that opened on this very line is closed by its own.
  if (indentAt(text, inner.at) <= indent || !braces.some((one) => indentAt(text, one.at) === indent)) return undefined
  return inner
}

const indentAt = (text: string, at: number): number => {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return matchAt(/[ \t]*/y, text, start)?.length ?? 0
}
