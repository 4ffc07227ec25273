import type { Micros } from '../../../dsl/plan/micros.ts'
import type { Operator } from './operator.ts'
import { createStretch } from './stretch.ts'

/** `never P for D`: P is never true throughout [t, t+D). */
export const createNeverFor = (longest: Micros): Operator => createStretch(true, longest, false)
