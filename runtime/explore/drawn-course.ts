import type { Inputs, PropertyPlan } from '../../dsl/plan/property.ts'
import { createRandom, type Random } from '../kernel/random.ts'
import { canonicalSchedule } from '../runner/schedule.ts'
import type { Course } from './case.ts'
import { drawInputs } from './draw-inputs.ts'
import { drawSchedule, sweptFaults } from './draw-schedule.ts'
import type { Reference } from './reference-run.ts'
import type { Strategy } from './strategy.ts'

/** Chance of different purposes comes from different streams: another schedule does not change the inputs. */
export const stream = (seed: string, index: number | string, purpose: string): Random =>
  createRandom(`${seed}\u0000${index}\u0000${purpose}`)

export interface Drawing {
  readonly seed: string
  readonly runs: number
  readonly reference: Reference
  /** What the reference run was given. */
  readonly inputs: Inputs
  /** One strategy for all runs; without it the portfolio, and of every other run the sweep. */
  readonly chosen: Strategy | undefined
  /** Examples that run before. */
  readonly before: number
}

/** The undisturbed run first, then what chance draws. */
export const drawnCourse = (property: PropertyPlan, drawing: Drawing): Course => {
  const { seed, runs, reference, chosen } = drawing
  const varying = chosen === 'canonical' ? [] : property.varying
  const sweep = chosen === undefined && varying.includes('faults') ? sweptFaults(reference) : []
  const swept = Math.min(sweep.length, Math.floor(runs / 2))
  return {
    total: runs,
    caseOf(drawn) {
      // The first is the reference itself. Of the next ones, every other strikes a process behind one of its writes.
      const given = { inputs: drawing.inputs, seed }
      if (drawn === 0) return { ...given, strategy: 'canonical', schedule: canonicalSchedule }
      if (drawn % 2 === 1 && drawn < 2 * swept)
        return {
          ...given,
          strategy: 'perturb',
          schedule: { ...canonicalSchedule, disturbances: [sweep[(drawn - 1) / 2]!] },
        }
      const index = drawing.before + drawn
      const { schedule, strategy } = drawSchedule(varying, { reference, chosen }, stream(seed, index, 'schedule'))
      return {
        strategy,
        inputs: drawInputs(property, stream(seed, index, 'inputs')),
        schedule,
        seed: `${seed}/${index}`,
      }
    },
  }
}
