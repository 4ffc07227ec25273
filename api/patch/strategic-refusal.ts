import { refuse } from '../json/refusal.ts'

export type Fields = { readonly [field: string]: unknown }

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const badFormat = (what: string): Error => refuse(`invalid patch format of ${what}`, 400)

/** The looked-up metadata, or a refusal. */
export const unless = <T extends object>(found: T | { readonly error: string }): T => {
  if ('error' in found) throw refuse(found.error)
  return found
}
