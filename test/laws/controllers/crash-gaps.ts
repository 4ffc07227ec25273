import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import { finalState } from './final-state.ts'
import { lawRun, type LawOptions, type LawRun } from './law-run.ts'

export type Gap = NonNullable<LawOptions['crash']>

/** Before and after each write that the controllers made in a run: a crash at each of these must change nothing in the end. */
export const gapsOf = (run: LawRun): readonly Gap[] =>
  run.writes.flatMap(({ sentAt }, index) => [...(sentAt > 0 ? [{ at: sentAt }] : []), { after: index + 1 }])

/** What is different in the end when the manager crashes there: lines that are missing (−) and lines that came (+). */
export const differenceAt = (scenario: ScenarioPlan, gap: Gap, expected: readonly string[]): readonly string[] => {
  const { cluster, record } = lawRun(scenario, { crash: gap })
  const found = finalState(cluster)
  if (found.join('\n') === expected.join('\n')) return []
  return [
    `${JSON.stringify(gap)} (${record.verdict})`,
    ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ]
}
