import { fieldSetBuilder, type FieldSet, type FieldSetBuilder } from './field-set.ts'
import { validListElement } from './list-element.ts'
import { fieldElement, type PathElement } from './path-element.ts'
import { deduce, fieldAtomOf, untypedAtomic, type Atom, type ListAtom } from './value-schema.ts'

type Path = readonly PathElement[]

const visit = (atom: Atom, value: unknown, path: Path, set: FieldSetBuilder): void => {
  const shape = deduce(atom, value)
  if (shape.map !== undefined) {
    if (shape.map.atomic) set.insert(path)
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const fields = value as Record<string, unknown>
      for (const name of Object.keys(fields)) {
        const below = [...path, fieldElement(name)]
        const item = fields[name]
        if (item === undefined) continue
        visit((fieldAtomOf(shape.map, name) ?? (() => untypedAtomic))(), item, below, set)
        const isEmpty =
          item === null || (typeof item === 'object' && !Array.isArray(item) && Object.keys(item).length === 0)
        if (isEmpty || !shape.map.fields.has(name)) set.insert(below)
      }
    }
  } else if (shape.scalar !== undefined) set.insert(path)
  else if (shape.list !== undefined) {
    if (shape.list.kind === 'atomic') set.insert(path)
    else if (Array.isArray(value)) visitItems(shape.list, value, path, set)
  }
}

const visitItems = (list: ListAtom, items: readonly unknown[], path: Path, set: FieldSetBuilder): void => {
  const elements = items.map((item) => validListElement(list, item))
  items.forEach((item, i) => {
    const element = elements[i] ?? ''
    const below = [...path, element]
    // Of items with the same address only the address is owned.
    if (elements.indexOf(element) === elements.lastIndexOf(element)) visit(list.element(), item, below, set)
    set.insert(below)
  })
}

/** TypedValue.ToFieldSet: the fields that a value sets. */
export const toFieldSet = (atom: Atom, value: unknown): FieldSet => {
  const set = fieldSetBuilder()
  visit(atom, value, [], set)
  return set.build()
}
