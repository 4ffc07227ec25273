import type { Finding } from '../runtime/record/finding.ts'
import type { Record } from '../runtime/record/record.ts'
import type { Span } from '../dsl/source/span.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint } from './paint.ts'
import { positionOf } from './position.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { printSummary, summarize } from './summary.ts'
import { visibleText } from './visible-text.ts'

const data = (text: string): string =>
  visibleText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const place = (span: Span, context: ReportContext): string => {
  const start = positionOf(span, context.sources)
  const end = positionOf({ ...span, start: Math.max(span.start, span.end - 1) }, context.sources)
  // Columns mean something only where both ends stand on one line.
  const columns = start.line === end.line ? `,col=${start.column},endColumn=${end.column + 1}` : ''
  return `file=${property(span.file)},line=${start.line},endLine=${end.line}${columns}`
}

const annotation = (record: Record, finding: Finding, context: ReportContext): string => {
  const level = finding.severity === 'warning' ? 'warning' : 'error'
  const title = `${finding.code} ${scenarioName(record)}`
  const text = explainFinding(record, finding, { context, paint: createPaint(false) })
  return `::${level} ${place(finding.span, context)},title=${property(title)}::${data(text.trimEnd())}\n`
}

/** Workflow commands that GitHub turns into annotations on the changed lines, one for each finding. */
export const github: Reporter = {
  name: 'github',
  description: 'annotations of GitHub Actions, one for each finding',
  record(record, context) {
    const plain = { ...context, color: false }
    return record.findings.map((finding) => annotation(record, finding, plain)).join('')
  },
  end: (records) => `${printSummary(summarize(records))}\n`,
}
