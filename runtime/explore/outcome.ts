import type { Record } from '../record/record.ts'
import type { Case } from './case.ts'

/** What is kept of a run: little, because there are many, and plain data, because workers send it. */
export interface Outcome {
  readonly index: number
  readonly strategy: string
  readonly verdict: Record['verdict']
  /** Offsets of the `sometimes` that it came to. */
  readonly reached: readonly number[]
  /** Offsets of the sentences that it said nothing about. */
  readonly silent: readonly number[]
  readonly events: number
  /** Of a run that was struck once and came to rest: in what its end is not that of the undisturbed run; nothing: in nothing. */
  readonly otherwise?: string
}

export const outcomeOf = ({ index, strategy }: Case, record: Record, otherwise?: string): Outcome => ({
  index,
  strategy,
  ...(otherwise === undefined ? {} : { otherwise }),
  verdict: record.verdict,
  reached: record.sentences.filter((one) => one.coverage === true && one.held).map((one) => one.span.start),
  silent: record.findings.filter((one) => one.code === 'W301').map((one) => one.span.start),
  events: record.events,
})

export const isFailure = (outcome: Pick<Outcome, 'verdict'>): boolean =>
  outcome.verdict === 'FAIL' || outcome.verdict === 'ERROR' || outcome.verdict === 'UNSUPPORTED'
