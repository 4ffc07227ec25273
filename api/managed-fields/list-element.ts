import { keyElement, valueElement, type PathElement } from './path-element.ts'
import type { ListAtom } from './value-schema.ts'

/** listItemToPathElement: how an item of a keyed list or set is addressed, or why it cannot be. */
export const listElement = (list: ListAtom, item: unknown): PathElement | { readonly error: string } => {
  if (list.keys.length === 0) {
    if (Array.isArray(item)) return { error: 'not supported: associative list with lists as elements' }
    if (item === null) return { error: "associative list without keys has an element that's an explicit null" }
    if (typeof item === 'object') return { error: "associative list without keys has an element that's a map type" }
    return valueElement(item)
  }
  if (item === null) return { error: 'associative list with keys may not have a null element' }
  if (typeof item !== 'object' || Array.isArray(item)) {
    return { error: 'associative list with keys may not have non-map elements' }
  }
  const declared = list.element().map?.fields
  const keys: Record<string, unknown> = {}
  let found = false
  for (const name of list.keys) {
    const value = (item as Record<string, unknown>)[name] ?? declared?.get(name)?.default
    if (value === undefined || value === null) continue
    keys[name] = value
    found = true
  }
  if (!found) {
    const names = `[${list.keys.map((name) => JSON.stringify(name)).join(' ')}]`
    return {
      error: `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    }
  }
  return keyElement(keys)
}

/** The same for items that have been validated; one that cannot be addressed gets an address of its own. */
export const validListElement = (list: ListAtom, item: unknown): PathElement => {
  const element = listElement(list, item)
  return typeof element === 'string' ? element : 'k:{}'
}
