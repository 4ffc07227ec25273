import type { Exploration } from '../record/exploration.ts'
import type { Finding } from '../record/finding.ts'
import { blankFinding } from '../runner/blank-finding.ts'

/** Each `sometimes` that no run came to: a hole in what the property tests. */
export const missedCoverage = ({ coverage, runs }: Exploration, at: Finding['at']): readonly Finding[] =>
  coverage
    .filter((one) => one.reached === 0)
    .map((one) => ({
      ...blankFinding({ span: one.span, sentence: one.sentence }, at),
      code: 'F106',
      severity: 'fail' as const,
      message: `none of ${runs} runs came there`,
      help: ['widen the inputs, or explore more runs; what no run reaches is not tested by this property'],
    }))
