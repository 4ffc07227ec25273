import type { Finding } from '../record/finding.ts'
import type { Exploration, ExplorationFailure } from '../record/exploration.ts'
import type { Record } from '../record/record.ts'
import { blankFinding } from '../runner/blank-finding.ts'
import { failsTag, judgeFailsTag } from '../runner/tags.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Shrunk } from './shrink/shrink.ts'
import { droppedOf, smallerPools } from './dropped.ts'
import { measureFailure } from './measure-failure.ts'
import { brokenOf, cameToNoEnd, verdictOf } from './fingerprint.ts'
import { livelockIn } from './livelock.ts'
import { inputText, stepText } from './input-text.ts'
import { scheduleTexts } from '../runner/schedule-text.ts'
import type { Case } from './case.ts'
import type { Explorer } from './explorer.ts'
import { missedCoverage } from './missed-coverage.ts'
import type { Outcome } from './outcome.ts'
import { summedVerdict } from './summed-verdict.ts'
import { exampleText } from './input-text.ts'

export interface Conclusion {
  /** The property as it was compiled, tags and all. */
  readonly scenario: ScenarioPlan
  readonly explorer: Explorer
  /** Those that count, in the order of their index. */
  readonly outcomes: readonly Outcome[]
  readonly budget: number
  readonly strategy: Exploration['strategy']
  readonly shard: Exploration['shard']
  readonly cut: string | undefined
  readonly failing: { readonly case: Case; readonly shrunk: Shrunk; readonly token: string } | undefined
}

const failureOf = (
  { case: one, shrunk, token }: NonNullable<Conclusion['failing']>,
  whole: ScenarioPlan,
): ExplorationFailure => {
  const { inputs, schedule, record } = shrunk
  const given = Object.entries(inputs).map(([name, input]) => ({
    name,
    text: inputText(input),
    steps: input.kind === 'plan' ? input.steps.map(stepText) : undefined,
  }))
  const broken = brokenOf(record)!
  const livelock = cameToNoEnd(broken) ? livelockIn(record.timeline) : undefined
  return {
    run: one.index + 1,
    strategy: one.strategy,
    verdict: verdictOf(broken, livelock),
    ...(livelock === undefined ? {} : { livelock }),
    shrinks: shrunk.replays,
    ...(shrunk.cut ? { cut: true } : {}),
    inputs: given,
    schedule: scheduleTexts(schedule),
    dropped: droppedOf(whole, shrunk.scenario),
    pools: smallerPools(whole, shrunk.scenario),
    size: measureFailure(shrunk),
    token,
    example: exampleText(inputs),
  }
}

const comparedOf = (outcomes: readonly Outcome[]): Pick<Exploration, 'compared'> => {
  const rested = outcomes.filter((one) => one.otherwise !== undefined)
  const others = rested.filter((one) => one.otherwise !== '')
  const [first] = others
  if (rested.length === 0) return {}
  const told = first === undefined ? {} : { first: { run: first.index + 1, difference: first.otherwise! } }
  return { compared: { runs: rested.length, otherwise: others.length, ...told } }
}

/** Shards together come to the whole; one that ended early says nothing of it. */
const scopeOf = ({ explorer, outcomes, shard, cut, failing }: Conclusion): Pick<Exploration, 'scope'> => {
  const whole = cut === undefined && failing === undefined ? explorer.total : undefined
  const made = shard === undefined ? outcomes.length : whole
  const scope = made === undefined ? undefined : explorer.scope(made)
  return scope === undefined ? {} : { scope }
}

/** One record for a whole exploration: that of the shrunk failure, or of the first run with what all of them came to. */
export const conclude = (conclusion: Conclusion): Record => {
  const { explorer, outcomes, failing, scenario, budget, strategy: chosen, shard, cut } = conclusion
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
    seed: explorer.seed,
    total: explorer.total,
    budget,
    runs: outcomes.length,
    ...(chosen === undefined ? {} : { strategy: chosen }),
    strategies,
    coverage,
    shard,
    cut,
    ...scopeOf(conclusion),
    ...comparedOf(outcomes),
    failure: failing === undefined ? undefined : failureOf(failing, explorer.scenario),
  }
  const record = failing?.shrunk.record ?? first
  const findings = failing === undefined ? summedFindings(first, outcomes, exploration) : record.findings
  const expected = failsTag(scenario)
  const judged =
    expected === undefined
      ? { verdict: summedVerdict(record.verdict, findings), findings }
      : judgeFailsTag(
          expected,
          scenario,
          findings.filter((one) => one.severity !== 'warning'),
        )
  return Object.freeze({ ...record, ...judged, tags: scenario.tags.map((tag) => tag.name), exploration })
}

/** What no run spoke of is vacuous, and a `sometimes` that none reached is a hole in the coverage. Of a shard the merged report judges that. */
const summedFindings = (first: Record, outcomes: readonly Outcome[], exploration: Exploration): readonly Finding[] => [
  ...(exploration.shard === undefined ? missedCoverage(exploration, first.duration) : []),
  ...first.findings.filter(
    (one) => one.code === 'W301' && outcomes.every((outcome) => outcome.silent.includes(one.span.start)),
  ),
  ...(outcomes.length > 0 ? [] : [noRun(first, exploration)]),
]

/** Nothing ran, so nothing holds. */
const noRun = (first: Record, { shard, cut, budget }: Exploration): Finding => ({
  ...blankFinding({ span: first.span, sentence: first.title }, 0),
  code: 'W302',
  severity: 'warning',
  message:
    budget === 0 && shard !== undefined
      ? `none of its runs belongs to shard ${shard.index}/${shard.count}`
      : `no run was made: ${cut ?? 'it is given none'}`,
  help: ['give it more time or more runs, or fewer shards; a property that does not run tests nothing'],
})
