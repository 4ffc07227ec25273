import type { Cause } from '../validation/cause.ts'

/** What a schema has against a value. */
export interface ValueResult {
  readonly causes: Cause[]
  /** How many checks were made: of several alternatives that fail, the one that got furthest is told. */
  checks: number
}

/** Errors of kube-openapi that name no field stand at the nil path. */
export const nilPath = '<nil>'

/** `base` is the path of what is validated within its object: empty but for a status. */
export interface ValuePlace {
  /** Path below `base`, as kube-openapi tells it in its messages. */
  readonly path: string
  readonly base: string
}

export const fieldOf = ({ base, path }: ValuePlace): string => {
  const own = path.startsWith('.') ? path.slice(1) : path
  if (base === '') return own === '' ? nilPath : own
  return own === '' ? base : `${base}.${own}`
}

export const baseOf = ({ base }: ValuePlace): string => (base === '' ? nilPath : base)
