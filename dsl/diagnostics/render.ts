import { lineText, positionAt } from '../source/line-map.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic } from './diagnostic.ts'
import { printable, textWidth } from './text-width.ts'

export interface RenderOptions {
  readonly color: boolean
  /** The path as it is shown; by default as the span names it. */
  readonly shown?: (path: string) => string
  /** Columns of the terminal; what can be fixed is said at its right end. 112 by default. */
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
  const frame = (at: Span, source: string, help: readonly string[]): readonly string[] => {
    const place = positionAt(source, at.start)
    const whole = lineText(source, place.line)
    const before = textWidth(printable(whole.slice(0, place.column - 1)))
    const marked = whole.slice(place.column - 1, place.column - 1 + (at.end - at.start))
    // Where a tab stands under the caret its arrow is marked, not the room behind it.
    const carets = Math.max(
      1,
      marked === '\t' ? 1 : textWidth(printable(whole.slice(0, place.column - 1) + marked)) - before,
    )
    const bar = ` ${' '.repeat(gutter)} |`
    const [first = '', ...more] = help
    const lead = `${bar} ${' '.repeat(before)}`
    return [
      `${paint('dim', ` ${`${place.line}`.padStart(gutter)} |`)} ${printable(whole)}`.trimEnd(),
      `${paint('dim', bar)} ${' '.repeat(before)}${paint(severity, '^'.repeat(carets))}${first === '' ? '' : ` ${first}`}`,
      ...more.map((one) => `${paint('dim', bar)}${lead.slice(bar.length)}${' '.repeat(carets + 1)}${one}`),
    ]
  }
  const lines = [...frame(span, text, diagnostic.help?.split('\n') ?? [])]
  if (diagnostic.fix !== undefined) {
    const plain = plainText(lines[1] ?? '')
    lines[1] = `${lines[1] ?? ''}${' '.repeat(Math.max(1, (options.width ?? defaultWidth) - fixNote.length - textWidth(plain)))}${paint('dim', fixNote)}`
  }
  for (const one of others) {
    const source = sources.get(one.span.file)?.text ?? ''
    if (one.span.file !== span.file) {
      const place = positionAt(source, one.span.start)
      lines.push(`    ${shown(one.span.file)}:${place.line}:${place.column}`)
    }
    lines.push(...frame(one.span, source, [one.text]))
  }
  return [head, ...lines, ...notes].join('\n')
}

const plainText = (line: string): string => line.replace(/\u001B\[\d+m/g, '')

/** All diagnostics, a blank line behind each. */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions,
): string => diagnostics.map((one) => `${renderDiagnostic(one, sources, options)}\n\n`).join('')
