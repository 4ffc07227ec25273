import type { CreateCluster } from '../cluster/cluster.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Inputs } from '../../dsl/plan/property.ts'
import type { ExternalFunction } from '../expect/external.ts'
import type { Choice } from '../kernel/choices.ts'
import type { Invariant } from '../invariants/invariant.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Finding } from '../record/finding.ts'
import type { Record, Verdict } from '../record/record.ts'
import { timelineHash } from '../record/timeline-hash.ts'
import { executeInSlices, type Execution } from './execution.ts'
import type { SnapshotStore } from './run-snapshot.ts'
import { canonicalSchedule, scheduled, type Schedule } from './schedule.ts'
import { parseSchedule } from './schedule-text.ts'
import { failsTag, judgeFailsTag, skipNote } from './tags.ts'
import { emptyTimeline } from './empty-timeline.ts'

export interface RunOptions {
  /** A scenario's own `@seed` goes before it. */
  readonly seed: string
  readonly createCluster: CreateCluster
  readonly replay?: readonly Choice[]
  readonly interleaving?: 'stable' | 'drawn'
  readonly planHash?: string
  /** Goes on with the next statement after a failure. */
  readonly keepGoing?: boolean
  /** What a property's inputs are in this run. */
  readonly inputs?: Inputs
  /** When things happen, where it is not as always; the scenario's own `@schedule` goes before it. */
  readonly schedule?: Schedule
  /** Of a failure, whether a second run is to tell if the claim would have come true later; true without it. */
  readonly lookAhead?: boolean
  readonly snapshots?: SnapshotStore
  /** Instead of the library: a bench measures what judging costs. */
  readonly invariants?: readonly Invariant[]
  /** Functions of imported TypeScript modules, by path and export: whoever runs the scenario has loaded them. */
  readonly external?: (module: string, name: string) => ExternalFunction | undefined
}

/** What `@schedule(…)` says; an argument that says nothing is refused when the scenario is checked. */
const scheduleOf = (scenario: ScenarioPlan): Schedule | undefined => {
  const tag = scenario.tags.find((one) => one.name === 'schedule')
  if (tag === undefined) return undefined
  const schedule = parseSchedule(tag.args)
  if ('unknown' in schedule)
    throw new InvariantError('runner', 'a schedule was not checked', { argument: schedule.unknown })
  return schedule
}

type Slices<A> = Generator<undefined, A, unknown>

const verdictOf = (findings: readonly Finding[], warnings: readonly Finding[]): Verdict => {
  if (findings.some((finding) => finding.severity === 'error')) return 'ERROR'
  if (findings.length > 0) return 'FAIL'
  return warnings.length > 0 ? 'VACUOUS' : 'PASS'
}

/** The first failure, with what a second run of the same choices saw coming after it. */
function* withLookAhead(findings: readonly Finding[], again: () => Slices<Execution>): Slices<readonly Finding[]> {
  const [first, ...rest] = findings
  if (first?.code !== 'F101') return findings
  const { lookAhead } = yield* again()
  return lookAhead === undefined ? findings : [{ ...first, lookAhead }, ...rest]
}

/** Runs one scenario, or one row of its table, and tells all that came of it. The same seed gives the same record. */
export const runScenario = (scenario: ScenarioPlan, options: RunOptions): Record => {
  const slices = runInSlices(scenario, options)
  for (;;) {
    const slice = slices.next()
    if (slice.done === true) return slice.value
  }
}

/** The same, handing control back every so often: whoever drives it may do something else, or stop for good. */
export function* runInSlices(scenario: ScenarioPlan, options: RunOptions): Slices<Record> {
  const seed = scenario.seed ?? options.seed
  const plain = {
    schemaVersion: 1 as const,
    title: scenario.title,
    row: scenario.row,
    span: scenario.span,
    tags: scenario.tags.map((tag) => tag.name),
    seed,
    planHash: options.planHash ?? '',
    clock: scenario.cluster.clock,
  }
  const note = skipNote(scenario)
  if (note !== undefined) {
    return Object.freeze({
      ...plain,
      verdict: 'SKIP',
      note,
      timeline: emptyTimeline,
      hash: timelineHash(emptyTimeline),
      findings: [],
      sentences: [],
      choices: [],
      duration: 0,
      events: 0,
    })
  }
  const createCluster = scheduled(options.createCluster, scheduleOf(scenario) ?? options.schedule ?? canonicalSchedule)
  const executed = (replay: readonly Choice[] | undefined, lookAhead: boolean): Slices<Execution> =>
    executeInSlices(scenario, {
      seed,
      replay,
      interleaving: options.interleaving,
      keepGoing: options.keepGoing === true,
      snapshots: options.snapshots,
      invariants: options.invariants,
      external: options.external,
      createCluster,
      inputs: options.inputs,
      lookAhead,
    })
  const execution = yield* executed(options.replay, false)
  const { choices, warnings } = execution
  const findings =
    execution.canLookAhead && options.lookAhead !== false
      ? yield* withLookAhead(execution.findings, () => executed(choices, true))
      : execution.findings
  const expected = failsTag(scenario)
  const judged =
    expected === undefined
      ? { verdict: verdictOf(findings, warnings), findings: [...findings, ...warnings] }
      : judgeFailsTag(expected, scenario, findings)
  let hash: string | undefined
  let pending: Record['pending']
  return Object.freeze({
    ...plain,
    verdict: execution.unsupported === undefined ? judged.verdict : 'UNSUPPORTED',
    note: execution.unsupported === undefined ? undefined : `${execution.unsupported} cannot be run in this version`,
    timeline: execution.timeline,
    ...(execution.start === undefined ? {} : { start: execution.start }),
    // Derived when somebody asks: most runs of an exploration are never compared.
    get hash() {
      hash ??= timelineHash(execution.timeline)
      return hash
    },
    findings: judged.findings,
    sentences: execution.sentences,
    ...(execution.snapshots.length === 0 ? {} : { snapshots: execution.snapshots }),
    ...(execution.behaviors.length === 0 ? {} : { behaviors: execution.behaviors }),
    // Derived when somebody asks, too: a failed run has much that is still to come.
    get pending() {
      pending ??= execution.pending()
      return pending
    },
    choices,
    duration: execution.now,
    events: execution.events,
  })
}
