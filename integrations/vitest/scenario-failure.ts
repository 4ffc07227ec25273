import { pretty } from '../../reporters/pretty.ts'
import { printPosition } from '../../reporters/position.ts'
import type { Record } from '../../runtime/record/record.ts'

/** Whether a test runner counts it as passed. */
export const holds = (record: Record): boolean =>
  record.verdict === 'PASS' || record.verdict === 'VACUOUS' || record.verdict === 'SKIP'

/** What kscn says of a record, in plain text. */
export const reportOf = (record: Record, sources: ReadonlyMap<string, string>): string =>
  pretty
    .record(record, { sources, color: false, width: 100, version: '', elapsed: undefined, interrupted: false })
    .trimEnd()

/** A failure whose place is the sentence that broke: test runners show it there, with its frame. */
export const scenarioFailure = (record: Record, sources: ReadonlyMap<string, string>, path: string): Error => {
  const finding = record.findings.find((one) => one.severity !== 'warning')
  const head = finding === undefined ? (record.note ?? record.verdict) : finding.message
  const error = new Error(`${head}\n\n${reportOf(record, sources)}`)
  const place = printPosition(finding?.span ?? record.span, sources)
  const position = /:(\d+):(\d+)$/.exec(place)!
  error.stack = `Error: ${error.message}\n    at ${record.title.replace(/[()\n]/g, ' ')} (${path}:${position[1]!}:${position[2]!})`
  return error
}
