import type { Record, Verdict } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint, type Tone } from './paint.ts'
import type { Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { printSummary, summarize } from './summary.ts'
import { visibleText } from './visible-text.ts'

const signs: Readonly<{ [verdict in Verdict]: readonly [string, Tone] }> = {
  PASS: ['.', 'good'],
  FAIL: ['F', 'bad'],
  ERROR: ['E', 'bad'],
  VACUOUS: ['V', 'warn'],
  SKIP: ['s', 'faint'],
  UNSUPPORTED: ['u', 'faint'],
}

/** A character for each scenario as it ends, and what failed at the end: for long lists of small scenarios. */
export const dot: Reporter = {
  name: 'dot',
  description: 'a character for each scenario, and what failed at the end',
  record(record, context) {
    const [sign, tone] = signs[record.verdict]
    return createPaint(context.color)(tone, sign)
  },
  end(records, context) {
    const paint = createPaint(context.color)
    const reports = (record: Record): string =>
      record.findings.length === 0
        ? ''
        : `\n${paint(signs[record.verdict][1], record.verdict)} ${paint('strong', visibleText(scenarioName(record)))}\n\n${record.findings.map((finding) => explainFinding(record, finding, { context, paint })).join('\n')}`
    const cut = context.interrupted ? `${paint('warn', 'interrupted')}: what had finished is above\n` : ''
    const elapsed = context.elapsed === undefined ? '' : paint('faint', ` in ${Math.round(context.elapsed)} ms`)
    const gap = records.length === 0 ? '' : '\n'
    return `${gap}${records.map(reports).join('')}${gap}${cut}${printSummary(summarize(records))}${elapsed}\n`
  },
}
