import type { Finding } from '../record/finding.ts'
import type { Exploration, ExplorationFailure } from '../record/exploration.ts'
import type { Record } from '../record/record.ts'
import { blankFinding } from '../runner/blank-finding.ts'
import { failsTag, judgeFailsTag } from '../runner/tags.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Shrunk } from './shrink.ts'
import { brokenOf, verdictOf } from './fingerprint.ts'
import { inputText, stepText } from './input-text.ts'
import { scheduleTexts } from '../runner/schedule-text.ts'
import type { Case, Explorer } from './explorer.ts'
import type { Outcome } from './outcome.ts'
import { exampleText } from './input-text.ts'

export interface Conclusion {
  /** The property as it was compiled, tags and all. */
  readonly scenario: ScenarioPlan
  readonly explorer: Explorer
  /** Those that count, in the order of their index. */
  readonly outcomes: readonly Outcome[]
  readonly budget: number
  readonly shard: Exploration['shard']
  readonly cut: string | undefined
  readonly failing: { readonly case: Case; readonly shrunk: Shrunk; readonly token: string } | undefined
}

const failureOf = ({ case: one, shrunk, token }: NonNullable<Conclusion['failing']>): ExplorationFailure => {
  const { inputs, schedule, record } = shrunk
  const { disturbances } = schedule
  const given = Object.entries(inputs).map(([name, input]) => ({
    name,
    text: inputText(input),
    steps: input.kind === 'plan' ? input.steps.map(stepText) : undefined,
  }))
  const planned = Object.values(inputs).flatMap((input) => (input.kind === 'plan' ? input.steps : []))
  const injected = planned.filter((step) => step.operation.kind === 'inject').length
  const crashes = disturbances.filter((each) => each.kind === 'crash').length
  return {
    run: one.index + 1,
    strategy: one.strategy,
    verdict: verdictOf(brokenOf(record)!),
    shrinks: shrunk.replays,
    inputs: given,
    schedule: scheduleTexts(schedule),
    dropped: shrunk.dropped,
    size: {
      faults: injected + crashes,
      holds: disturbances.length - crashes + (schedule.drawn ? 1 : 0) + (schedule.jitter ? 1 : 0),
      steps: planned.length - injected,
      statements: shrunk.scenario.body.operations.length,
    },
    token,
    example: exampleText(inputs),
  }
}

/** One record for a whole exploration: that of the shrunk failure, or of the first run with what all of them came to. */
export const conclude = (conclusion: Conclusion): Record => {
  const { explorer, outcomes, failing, scenario, budget, shard, cut } = conclusion
  const { first } = explorer
  const strategies: { [name: string]: number } = {}
  for (const { strategy } of outcomes) strategies[strategy] = (strategies[strategy] ?? 0) + 1
  const coverage = first.sentences
    .filter((one) => one.coverage === true)
    .map((one) => ({
      sentence: one.text,
      span: one.span,
      reached: outcomes.filter((outcome) => outcome.reached.includes(one.span.start)).length,
    }))
  const exploration: Exploration = {
    budget,
    runs: outcomes.length,
    strategies,
    coverage,
    shard,
    cut,
    failure: failing === undefined ? undefined : failureOf(failing),
  }
  const record = failing?.shrunk.record ?? first
  const findings = failing === undefined ? summedFindings(first, outcomes, coverage) : record.findings
  const expected = failsTag(scenario)
  const judged =
    expected === undefined
      ? { verdict: summedVerdict(record, findings), findings }
      : judgeFailsTag(
          expected,
          scenario,
          findings.filter((one) => one.severity !== 'warning'),
        )
  return Object.freeze({ ...record, ...judged, tags: scenario.tags.map((tag) => tag.name), exploration })
}

const summedVerdict = (record: Record, findings: readonly Finding[]): Record['verdict'] => {
  if (record.verdict === 'UNSUPPORTED' || record.verdict === 'SKIP') return record.verdict
  if (findings.some((one) => one.severity === 'error')) return 'ERROR'
  if (findings.some((one) => one.severity === 'fail')) return 'FAIL'
  return findings.length > 0 ? 'VACUOUS' : 'PASS'
}

/** What no run spoke of is vacuous, and a `sometimes` that none reached is a hole in the coverage. */
const summedFindings = (
  first: Record,
  outcomes: readonly Outcome[],
  coverage: Exploration['coverage'],
): readonly Finding[] => {
  const silent = first.findings.filter(
    (one) => one.code === 'W301' && outcomes.every((outcome) => outcome.silent.includes(one.span.start)),
  )
  const missed = coverage
    .filter((one) => one.reached === 0)
    .map((one) => ({
      ...blankFinding({ span: one.span, sentence: one.sentence }, first.duration),
      code: 'F106',
      severity: 'fail' as const,
      message: `none of ${outcomes.length} runs came there`,
      help: ['widen the inputs, or explore more runs; what no run reaches is not tested by this property'],
    }))
  return [...missed, ...silent]
}
