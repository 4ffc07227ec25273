import { renderDiagnostic } from '../dsl/diagnostics/render.ts'
import type { Span } from '../dsl/source/span.ts'
import type { Finding } from '../runtime/record/finding.ts'
import type { Revision } from '../runtime/record/revision.ts'
import type { RequestNote } from '../runtime/record/request-note.ts'
import type { Record } from '../runtime/record/record.ts'
import { drawLanes } from './lanes.ts'
import { nounOf } from '../api/noun-of.ts'
import type { Paint } from './paint.ts'
import { printPosition } from './position.ts'
import { printDifference } from './print-difference.ts'
import { printDuration, printTime } from './print-time.ts'
import { refusedField } from './refused-field.ts'
import { asker, recentEntries } from './recent-entries.ts'
import { replayCommand } from './replay-command.ts'
import type { ReportContext } from './reporter.ts'
import { visibleFinding } from './visible-finding.ts'
import { visibleText } from './visible-text.ts'
import { wrapLine } from './wrap-line.ts'

export interface FindingStyle {
  readonly context: ReportContext
  readonly paint: Paint
}

/** Columns: left-aligned, two spaces between, the last one free. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd(),
  )
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `  ${title}`, ...lines.map((line) => `    ${line}`)]

const comparisonsOf = (finding: Finding, paint: Paint): string[] =>
  finding.comparisons.flatMap((comparison) => {
    const { subject, expected, actual } = comparison
    // A sentence about one thing has said it in its first line.
    const said = finding.message.startsWith(`${subject} expected ${expected}, was ${actual}`)
    const line = `  ${paint('strong', subject)}  expected ${paint('good', expected)}, was ${paint('bad', actual)}`
    const rows = table(
      comparison.rows.map((row) =>
        row.expected === '' ? [row.what, row.actual] : [row.what, `expected ${row.expected}`, `actual ${row.actual}`],
      ),
    )
    return [...(said ? [] : [line]), ...rows.map((row) => `    ${row}`)]
  })

/** Where the pattern stands, and which version of the object it was laid on. */
const headsOf = (record: Record, finding: Finding, context: ReportContext): readonly [string, string] => {
  const { timeline } = record
  const subject = finding.difference?.subject ?? ''
  const written = timeline
    .about(subject)
    .filter((entry) => timeline.kind(entry) === 'revision' && timeline.time(entry) <= finding.at)
    .at(-1)
  const expected = `expected  ${printPosition(finding.span, context.sources)}`
  const actual = `actual    ${nounOf(subject)} at ${printTime(finding.at)}`
  if (written === undefined) return [expected, actual]
  const { revision } = timeline.data(written) as Revision
  // The write is answered right behind it.
  const answer = timeline.about(subject).find((entry) => entry > written && timeline.kind(entry) === 'request')
  const writer =
    answer === undefined || timeline.cause(answer) !== written
      ? ''
      : `, by ${asker(timeline.data(answer) as RequestNote)}`
  return [expected, `${actual} (revision ${revision}${writer})`]
}

const differenceOf = (record: Record, finding: Finding, { context, paint }: FindingStyle): string[] => {
  const { difference } = finding
  if (difference === undefined) return []
  return [
    `  ${paint('strong', nounOf(difference.subject))}  does not match`,
    ...table(difference.rows.map((row) => [row.path, `expected ${row.expected}`, `actual ${row.actual}`])).map(
      (line) => `    ${line}`,
    ),
    '',
    ...printDifference(difference, paint, headsOf(record, finding, context)).map((line) => `    ${line}`),
  ]
}

const lookAheadOf = (finding: Finding): string[] => {
  const { lookAhead, at, began } = finding
  if (lookAhead === undefined) return []
  switch (lookAhead.outcome) {
    case 'became-true': {
      const needed = printDuration(Math.ceil((lookAhead.at - began) / 1_000_000) * 1_000_000)
      const fix = finding.deadline === undefined ? `add \`within ${needed}\`` : `it needs \`within ${needed}\``
      return [`became true ${printDuration(lookAhead.at - at)} later (${printTime(lookAhead.at)}): ${fix}`]
    }
    case 'settled-false':
      return [`still false when the cluster had settled at ${printTime(lookAhead.at)}`]
    case 'still-false':
      return [`not true by ${printTime(lookAhead.at)} either; the cluster had not settled`]
  }
}

