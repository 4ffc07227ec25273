import type { Inputs } from '../../dsl/plan/property.ts'
import { canonicalSchedule } from '../runner/schedule.ts'
import type { Course } from './case.ts'
import { sweptFaults } from './draw-schedule.ts'
import type { Reference } from './reference-run.ts'

/** The undisturbed run, then every single fault of the sweep over its writes, and nothing else. */
export const perturb = (
  reference: Reference,
  { seed, runs, inputs }: { readonly seed: string; readonly runs: number; readonly inputs: Inputs },
): Course => {
  const sweep = sweptFaults(reference)
  const total = Math.min(runs, 1 + sweep.length)
  return {
    total,
    caseOf: (drawn) => ({
      strategy: drawn === 0 ? 'canonical' : 'perturb',
      inputs,
      schedule: drawn === 0 ? canonicalSchedule : { ...canonicalSchedule, disturbances: [sweep[drawn - 1]!] },
      seed,
    }),
    scope: (made) => {
      const struck = Math.max(0, made - 1)
      return `${struck >= sweep.length ? `all ${sweep.length}` : `${struck} of ${sweep.length}`} faults at the ${reference.writes.length} writes of the undisturbed run`
    },
  }
}
