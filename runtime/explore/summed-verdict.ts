import type { Finding } from '../record/finding.ts'
import type { Verdict } from '../record/record.ts'

/** What many runs came to; what could not be run at all stays so. */
export const summedVerdict = (one: Verdict, findings: readonly Finding[]): Verdict => {
  if (one === 'UNSUPPORTED' || one === 'SKIP') return one
  if (findings.some((finding) => finding.severity === 'error')) return 'ERROR'
  if (findings.some((finding) => finding.severity === 'fail')) return 'FAIL'
  return findings.length > 0 ? 'VACUOUS' : 'PASS'
}