/** How close the run's monitors came to their bounds. */
const monitorsOf = (record: Record, { sentence }: Finding, { width }: ReportContext): string[] =>
  record.sentences.flatMap(({ text, held, margin }) => {
    if (margin === undefined) return []
    const { minimum, maximum, states } = margin
    const seen = `${held ? 'held' : 'broke'} (minimum ${minimum}, maximum ${maximum}, ${states} state${states === 1 ? '' : 's'})`
    const room = Math.max(20, width - seen.length - 16)
    const name = text === sentence ? 'this one' : text.length > room ? `${text.slice(0, room - 1)}…` : text
    return [`${name} ${seen}`]
  })

/** The first line of the statement: what a frame can show. */
const firstLine = (span: Span, text: string): Span => {
  const end = text.indexOf('\n', span.start)
  return { ...span, end: Math.min(span.end, end < 0 ? span.end : end) }
}

/** What broke, in a line. What the script could not do is shown in the text, at the very field if the server named one. */
const headOf = (finding: Finding, { context, paint }: FindingStyle): string[] => {
  const { severity, code, message } = finding
  if (severity !== 'error') {
    return [
      `  ${severity === 'warning' ? paint('warn', `warning[${code}]`) : paint('bad', `broke[${code}]`)} ${message}`,
    ]
  }
  const text = context.sources.get(finding.span.file) ?? ''
  const span = refusedField(finding, context.sources) ?? firstLine(finding.span, text)
  const sources = new Map([[span.file, { path: span.file, text }]])
  const diagnostic = { code, severity, span, message, labels: [], notes: [], help: undefined, fix: undefined } as const
  return renderDiagnostic(diagnostic, sources, { color: context.color, shown: visibleText })
    .split('\n')
    .map((line) => `  ${line}`)
}

/** A finding as language.md 5.2 shows it: sentence, expected against actual, why, timeline, look-ahead, replay. */
export const explainFinding = (record: Record, told: Finding, style: FindingStyle): string => {
  const finding = visibleFinding(told)
  const { context, paint } = style
  const instants = [
    `began ${printTime(finding.began)}`,
    finding.deadline === undefined ? `judged ${printTime(finding.at)}` : `deadline ${printTime(finding.deadline)}`,
    ...(finding.deadline !== undefined && finding.at !== finding.deadline ? [`broke ${printTime(finding.at)}`] : []),
  ].join(', ')
  const from = finding.began < finding.at ? finding.began : Math.max(0, finding.at - 10_000_000)
  const lanes = drawLanes(record.timeline, told.subjects.slice(0, 5), {
    from,
    to: finding.at,
    width: context.width,
  }).map(visibleText)
  const footer = table([
    ...lookAheadOf(finding).map((line) => ['look-ahead', line]),
    ...monitorsOf(record, finding, context).map((line, index) => [index === 0 ? 'monitors' : '', line]),
    ...(finding.nearMiss === undefined ? [] : [['near miss', finding.nearMiss]]),
    ...finding.help.map((line) => ['help', line]),
    ['replay', visibleText(replayCommand(record, context.sources))],
  ])
  const drawn = new Set([...lanes.map((line) => `    ${line}`)])
  const fitted = (line: string): string[] => (drawn.has(line) ? [line] : wrapLine(line, context.width))
  return [
    `  ${paint('strong', finding.sentence.replace(/\s*`{3,}$/, ' …'))}`,
    `  ${paint('accent', printPosition(finding.span, context.sources))}   ${paint('faint', instants)}`,
    '',
    ...headOf(finding, style),
    ...comparisonsOf(finding, paint),
    ...differenceOf(record, finding, style),
    ...section(
      'why  (each line caused by the one below it)',
      finding.why.map(
        (line, index) =>
          `${'  '.repeat(Math.max(0, (line.depth ?? index) - 1))}${(line.depth ?? index) === 0 ? '' : '└ '}${line.what}${line.detail === '' ? '' : `  ${paint('faint', line.detail)}`}${line.span === undefined ? '' : `  ${paint('accent', printPosition(line.span, context.sources))}`}`,
      ),
    ),
    ...section(
      'last writes',
      (finding.lastWrites ?? []).map(({ at, what, answer }) => visibleText(`${printTime(at)}  ${what}  ${answer}`)),
    ),
    ...section('timeline', lanes),
    ...section('last entries', recentEntries(record.timeline, told, 8).map(visibleText)),
    '',
    ...footer.map((line) => `  ${line}`),
    '',
  ]
    .flatMap(fitted)
    .join('\n')
}
