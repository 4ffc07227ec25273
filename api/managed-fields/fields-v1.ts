import { noFields, type FieldNode, type FieldSet } from './field-set.ts'
import { compareElements, type PathElement } from './path-element.ts'

/** metav1.FieldsV1: nested objects; `.` marks a path that is in the set and has others below it. */
export type FieldsV1 = { readonly [element: string]: FieldsV1 }

const decoded = new WeakMap<FieldsV1, FieldSet>()

const decode = (fields: FieldsV1): FieldSet => {
  const set = new Map<PathElement, FieldNode>()
  for (const element of Object.keys(fields)) {
    const below = fields[element]
    // An element of a kind that is not known is skipped, as upstream does.
    if (element === '.' || below === undefined || !/^[fkvi]:/.test(element)) continue
    const keys = Object.keys(below)
    const children = keys.length === 0 ? noFields : decode(below)
    set.set(element, { member: children.size === 0 || Object.hasOwn(below, '.'), children })
  }
  return set
}

/** Set.FromJSON. Remembered by identity of frozen fields. */
export const fromFieldsV1 = (fields: FieldsV1 | undefined): FieldSet => {
  if (fields === undefined) return noFields
  const known = decoded.get(fields)
  if (known !== undefined) return known
  const set = decode(fields)
  if (Object.isFrozen(fields)) decoded.set(fields, set)
  return set
}

/** Set.ToJSON, sorted. */
export const toFieldsV1 = (set: FieldSet): FieldsV1 => {
  const fields: Record<string, FieldsV1> = {}
  for (const element of [...set.keys()].sort(compareElements)) {
    const node = set.get(element)
    if (node === undefined) continue
    const below = toFieldsV1(node.children)
    fields[element] = node.member && node.children.size > 0 ? { '.': {}, ...below } : below
  }
  return fields
}
