import type { WhyLine } from '../record/finding.ts'
import type { Run } from './run.ts'

/** From the visible state back to what caused it. */
export const causesOf = (subjects: readonly string[], run: Run): readonly WhyLine[] => {
  void subjects
  void run
  return []
}
