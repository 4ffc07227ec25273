/**
 * How the parts of a value are owned: schema.Atom of structured-merge-diff. An atom can allow several shapes; the value at hand
 * decides.
 */
export interface Atom {
  readonly map?: MapAtom
  readonly list?: ListAtom
  readonly scalar?: 'numeric' | 'string' | 'boolean' | 'untyped'
}

/** Schemas refer to themselves: a reference is resolved when it is needed. */
export type AtomRef = () => Atom

export interface MapAtom {
  readonly fields: ReadonlyMap<string, FieldAtom>
  /** The type of fields that are not declared; undefined: there may be none. */
  readonly element: AtomRef | undefined
  readonly atomic: boolean
}

export interface FieldAtom {
  readonly atom: AtomRef
  readonly default?: unknown
}

export interface ListAtom {
  readonly element: AtomRef
  readonly kind: 'atomic' | 'set' | 'map'
  readonly keys: readonly string[]
}

const noDeclared: ReadonlyMap<string, FieldAtom> = new Map()

/** __untyped_atomic_: owned as a whole, whatever it is. */
export const untypedAtomic: Atom = {
  scalar: 'untyped',
  list: { element: () => untypedAtomic, kind: 'atomic', keys: [] },
  map: { fields: noDeclared, element: () => untypedAtomic, atomic: true },
}

/** __untyped_deduced_: maps field by field, lists as a whole. */
export const untypedDeduced: Atom = {
  scalar: 'untyped',
  list: { element: () => untypedAtomic, kind: 'atomic', keys: [] },
  map: { fields: noDeclared, element: () => untypedDeduced, atomic: false },
}

/** A map of no declared field and no type: what an unknown type reference resolves to. */
export const fieldAtomOf = (map: MapAtom, name: string): AtomRef | undefined =>
  map.fields.get(name)?.atom ?? map.element

/** deduceAtom: only the shape that the value has, where the atom allows it. */
export const deduce = (atom: Atom, value: unknown): Atom => {
  if (value === undefined || value === null) return atom
  if (Array.isArray(value)) return atom.list === undefined ? atom : { list: atom.list }
  if (typeof value === 'object') return atom.map === undefined ? atom : { map: atom.map }
  return atom.scalar === undefined ? atom : { scalar: atom.scalar }
}
