import type { FieldSet } from './field-set.ts'
import { validListElement } from './list-element.ts'
import { fieldElement } from './path-element.ts'
import { deduce, fieldAtomOf, untypedAtomic, type Atom } from './value-schema.ts'

/**
 * TypedValue.RemoveItems: the value without the fields of a set. A map or keyed list that loses all of its items becomes null.
 * Shares what it does not change.
 */
export const removeItems = (atom: Atom, value: unknown, toRemove: FieldSet): unknown => {
  if (toRemove.size === 0) return value
  const shape = deduce(atom, value)
  if (shape.map !== undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || shape.map.atomic) return null
    const fields = value as Record<string, unknown>
    const copy: Record<string, unknown> = {}
    let changed = false
    for (const name of Object.keys(fields)) {
      const node = toRemove.get(fieldElement(name))
      if (node?.member === true) {
        changed = true
        continue
      }
      const ref = fieldAtomOf(shape.map, name) ?? (() => untypedAtomic)
      const item = node === undefined ? fields[name] : removeItems(ref(), fields[name], node.children)
      if (item !== fields[name]) changed = true
      Object.defineProperty(copy, name, { value: item, writable: true, enumerable: true, configurable: true })
    }
    if (!changed) return value
    return Object.keys(copy).length === 0 ? null : copy
  }
  if (shape.scalar !== undefined || shape.list === undefined) return value
  if (!Array.isArray(value) || shape.list.kind === 'atomic') return null
  const { list } = shape
  const items: unknown[] = []
  let changed = false
  for (const item of value as unknown[]) {
    const node = toRemove.get(validListElement(list, item))
    if (node?.member === true) {
      changed = true
      continue
    }
    const kept = node === undefined ? item : removeItems(list.element(), item, node.children)
    if (kept !== item) changed = true
    items.push(kept)
  }
  if (!changed) return value
  return items.length === 0 ? null : items
}
