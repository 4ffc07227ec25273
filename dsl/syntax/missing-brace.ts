import { declarationWords } from './statement-words.ts'

/** A `{` that was forgotten, by the look of the lines: what follows it up to the next declaration cannot be read as it is meant. */
export interface MissingBrace {
  /** The line, without its indentation and comment. */
  readonly start: number
  readonly end: number
  /** Where the next declaration begins. */
  readonly until: number
  /** The brace belongs at the end of the line; otherwise somewhere in it. */
  readonly atEnd: boolean
}

interface Line {
  readonly start: number
  readonly text: string
  readonly indent: number
  /** Braces that it opens less those that it closes, outside of strings, comments and blocks. */
  readonly net: number
}

const opensBlock =
  /^(?:@\S+\s+)*(?:scenario|property|steps|background|parallel|do|every|repeat|each|on|cluster|behavior|pool)\b/

/**
 * Looks only where a declaration closes more braces than it opens: there a `{` is missing, or a `}` is too many. Where no line
 * looks like the culprit it is left to the parser.
 */
export const missingBraces = (text: string): readonly MissingBrace[] => {
  const found: MissingBrace[] = []
  let lines: Line[] = []
  const close = (until: number): void => {
    const net = lines.reduce((sum, line) => sum + line.net, 0)
    const culprit = net < 0 ? culpritOf(lines) : undefined
    if (culprit !== undefined) found.push({ ...culprit, until })
    lines = []
  }
  for (const line of linesOf(text)) {
    const word = /^[a-z]+/.exec(line.text)?.[0]
    if (line.indent === 0 && (line.text.startsWith('@') || (word !== undefined && declarationWords.has(word))))
      close(line.start)
    lines.push(line)
  }
  close(text.length)
  return found
}

const culpritOf = (lines: readonly Line[]): Omit<MissingBrace, 'until'> | undefined => {
  for (const [index, line] of lines.entries()) {
    const place = { start: line.start + line.indent, end: line.start + line.indent + line.text.length }
    // `etcd fsync 5ms }`
    if (line.net < 0 && !line.text.startsWith('}') && /^[a-z][\w-]*\b.*}$/.test(line.text))
      return { ...place, atEnd: false }
    const next = lines.slice(index + 1).find((one) => one.text !== '')
    if (
      line.net === 0 &&
      opensBlock.test(line.text) &&
      !/[{}]/.test(line.text) &&
      next !== undefined &&
      next.indent > line.indent
    )
      return { ...place, atEnd: true }
  }
  return undefined
}

function* linesOf(text: string): Generator<Line> {
  let fence = 0
  let start = 0
  for (const raw of text.split('\n')) {
    const ticks = /`{3,}/.exec(raw)?.[0].length ?? 0
    if (fence > 0) {
      if (ticks >= fence && /^[ \t]*`{3}/.test(raw)) fence = 0
    } else {
      if (ticks > 0) fence = ticks
      const bare = raw
        .replace(/"(?:\\.|[^"\\])*"/g, (string) => '_'.repeat(string.length))
        .replace(/\$\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}/g, (inner) => '_'.repeat(inner.length))
        .replace(/(^|[ \t])#.*$/, '$1')
      const trimmed = bare.trim()
      const net = [...trimmed].reduce((sum, c) => sum + (c === '{' ? 1 : c === '}' ? -1 : 0), 0)
      yield { start, text: raw.trim().slice(0, trimmed.length), indent: bare.length - bare.trimStart().length, net }
    }
    start += raw.length + 1
  }
}
