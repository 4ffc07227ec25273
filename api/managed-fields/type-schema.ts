import typesJson from '../schema/data/types.json' with { type: 'json' }
import { untypedAtomic, untypedDeduced, type Atom, type AtomRef, type FieldAtom } from './value-schema.ts'

interface TypeField {
  readonly ref?: string
  readonly type?: string
  readonly format?: string
  readonly items?: TypeField
  readonly values?: TypeField
  readonly list?: 'atomic' | 'set' | 'map'
  readonly keys?: readonly string[]
  readonly map?: 'atomic' | 'granular'
  readonly default?: unknown
}
interface TypeEntry {
  readonly type?: string
  readonly format?: string
  readonly oneOf?: readonly unknown[]
  readonly map?: 'atomic' | 'granular'
  readonly fields?: { readonly [name: string]: TypeField }
}
const types = typesJson as Readonly<Record<string, TypeEntry>>

const atoms = new Map<string, Atom>()

const scalarOf = (type: string | undefined): Atom => {
  switch (type) {
    case 'string':
      return { scalar: 'string' }
    case 'integer':
    case 'number':
      return { scalar: 'numeric' }
    case 'boolean':
      return { scalar: 'boolean' }
    case undefined:
      return untypedAtomic
    default:
      return untypedDeduced
  }
}

const refOf = (field: TypeField): AtomRef => {
  let atom: Atom | undefined
  return () => (atom ??= fieldAtom(field))
}

const fieldAtom = (field: TypeField): Atom => {
  if (field.ref !== undefined) {
    const atom = typeAtom(field.ref)
    // A field may say of a struct that it is owned as a whole, or field by field, whatever the struct says.
    return field.map !== undefined && atom.map !== undefined
      ? { map: { ...atom.map, atomic: field.map === 'atomic' } }
      : atom
  }
  if (field.items !== undefined) {
    return { list: { element: refOf(field.items), kind: field.list ?? 'atomic', keys: field.keys ?? [] } }
  }
  if (field.values !== undefined) {
    return { map: { fields: new Map(), element: refOf(field.values), atomic: field.map === 'atomic' } }
  }
  return scalarOf(field.type)
}

/** The atom of a built-in type, such as io.k8s.api.core.v1.Pod. Built once a process. */
export const typeAtom = (name: string): Atom => {
  const known = atoms.get(name)
  if (known !== undefined) return known
  const entry = types[name]
  let atom: Atom
  if (entry?.fields === undefined) {
    // Opaque types: a text (Time), a text or number (Quantity, IntOrString), any object (RawExtension), anything (JSON).
    if (entry?.oneOf !== undefined || entry?.type === 'string') atom = { scalar: 'untyped' }
    else atom = untypedAtomic
  } else {
    const fields = new Map<string, FieldAtom>()
    for (const field of Object.keys(entry.fields)) {
      const data = entry.fields[field]
      if (data !== undefined) fields.set(field, { atom: refOf(data), default: data.default })
    }
    atom = { map: { fields, element: undefined, atomic: entry.map === 'atomic' } }
  }
  atoms.set(name, atom)
  return atom
}
