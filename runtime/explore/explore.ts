import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Exploration } from '../record/exploration.ts'
import type { Record } from '../record/record.ts'
import { conclude } from './conclude.ts'
import { createExplorer, type Explorer, type ExplorerOptions } from './explorer.ts'
import { isFailure, type Outcome } from './outcome.ts'
import { shrink } from './shrink/shrink.ts'
import { timelinePath } from './timeline-path.ts'
import { writeToken } from './token.ts'

export interface ExploreOptions extends ExplorerOptions {
  readonly version: string
  /** The line of the property, for its token. */
  readonly line: number
  readonly shard?: Exploration['shard']
  /** False from when on no further run is begun, because time is up; what ran until then counts. */
  readonly more?: () => boolean
  /** Shrinking goes on as long as this says so; without it, only the number of replays ends it. */
  readonly moreShrinking?: () => boolean
}

/** About five seconds of an ordinary machine, counted in what is the same on each. */
const shrinkReplays = 2000
const shrinkEvents = 1_500_000

/** The runs of a shard, in order: with two of them, the first makes runs 0, 2, 4 … */
export const indexesOf = (total: number, shard: Exploration['shard']): readonly number[] => {
  const { index, count } = shard ?? { index: 1, count: 1 }
  const indexes: number[] = []
  for (let at = index - 1; at < total; at += count) indexes.push(at)
  return indexes
}

/** Tells of a finished exploration. What ran beyond the first failure does not count: who ran it depends on the workers. */
export const concludeOutcomes = (
  scenario: ScenarioPlan,
  explorer: Explorer,
  outcomes: readonly Outcome[],
  options: ExploreOptions,
): Record => {
  const ordered = [...outcomes].sort((a, b) => a.index - b.index)
  const failed = ordered.findIndex(isFailure)
  const counted = failed < 0 ? ordered : ordered.slice(0, failed + 1)
  const budget = indexesOf(explorer.total, options.shard).length
  const cut = failed < 0 && counted.length < budget ? 'the time it was given was up' : undefined
  const { shard, strategy } = options
  const plain = { scenario, explorer, outcomes: counted, budget, strategy, shard, cut }
  if (failed < 0) return conclude({ ...plain, failing: undefined })
  const one = explorer.caseOf(ordered[failed]!.index)
  const record = explorer.run(one)
  const held = ordered.find((outcome) => outcome.verdict === 'PASS' && outcome.index < one.index)
  const shrunk = shrink(explorer, one, {
    record,
    held: held === undefined ? undefined : explorer.caseOf(held.index),
    budget: {
      replays: record.verdict === 'UNSUPPORTED' ? 0 : shrinkReplays,
      events: shrinkEvents,
      more: options.moreShrinking ?? (() => true),
    },
  })
  const token = writeToken({
    version: options.version,
    planHash: options.planHash ?? '00000000',
    seed: options.seed,
    index: one.index,
    runs: options.runs ?? explorer.property.runs,
    strategy,
    hash: record.hash,
    path: timelinePath(record.timeline),
    file: scenario.span.file,
    line: options.line,
  })
  return conclude({ ...plain, failing: { case: one, shrunk, token } })
}

/** Explores a property in this thread, handing control back after each run. */
export function* exploreInSlices(
  scenario: ScenarioPlan,
  options: ExploreOptions,
): Generator<undefined, Record, unknown> {
  const explorer = createExplorer(scenario, options)
  const outcomes: Outcome[] = []
  for (const index of indexesOf(explorer.total, options.shard)) {
    if (options.more?.() === false) break
    const one = explorer.caseOf(index)
    const outcome = explorer.outcome(one)
    outcomes.push(outcome)
    if (isFailure(outcome)) break
    yield undefined
  }
  return concludeOutcomes(scenario, explorer, outcomes, options)
}

/** The same, in one go. */
export const explore = (scenario: ScenarioPlan, options: ExploreOptions): Record => {
  const slices = exploreInSlices(scenario, options)
  for (;;) {
    const slice = slices.next()
    if (slice.done === true) return slice.value
  }
}
