import type { FailureVerdict } from '../record/exploration.ts'
import type { Finding } from '../record/finding.ts'
import type { Record } from '../record/record.ts'

const kindOf = (subject: string): string => subject.split('/')[0]!

/** What makes two failures the same: the sentence that broke, how, and about objects of which kinds. */
export const fingerprint = (record: Record): string | undefined => {
  const finding = brokenOf(record)
  if (finding === undefined) return undefined
  const kinds = [...new Set(finding.subjects.map(kindOf))].sort()
  return [finding.code, finding.span.file, finding.span.start, kinds.join(',')].join(' ')
}

export const brokenOf = (record: Record): Finding | undefined =>
  record.findings.find((one) => one.severity !== 'warning')

/** The verdicts of design/exploration.md 3.4. */
export const verdictOf = (finding: Finding): FailureVerdict => {
  if (finding.code === 'E203' || finding.code === 'F104') return 'inconclusive.budget'
  if (finding.severity === 'error') return 'error'
  if (finding.lookAhead?.outcome === 'settled-false') return 'fail.stuck'
  return finding.deadline !== undefined || finding.code === 'F105' ? 'fail.deadline' : 'fail.safety'
}
