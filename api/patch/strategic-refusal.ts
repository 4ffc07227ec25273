export type Fields = { readonly [field: string]: unknown }

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A refused strategic merge patch, thrown inside this room; interpretStrategicMergePatchError decides the code. */
export class PatchRefusal {
  readonly message: string
  readonly code: 400 | 422 | 500
  constructor(message: string, code: 400 | 422 | 500 = 500) {
    this.message = message
    this.code = code
  }
}

export const badFormat = (what: string): PatchRefusal => new PatchRefusal(`invalid patch format of ${what}`, 400)

/** The looked-up metadata, or a refusal. */
export const unless = <T extends object>(found: T | { readonly error: string }): T => {
  if ('error' in found) throw new PatchRefusal(found.error)
  return found
}
