import type { Record } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint } from './paint.ts'
import { positionOf } from './position.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'
import { visibleText } from './visible-text.ts'

/** A description: on one line, and without what would begin a directive. */
const description = (text: string): string =>
  visibleText(text.replace(/\s+/g, ' ')).replaceAll('\\', '\\\\').replaceAll('#', '\\#')

/** A text as YAML: JSON strings are YAML strings. */
const quoted = (text: string): string => visibleText(JSON.stringify(text))

const diagnostics = (record: Record, context: ReportContext): string[] => {
  const { line, column } = positionOf(record.span, context.sources)
  const text = record.findings
    .map((finding) =>
      explainFinding(record, finding, { context: { ...context, color: false }, paint: createPaint(false) }),
    )
    .join('\n')
  const lines = text.split('\n').map((one) => visibleText(one).trimEnd())
  return [
    '---',
    `verdict: ${record.verdict}`,
    `message: ${quoted(record.findings[0]?.message ?? record.verdict)}`,
    `at: ${quoted(`${record.span.file}:${line}:${column}`)}`,
    // The first line says how deep the block stands, whatever its own text begins with.
    'findings: |2',
    ...lines.map((one) => (one === '' ? '' : `  ${one}`)),
    '...',
  ].map((one) => (one === '' ? '' : `  ${one}`))
}

const point = (record: Record, index: number, context: ReportContext): string => {
  const { verdict } = record
  const held = verdict !== 'FAIL' && verdict !== 'ERROR' && verdict !== 'VACUOUS'
  const skipped = verdict === 'SKIP' || verdict === 'UNSUPPORTED'
  const reason = record.note === undefined ? verdict.toLowerCase() : description(record.note)
  const head = `${held ? 'ok' : 'not ok'} ${index + 1} - ${description(scenarioName(record))}${skipped ? ` # SKIP ${reason}` : ''}`
  return `${[head, ...(held ? [] : diagnostics(record, context))].join('\n')}\n`
}

/** TAP version 14: a test point for each scenario or table row. */
export const tap: Reporter = {
  name: 'tap',
  description: 'TAP 14, a test point for each scenario',
  record: () => '',
  end: (records, context) =>
    `TAP version 14\n${records.map((record, index) => point(record, index, context)).join('')}${
      context.interrupted ? 'Bail out! interrupted\n' : ''
    }1..${records.length}${records.length === 0 ? ' # no scenario has finished' : ''}\n`,
}
