import type { Micros } from '../../../dsl/plan/micros.ts'
import type { Operator } from './operator.ts'
import { createStretch } from './stretch.ts'

/** `always P within D`: whenever P is false it is true again at most D later. */
export const createAlwaysWithin = (longest: Micros): Operator => createStretch(false, longest, true)
