import type { Inputs, PropertyPlan } from '../../dsl/plan/property.ts'
import { bounded } from './bounded.ts'
import type { Course } from './case.ts'
import { drawnCourse, type Drawing } from './drawn-course.ts'
import { perturb } from './perturb.ts'
import type { Reference } from './reference-run.ts'
import type { Strategy } from './strategy.ts'

/** What a strategy cannot do without, of what a property may vary. */
const needs: Partial<Record<Strategy, 'interleaving' | 'faults'>> = {
  walk: 'interleaving',
  weights: 'interleaving',
  holds: 'interleaving',
  pct: 'interleaving',
  perturb: 'faults',
}

/** The runs of a property, as the strategy chooses them. No strategy goes beyond what the property says may vary. */
export const courseOf = (property: PropertyPlan, drawing: Drawing, learn: (inputs: Inputs) => Reference): Course => {
  const { chosen, seed, runs, reference, inputs } = drawing
  if (chosen === undefined) return drawnCourse(property, drawing)
  const needed = needs[chosen]
  if (needed !== undefined && !property.varying.includes(needed))
    return {
      ...drawnCourse(property, { ...drawing, chosen: 'canonical' }),
      scope: () => `inputs only: ${chosen} varies ${needed}, and this property does not`,
    }
  if (chosen === 'bounded') return bounded(property, { seed, runs, learn })
  return chosen === 'perturb' ? perturb(reference, { seed, runs, inputs }) : drawnCourse(property, drawing)
}
