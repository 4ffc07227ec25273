import type { FailureVerdict } from '../record/exploration.ts'
import type { Finding } from '../record/finding.ts'
import type { Record } from '../record/record.ts'
import type { Livelock } from './livelock.ts'

/** What makes two failures the same: the sentence that broke, and how. */
export const fingerprint = (record: Record): string | undefined => {
  const finding = brokenOf(record)
  return finding === undefined ? undefined : [finding.code, finding.span.file, finding.span.start].join(' ')
}

export const brokenOf = (record: Record): Finding | undefined =>
  record.findings.find((one) => one.severity !== 'warning')

/** It never settled, or its limit came first. */
export const cameToNoEnd = ({ code }: Finding): boolean => code === 'E203' || code === 'F104'

/** The verdicts of design/exploration.md 3.4. */
export const verdictOf = (finding: Finding, livelock: Livelock | undefined): FailureVerdict => {
  if (cameToNoEnd(finding)) return livelock === undefined ? 'inconclusive.budget' : 'suspected.livelock'
  if (finding.severity === 'error') return 'error'
  if (finding.lookAhead?.outcome === 'settled-false') return 'fail.stuck'
  return finding.deadline !== undefined || finding.code === 'F105' ? 'fail.deadline' : 'fail.safety'
}
