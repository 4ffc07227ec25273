import type { Record, Verdict } from '../runtime/record/record.ts'
import { explorationLines, explorationNote } from './exploration-lines.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint, type Paint, type Tone } from './paint.ts'
import { printPosition } from './position.ts'
import { printDuration } from './print-time.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { printSummary, summarize } from './summary.ts'
import { tightLines } from './tight-lines.ts'
import { visibleText } from './visible-text.ts'

const tones: Readonly<{ [verdict in Verdict]: Tone }> = {
  PASS: 'good',
  FAIL: 'bad',
  ERROR: 'bad',
  VACUOUS: 'warn',
  SKIP: 'faint',
  UNSUPPORTED: 'faint',
}

const headline = (record: Record, context: ReportContext, paint: Paint): string => {
  const verdict = paint(tones[record.verdict], record.verdict.padEnd(5))
  const note = record.note === undefined ? '' : `  ${paint('faint', visibleText(record.note))}`
  const facts =
    record.verdict === 'SKIP' || record.verdict === 'UNSUPPORTED'
      ? ''
      : `  ${paint('faint', record.exploration === undefined ? `${printDuration(record.duration)} virtual` : explorationNote(record.exploration))}`
  const where = record.verdict === 'PASS' ? '' : `  ${paint('accent', printPosition(record.span, context.sources))}`
  return `${verdict} ${paint('strong', visibleText(scenarioName(record)))}${facts}${where}${note}\n`
}

/** A line for each scenario, a report for each finding, a summary: for people. */
export const pretty: Reporter = {
  name: 'pretty',
  description: 'a line for each scenario and a report for each failure (default)',
  record(record, context) {
    const paint = createPaint(context.color)
    const findings = record.findings.map((finding) => explainFinding(record, finding, { context, paint }))
    const explored = [...explorationLines(record, paint), ...tightLines(record, context, paint)]
    return (
      headline(record, context, paint) +
      (explored.length === 0 ? '' : `${explored.join('\n')}\n`) +
      (findings.length === 0 ? '' : `\n${findings.join('\n')}\n`)
    )
  },
  end(records, context) {
    const paint = createPaint(context.color)
    const summary = summarize(records)
    const bad = summary.counts.FAIL + summary.counts.ERROR > 0
    const elapsed = context.elapsed === undefined ? '' : paint('faint', ` in ${Math.round(context.elapsed)} ms`)
    const cut = context.interrupted ? `${paint('warn', 'interrupted')}: what had finished is above\n` : ''
    return `\n${cut}${paint(bad ? 'bad' : 'good', printSummary(summary))}${elapsed}\n`
  },
}
