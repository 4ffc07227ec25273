import type { Span } from '../../dsl/source/span.ts'
import type { Finding } from '../record/finding.ts'
import type { Record } from '../record/record.ts'
import { blankFinding } from './blank-finding.ts'

const placeOf = (span: Span): string => `${span.file}:${span.start}`

/**
 * The rows of one scenario, judged together: what one row never spoke of is vacuous only if no row did, and a `sometimes` is
 * covered if any of them reached it.
 */
export const judgeRows = (records: readonly Record[]): readonly Record[] => {
  if (records.length === 0) return records
  const told = new Set<string>()
  const reached = new Set<string>()
  for (const record of records) {
    const vacuous = new Set(record.findings.filter((one) => one.code === 'W301').map((one) => placeOf(one.span)))
    for (const { span, held, coverage } of record.sentences) {
      if (!vacuous.has(placeOf(span))) told.add(placeOf(span))
      if (coverage === true && held) reached.add(placeOf(span))
    }
  }
  const missed = records.flatMap((record) =>
    record.sentences.filter((one) => one.coverage === true && !reached.has(placeOf(one.span))),
  )
  return records.map((record, index) => {
    const kept = record.findings.filter((one) => one.code !== 'W301' || !told.has(placeOf(one.span)))
    const isLast = index === records.length - 1
    const uncovered: Finding[] = []
    if (isLast && ['PASS', 'VACUOUS'].includes(record.verdict)) {
      const seen = new Set<string>()
      for (const { span, text, began, ended } of missed) {
        if (seen.has(placeOf(span))) continue
        seen.add(placeOf(span))
        uncovered.push({
          ...blankFinding({ span, sentence: text }, ended),
          code: 'F106',
          severity: 'fail',
          began,
          message: records.length === 1 ? 'the run never came there' : `none of ${records.length} runs came there`,
        })
      }
    }
    if (kept.length === record.findings.length && uncovered.length === 0) return record
    const findings = [...uncovered, ...kept]
    const verdict =
      uncovered.length > 0
        ? 'FAIL'
        : record.verdict === 'VACUOUS' && !findings.some((one) => one.code === 'W301')
          ? 'PASS'
          : record.verdict
    return Object.freeze({ ...record, findings, verdict })
  })
}
