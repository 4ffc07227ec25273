import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Inputs, PropertyPlan } from '../../dsl/plan/property.ts'
import type { CreateCluster } from '../cluster/cluster.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { Record } from '../record/record.ts'
import { runScenario, type RunOptions } from '../runner/run-scenario.ts'
import { canonicalSchedule } from '../runner/schedule.ts'
import type { Case, Given } from './case.ts'
import { courseOf } from './course-of.ts'
import { drawInputs } from './draw-inputs.ts'
import { stream } from './drawn-course.ts'
import { endStateOf, otherEnd, type EndState } from './end-state.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { learnReference, type Reference } from './reference-run.ts'
import type { Strategy } from './strategy.ts'

export interface ExplorerOptions {
  readonly seed: string
  readonly createCluster: CreateCluster
  readonly external?: RunOptions['external']
  readonly planHash?: string
  /** Instead of the property's own number. */
  readonly runs?: number | undefined
  /** Of all runs; without one, each run has one of a portfolio. */
  readonly strategy?: Strategy | undefined
}

export interface Explorer {
  readonly seed: string
  readonly scenario: ScenarioPlan
  readonly property: PropertyPlan
  /** Runs in all: the examples first. */
  readonly total: number
  readonly reference: Reference
  /** The undisturbed run that the others are compared with. */
  readonly first: Record
  caseOf(index: number): Case
  run(one: Given, scenario?: ScenarioPlan): Record
  /** Runs it, and keeps what counts. */
  outcome(one: Case): Outcome
  /** How much of what there is so many runs are, where that can be said. */
  scope(made: number): string | undefined
}

const stepsOf = (inputs: Inputs): number =>
  Object.values(inputs).reduce((sum, input) => sum + (input.kind === 'plan' ? input.steps.length : 0), 0)

const isAtRest = (record: Record): boolean => record.verdict === 'PASS' && (record.pending ?? []).length === 0

/** A run in which nothing is done has no writes to strike: of some draws, the one with the most steps. */
const richest = (drawn: readonly Inputs[]): Inputs =>
  drawn.reduce((best, one) => (stepsOf(one) > stepsOf(best) ? one : best))

/** Draws the runs of a property, and makes them. Which of them are made, where, and in what order is its caller's business. */
export const createExplorer = (given: ScenarioPlan, options: ExplorerOptions): Explorer => {
  const { property } = given
  if (property === undefined)
    throw new InvariantError('explore', 'only properties are explored', { title: given.title })
  // What a tag expects is expected of the exploration, not of each run; and a run is one with its own schedule.
  const scenario: ScenarioPlan = { ...given, tags: given.tags.filter((tag) => tag.name !== 'fails') }
  const seed = given.seed ?? options.seed
  const plain: ScenarioPlan = { ...scenario, seed: undefined }
  const run: Explorer['run'] = (one, of = plain) =>
    runScenario(of, {
      seed: one.seed,
      inputs: one.inputs,
      schedule: one.schedule,
      createCluster: options.createCluster,
      lookAhead: false,
      ...(options.external === undefined ? {} : { external: options.external }),
      ...(options.planHash === undefined ? {} : { planHash: options.planHash }),
    })
  const runs = options.runs ?? property.runs
  const { examples } = property
  const firstInputs = richest(
    [0, 1, 2, 3].map((place) =>
      drawInputs(property, stream(seed, place === 0 ? 'reference' : `reference/${place}`, 'inputs')),
    ),
  )
  const first = run({ inputs: firstInputs, schedule: canonicalSchedule, seed })
  const reference = learnReference(first)
  const before = examples.length
  const course = courseOf(
    property,
    { seed, runs, reference, inputs: firstInputs, chosen: options.strategy, before },
    (inputs) => learnReference(run({ inputs, schedule: canonicalSchedule, seed })),
  )

  const caseOf = (index: number): Case => {
    const example = examples[index]
    if (example !== undefined)
      return {
        index,
        strategy: 'example',
        inputs: drawInputs(property, stream(seed, index, 'inputs'), example.inputs),
        schedule: canonicalSchedule,
        seed,
      }
    return { index, ...course.caseOf(index - before) }
  }
  let firstEnd: EndState | undefined
  const outcome = (one: Case): Outcome => {
    const record = run(one)
    // Struck once, with the same inputs and the same chance: whatever is different comes of it.
    if (one.strategy !== 'perturb' || !isAtRest(record) || !isAtRest(first)) return outcomeOf(one, record)
    firstEnd ??= endStateOf(first)
    return outcomeOf(one, record, otherEnd(endStateOf(record), firstEnd) ?? '')
  }
  return {
    seed,
    outcome,
    scenario: plain,
    property,
    total: before + course.total,
    reference,
    first,
    caseOf,
    run,
    scope: (made) => (made > before ? course.scope?.(made - before) : undefined),
  }
}
