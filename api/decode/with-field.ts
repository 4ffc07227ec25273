import { makeAlike } from '../json/model.ts'
import { typePlan } from './type-plan.ts'

/**
 * A canonical struct with one text field more, at its place in wire order: what was known of the struct (canonical, defaulted) is known
 * of the result. For fields on which no default depends; frozen, as the struct must be.
 */
export const withField = <T extends object>(type: string, struct: T, field: string, text: string): T => {
  const { byName } = typePlan(type)
  const place = byName.get(field)!.index
  const out: Record<string, unknown> = {}
  let put = false
  for (const key in struct) {
    if (!put && (byName.get(key)?.index ?? -1) >= place) {
      out[field] = text
      put = true
      if (key === field) continue
    }
    out[key] = struct[key]
  }
  if (!put) out[field] = text
  const made = Object.freeze(out) as T
  makeAlike(made, struct)
  return made
}
