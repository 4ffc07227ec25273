import type { Record, Verdict } from '../runtime/record/record.ts'

export interface Summary {
  readonly scenarios: number
  readonly counts: Readonly<Record_>
}
type Record_ = { readonly [verdict in Verdict]: number }

const order: readonly Verdict[] = ['PASS', 'FAIL', 'ERROR', 'VACUOUS', 'SKIP', 'UNSUPPORTED']

export const summarize = (records: readonly Record[]): Summary => {
  const counts = { PASS: 0, FAIL: 0, ERROR: 0, VACUOUS: 0, SKIP: 0, UNSUPPORTED: 0 }
  for (const record of records) counts[record.verdict] += 1
  return { scenarios: records.length, counts }
}

const words: Readonly<{ [verdict in Verdict]: string }> = {
  PASS: 'passed',
  FAIL: 'failed',
  ERROR: 'in error',
  VACUOUS: 'vacuous',
  SKIP: 'skipped',
  UNSUPPORTED: 'not supported',
}

/** `12 scenarios: 11 passed, 1 failed` */
export const printSummary = (summary: Summary): string => {
  const parts = order
    .filter((verdict) => summary.counts[verdict] > 0)
    .map((verdict) => `${summary.counts[verdict]} ${words[verdict]}`)
  if (parts.length === 0) return 'no scenario has finished'
  return `${summary.scenarios} ${summary.scenarios === 1 ? 'scenario' : 'scenarios'}: ${parts.join(', ')}`
}
