import type { Record, Verdict } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint } from './paint.ts'
import { printPosition } from './position.ts'
import { printDuration } from './print-time.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { printSummary, summarize } from './summary.ts'
import { visibleText } from './visible-text.ts'

const signs: Readonly<{ [verdict in Verdict]: string }> = {
  PASS: '✅',
  FAIL: '❌',
  ERROR: '💥',
  VACUOUS: '⚠️',
  SKIP: '⏭️',
  UNSUPPORTED: '🚫',
}

/** Text in which nothing is markup. */
const plain = (text: string): string =>
  visibleText(text.replace(/\s+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$@]/g, '\\$&')

/** A block whose fence is longer than any that stands in it. */
const fenced = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((one) => one[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${visibleText(text).trimEnd()}\n${fence}`
}

const code = (text: string): string => {
  const shown = visibleText(text.replace(/\s+/g, ' '))
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((one) => one[0].length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `\`${shown}\`` : `${fence} ${shown} ${fence}`
}

const details = (record: Record, context: ReportContext): string =>
  record.findings
    .map((finding) => {
      const text = explainFinding(record, finding, { context, paint: createPaint(false) })
      return `\n### ${signs[record.verdict]} ${plain(scenarioName(record))}\n\n${plain(finding.message)}\n\n<details><summary>${code(finding.code).replaceAll('`', '')} at ${plain(printPosition(finding.span, context.sources))}</summary>\n\n${fenced(text)}\n\n</details>\n`
    })
    .join('')

const row = (record: Record, context: ReportContext): string =>
  `| ${signs[record.verdict]} ${record.verdict} | ${plain(scenarioName(record))} | ${code(printPosition(record.span, context.sources)).replaceAll('|', '\\|')} | ${printDuration(record.duration)} | ${plain(record.note ?? '')} |\n`

/** A summary for a pull request or `$GITHUB_STEP_SUMMARY`: what did not hold first, then the table of all. */
export const markdown: Reporter = {
  name: 'markdown',
  description: 'a summary in Markdown, as for $GITHUB_STEP_SUMMARY',
  record: () => '',
  end(records, context) {
    const told = { ...context, color: false }
    const cut = context.interrupted ? '\nInterrupted: only what had finished is here.\n' : ''
    const table =
      records.length === 0
        ? ''
        : `\n| verdict | scenario | where | virtual time | note |\n| --- | --- | --- | --- | --- |\n${records.map((record) => row(record, told)).join('')}`
    return `## kscn: ${printSummary(summarize(records))}\n${cut}${records.map((record) => details(record, told)).join('')}${table}`
  },
}
