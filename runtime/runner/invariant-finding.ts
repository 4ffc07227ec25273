import type { Invariant, Violation } from '../invariants/invariant.ts'
import type { Finding } from '../record/finding.ts'
import { blankFinding } from './blank-finding.ts'
import { causesOf } from './causes.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { Run } from './run.ts'

/** An invariant that every run upholds is broken: Kubernetes never does this, whatever happens to it. */
export const invariantFinding = (invariant: Invariant, violation: Violation, run: Run): Finding => {
  const { subject, message } = violation
  const { scenario, cluster } = run
  return {
    ...blankFinding({ span: scenario.span, sentence: `always ${invariant.name}` }, cluster.kernel.now),
    code: 'F107',
    severity: 'fail',
    began: 0,
    message: `${invariant.name} is broken by ${nounOf(subject)}: ${message}`,
    comparisons: [{ subject: nounOf(subject), expected: invariant.says, actual: message, rows: [] }],
    subjects: [subject],
    why: causesOf([subject], run),
    help: [`every run upholds this invariant: see docs/invariants/${invariant.name}.md`],
  }
}
