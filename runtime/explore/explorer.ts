import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Inputs, PropertyPlan } from '../../dsl/plan/property.ts'
import type { CreateCluster } from '../cluster/cluster.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import { createRandom } from '../kernel/random.ts'
import type { Record } from '../record/record.ts'
import { runScenario, type RunOptions } from '../runner/run-scenario.ts'
import { canonicalSchedule, type Schedule } from '../runner/schedule.ts'
import { drawInputs } from './draw-inputs.ts'
import { drawSchedule, sweptFaults, type Strategy } from './draw-schedule.ts'
import { learnReference, type Reference } from './reference-run.ts'

export interface ExplorerOptions {
  readonly seed: string
  readonly createCluster: CreateCluster
  readonly external?: RunOptions['external']
  readonly planHash?: string
  /** Instead of the property's own number. */
  readonly runs?: number | undefined
}

/** One run of an exploration: everything about it follows from the property, the seed and its index. */
export interface Case {
  readonly index: number
  readonly strategy: Strategy | 'example'
  readonly inputs: Inputs
  readonly schedule: Schedule
  readonly seed: string
}

/** What a run is given. */
export type Given = Pick<Case, 'inputs' | 'schedule' | 'seed'>

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
}

/** Chance of different purposes comes from different streams: another schedule does not change the inputs. */
const stream = (seed: string, index: number | string, purpose: string): ReturnType<typeof createRandom> =>
  createRandom(`${seed}\u0000${index}\u0000${purpose}`)

const stepsOf = (inputs: Inputs): number =>
  Object.values(inputs).reduce((sum, input) => sum + (input.kind === 'plan' ? input.steps.length : 0), 0)

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
  const sweep = property.varying.includes('faults') ? sweptFaults(reference) : []
  const swept = Math.min(sweep.length, Math.floor(runs / 2))

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
    const drawn = index - examples.length
    // The first is the reference itself. Of the next ones, every other strikes a process behind one of its writes.
    if (drawn === 0) return { index, strategy: 'canonical', inputs: firstInputs, schedule: canonicalSchedule, seed }
    if (drawn % 2 === 1 && drawn < 2 * swept) {
      const fault = sweep[(drawn - 1) / 2]!
      return {
        index,
        strategy: 'perturb',
        inputs: firstInputs,
        schedule: { ...canonicalSchedule, disturbances: [fault] },
        seed,
      }
    }
    const { schedule, strategy } = drawSchedule(property.varying, reference, stream(seed, index, 'schedule'))
    return {
      index,
      strategy,
      inputs: drawInputs(property, stream(seed, index, 'inputs')),
      schedule,
      seed: `${seed}/${index}`,
    }
  }
  return { seed, scenario: plain, property, total: examples.length + runs, reference, first, caseOf, run }
}
