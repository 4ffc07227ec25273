import { noFields, type FieldNode, type FieldSet } from './field-set.ts'
import { isFieldElement, isKeyElement, type PathElement } from './path-element.ts'
import type { Atom } from './value-schema.ts'

const below = (atom: Atom | undefined, element: PathElement): Atom | undefined => {
  if (isFieldElement(element)) {
    const name = element.slice(2)
    return (atom?.map?.fields.get(name)?.atom ?? atom?.map?.element)?.()
  }
  return isKeyElement(element) ? atom?.list?.element() : undefined
}

/** Set.EnsureNamedFieldsAreMembers: a declared field with something below it counts itself. */
export const ensureNamedFields = (set: FieldSet, atom: Atom | undefined): FieldSet => {
  if (set.size === 0) return noFields
  const out = new Map<PathElement, FieldNode>()
  for (const [element, node] of set) {
    const declared = isFieldElement(element) && atom?.map?.fields.has(element.slice(2)) === true
    const member = node.member || (declared && node.children.size > 0)
    out.set(element, { member, children: ensureNamedFields(node.children, below(atom, element)) })
  }
  return out
}
