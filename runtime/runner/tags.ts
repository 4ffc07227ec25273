import { blankFinding } from './blank-finding.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Finding } from '../record/finding.ts'
import type { Verdict } from '../record/record.ts'

const argument = (scenario: ScenarioPlan, name: string): string | undefined => {
  const tag = scenario.tags.find((one) => one.name === name)
  return tag === undefined ? undefined : (tag.args[0] ?? '')
}

/** Why `@skip` leaves a scenario out; undefined if it is to be run. */
export const skipNote = (scenario: ScenarioPlan): string | undefined => {
  const reason = argument(scenario, 'skip')
  return reason === '' ? '@skip' : reason
}

/** The beginning of the sentence that `@fails` expects to break. */
export const failsTag = (scenario: ScenarioPlan): string | undefined => argument(scenario, 'fails')

/** `@fails("…")`: PASS if exactly the sentence that begins so breaks, else FAIL. */
export const judgeFailsTag = (
  sentence: string,
  scenario: ScenarioPlan,
  findings: readonly Finding[],
): { readonly verdict: Verdict; readonly findings: readonly Finding[] } => {
  const isExpected = (finding: Finding): boolean => finding.severity === 'fail' && finding.sentence.startsWith(sentence)
  const others = findings.filter((finding) => !isExpected(finding))
  if (findings.length > 0 && others.length === 0) return { verdict: 'PASS', findings: [] }
  if (others.some((finding) => finding.severity === 'error')) return { verdict: 'ERROR', findings: others }
  if (others.length > 0) return { verdict: 'FAIL', findings: others }
  const tag = scenario.tags.find((one) => one.name === 'fails')!
  const missing: Finding = {
    ...blankFinding({ span: tag.span, sentence: `@fails("${sentence}")` }, 0),
    code: 'F106',
    severity: 'fail',
    message: `the sentence that begins with "${sentence}" should have broken, and did not`,
  }
  return { verdict: 'FAIL', findings: [missing] }
}
