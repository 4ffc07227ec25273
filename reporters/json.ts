import { encodeHistory } from '../runtime/record/encode-history.ts'
import type { Finding } from '../runtime/record/finding.ts'
import type { Record } from '../runtime/record/record.ts'
import { positionOf, printPosition } from './position.ts'
import { replayCommand } from './replay-command.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { summarize } from './summary.ts'

const findingOf = (finding: Finding, context: ReportContext): object => ({
  code: finding.code,
  severity: finding.severity,
  file: finding.span.file,
  ...positionOf(finding.span, context.sources),
  sentence: finding.sentence,
  message: finding.message,
  beganMicros: finding.began,
  atMicros: finding.at,
  deadlineMicros: finding.deadline ?? null,
  comparisons: finding.comparisons,
  difference: finding.difference ?? null,
  nearMiss: finding.nearMiss ?? null,
  lookAhead: finding.lookAhead ?? null,
  subjects: finding.subjects,
  why: finding.why.map(({ what, detail, entry, span, depth }, index) => ({
    what,
    detail,
    depth: depth ?? index,
    entry: entry ?? null,
    position: span === undefined ? null : printPosition(span, context.sources),
  })),
  help: finding.help,
  ...(finding.lastWrites === undefined
    ? {}
    : { lastWrites: finding.lastWrites.map(({ at, what, answer }) => ({ atMicros: at, what, answer })) }),
})

const scenarioOf = (record: Record, context: ReportContext): object => ({
  title: record.title,
  row: record.row,
  file: record.span.file,
  ...positionOf(record.span, context.sources),
  tags: record.tags,
  verdict: record.verdict,
  note: record.note ?? null,
  seed: record.seed,
  planHash: record.planHash,
  hash: record.hash,
  durationMicros: record.duration,
  events: record.events,
  timelineEntries: record.timeline.length,
  sentences: record.sentences.map((sentence) => ({
    text: sentence.text,
    ...positionOf(sentence.span, context.sources),
    held: sentence.held,
    beganMicros: sentence.began,
    endedMicros: sentence.ended,
    deadlineMicros: sentence.deadline ?? null,
    ...(sentence.slack === undefined ? {} : { slackMicros: sentence.slack }),
    ...(sentence.margin === undefined ? {} : { margin: sentence.margin }),
    ...(sentence.coverage === undefined ? {} : { coverage: true }),
  })),
  findings: record.findings.map((finding) => findingOf(finding, context)),
  replay: replayCommand(record, context.sources),
  ...(record.exploration === undefined ? {} : { exploration: record.exploration }),
  pending: (record.pending ?? []).map(({ at, actor, label }) => ({ atMicros: at, actor, label })),
  behaviors: (record.behaviors ?? []).map((behavior) => ({
    ...behavior,
    position: printPosition(behavior.span, context.sources),
  })),
})

const indented = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`)

/** For people, but for the history: that has a line of its own, and nobody reads it but a program. */
const scenarioText = (record: Record, context: ReportContext): string => {
  const text = JSON.stringify(scenarioOf(record, context), undefined, 2)
  if (record.verdict === 'SKIP') return text
  return `${text.slice(0, -2)},\n  "history": ${JSON.stringify(encodeHistory(record))}\n}`
}

/** One JSON document at the end; documented in docs/reports.md. */
export const json: Reporter = {
  name: 'json',
  description: 'one JSON document with every scenario, sentence and finding',
  record: () => '',
  end(records, context) {
    const head = JSON.stringify(
      {
        schemaVersion: 1,
        kscn: context.version,
        interrupted: context.interrupted,
        elapsedMs: context.elapsed ?? null,
        summary: summarize(records),
      },
      undefined,
      2,
    )
    const scenarios = records.map((record) => `\n    ${indented(scenarioText(record, context), '    ')}`)
    return `${head.slice(0, -2)},\n  "scenarios": [${scenarios.join(',')}${records.length === 0 ? '' : '\n  '}]\n}\n`
  },
}
