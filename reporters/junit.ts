import type { Record } from '../runtime/record/record.ts'
import { explainFinding } from './explain-finding.ts'
import { createPaint } from './paint.ts'
import { positionOf } from './position.ts'
import type { ReportContext, Reporter } from './reporter.ts'
import { scenarioName } from './scenario-name.ts'

const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const clean = (text: string): string => text.replace(forbidden, '\ufffd')
const attribute = (text: string): string =>
  clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
const body = (text: string): string =>
  clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
/** Seconds of virtual time: the wall clock is not part of a result. */
const seconds = (micros: number): string => (micros / 1_000_000).toFixed(3)

const failed = (record: Record): boolean => record.verdict === 'FAIL' || record.verdict === 'VACUOUS'
const skipped = (record: Record): boolean => record.verdict === 'SKIP' || record.verdict === 'UNSUPPORTED'

const testcase = (record: Record, context: ReportContext): string => {
  const { line } = positionOf(record.span, context.sources)
  const head = `    <testcase classname="${attribute(record.span.file)}" name="${attribute(scenarioName(record))}" time="${seconds(record.duration)}" file="${attribute(record.span.file)}" line="${line}"`
  if (record.verdict === 'PASS') return `${head}/>\n`
  if (skipped(record))
    return `${head}>\n      <skipped message="${attribute(record.note ?? record.verdict)}"/>\n    </testcase>\n`
  const element = failed(record) ? 'failure' : 'error'
  const first = record.findings[0]
  const text = record.findings
    .map((finding) => explainFinding(record, finding, { context, paint: createPaint(false) }))
    .join('\n')
  return `${head}>\n      <${element} message="${attribute(first?.message ?? record.verdict)}" type="${attribute(first?.code ?? record.verdict)}">${body(text)}</${element}>\n    </testcase>\n`
}

/** JUnit XML as CI servers read it: a suite for each file, a case for each scenario or table row, times in virtual seconds. */
export const junit: Reporter = {
  name: 'junit',
  description: 'JUnit XML, a suite for each file',
  record: () => '',
  end(records, context) {
    const files = new Map<string, Record[]>()
    for (const record of records) {
      const known = files.get(record.span.file)
      if (known === undefined) files.set(record.span.file, [record])
      else known.push(record)
    }
    const counts = (some: readonly Record[]): string =>
      `tests="${some.length}" failures="${some.filter(failed).length}" errors="${some.filter((one) => one.verdict === 'ERROR').length}" skipped="${some.filter(skipped).length}"`
    const total = (some: readonly Record[]): string => seconds(some.reduce((sum, one) => sum + one.duration, 0))
    const suites = [...files].map(
      ([file, some]) =>
        `  <testsuite name="${attribute(file)}" ${counts(some)} time="${total(some)}">\n${some.map((one) => testcase(one, context)).join('')}  </testsuite>\n`,
    )
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kscn" ${counts(records)} time="${total(records)}">\n${suites.join('')}</testsuites>\n`
  },
}
