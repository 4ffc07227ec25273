import { lineText, positionAt } from '../source/line-map.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic } from './diagnostic.ts'
import { printable, textWidth } from './text-width.ts'

export interface RenderOptions {
  readonly color: boolean
  /** The path as it is shown; by default as the span names it. */
  readonly shown?: (path: string) => string
  /** Columns of the terminal: advice is broken to fit, and what can be fixed is said at the right end. Unbroken by default. */
  readonly width?: number
}

const fixNote = '[fix available]'
const defaultWidth = 112
const tones = {
  error: '\u001B[31m',
  warning: '\u001B[33m',
  bold: '\u001B[1m',
  dim: '\u001B[2m',
  none: '\u001B[0m',
} as const

/** One diagnostic with its code frame (language reference 5.1), without a newline at the end. */
export const renderDiagnostic = (
  diagnostic: Diagnostic,
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions,
): string => {
  const paint = (tone: keyof typeof tones, text: string): string =>
    options.color ? `${tones[tone]}${text}${tones.none}` : text
  const shown = options.shown ?? ((path: string): string => path)
  const { severity, code, span, message, labels } = diagnostic
  const text = sources.get(span.file)?.text ?? ''
  const { line, column } = positionAt(text, span.start)
  const head = `${paint(severity, `${severity}[${code}]`)} ${shown(span.file)}:${line}:${column}  ${paint('bold', message)}`
  const notes = diagnostic.notes.map((note) => `    = ${note}`)
  if (text === '')
    return [head, ...notes, ...(diagnostic.help === undefined ? [] : [`    = ${diagnostic.help}`])].join('\n')
  const others = labels.filter((one) => sources.has(one.span.file))
  const gutter = Math.max(
    2,
    ...[span, ...others.map((one) => one.span)].map(
      (one) => `${positionAt(sources.get(one.file)?.text ?? '', one.start).line}`.length,
    ),
  )
  const width = options.width ?? defaultWidth
  const bar = ` ${' '.repeat(gutter)} |`
  const frame = (at: Span, source: string, help: string, fix: boolean): readonly string[] => {
    const place = positionAt(source, at.start)
    const line = cropped(
      lineText(source, place.line),
      place.column - 1,
      at.end - at.start,
      (options.width ?? Infinity) - bar.length - 1,
    )
    const underline = `${' '.repeat(line.before)}${paint(severity, '^'.repeat(line.carets))}`
    const used = bar.length + 1 + line.before + line.carets
    const note = fix ? fixNote.length + 1 : 0
    const lines = help === '' ? [] : help.split('\n')
    const first = lines[0] ?? ''
    // Beside the carets if it fits there, else below them, as far left as it must.
    const beside = first !== '' && used + 1 + textWidth(first) + note <= (options.width ?? Infinity)
    const indent = beside
      ? line.before + line.carets + 1
      : Math.max(0, Math.min(line.before, width - bar.length - 1 - 44))
    const rest = (beside ? lines.slice(1) : lines).flatMap((one) =>
      wrapped(one, (options.width ?? Infinity) - bar.length - 1 - indent),
    )
    const head = `${paint('dim', bar)} ${underline}${beside ? ` ${first}` : ''}`
    const room = width - fixNote.length - used - (beside ? 1 + textWidth(first) : 0)
    return [
      `${paint('dim', ` ${`${place.line}`.padStart(gutter)} |`)} ${line.text}`.trimEnd(),
      fix ? `${head}${' '.repeat(Math.max(1, room))}${paint('dim', fixNote)}` : head,
      ...rest.map((one) => `${paint('dim', bar)} ${' '.repeat(indent)}${one}`),
    ]
  }
  const lines = [...frame(span, text, diagnostic.help ?? '', diagnostic.fix !== undefined)]
  for (const one of others) {
    const source = sources.get(one.span.file)?.text ?? ''
    if (one.span.file !== span.file) {
      const place = positionAt(source, one.span.start)
      lines.push(`    ${shown(one.span.file)}:${place.line}:${place.column}`)
    }
    lines.push(...frame(one.span, source, one.text, false))
  }
  return [head, ...lines, ...notes].join('\n')
}

interface Cropped {
  readonly text: string
  /** Columns before the carets, and how many carets there are. */
  readonly before: number
  readonly carets: number
}

/** The part of a long line around a stretch of it, as it is printed. */
const cropped = (line: string, column: number, marks: number, room: number): Cropped => {
  const { whole, from, length, left } = nearby(line, column, marks, Math.max(room, 40))
  const before = textWidth(printable(whole.slice(0, from)))
  const marked = whole.slice(from, from + length)
  // Where a tab stands under the caret its arrow is marked, not the room behind it.
  const carets = Math.max(1, marked === '\t' ? 1 : textWidth(printable(whole.slice(0, from) + marked)) - before)
  const shown = printable(whole)
  if (!left && textWidth(shown) <= Math.max(room, 40)) return { text: shown, before, carets }
  const space = Math.max(room, 40) - 2
  // A third of the room for what stands before.
  const skip = before + carets <= space ? 0 : Math.max(0, before - Math.floor(space / 3))
  const tail = cut(shown, skip, space)
  const rest = textWidth(shown) > skip + space
  return {
    text: `${skip > 0 || left ? '…' : ''}${tail}${rest ? '…' : ''}`,
    before: before - skip + (skip > 0 || left ? 1 : 0),
    carets: Math.max(1, Math.min(carets, space - (before - skip))),
  }
}

interface Nearby {
  readonly whole: string
  readonly from: number
  readonly length: number
  /** Something stands before it. */
  readonly left: boolean
}

/** As much of an endless line as can be shown: many mistakes in one line are not to measure all of it again and again. */
const nearby = (whole: string, from: number, length: number, room: number): Nearby => {
  const reach = 4 * room
  if (whole.length <= 3 * reach) return { whole, from, length, left: false }
  let start = Math.max(0, from - reach)
  // Not between the halves of a character.
  if (start > 0 && (whole.charCodeAt(start) & 0xfc00) === 0xdc00) start -= 1
  const marked = Math.min(length, reach)
  return { whole: whole.slice(start, from + marked + reach), from: from - start, length: marked, left: start > 0 }
}

/** `length` columns of a printable text from a column on. */
const cut = (text: string, from: number, length: number): string => {
  let out = ''
  let column = 0
  for (const character of text) {
    const width = textWidth(character)
    if (column >= from && column + width <= from + length) out += character
    else if (column < from && column + width > from) out += ' '
    column += width
  }
  return out
}

/** A line of advice broken at blanks, later lines indented. Words longer than the room stay whole. */
const wrapped = (text: string, room: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > Math.max(room, 24)) {
      lines.push(line)
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** All diagnostics, a blank line behind each. */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions,
): string => diagnostics.map((one) => `${renderDiagnostic(one, sources, options)}\n\n`).join('')
