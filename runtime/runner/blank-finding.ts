import type { Finding } from '../record/finding.ts'

/** A finding about a sentence, with nothing shown yet. */
export const blankFinding = (
  sentence: Pick<Finding, 'span' | 'sentence'>,
  at: Finding['at'],
): Omit<Finding, 'code' | 'severity' | 'message'> => ({
  ...sentence,
  began: at,
  at,
  deadline: undefined,
  comparisons: [],
  difference: undefined,
  nearMiss: undefined,
  lookAhead: undefined,
  subjects: [],
  why: [],
  help: [],
})
