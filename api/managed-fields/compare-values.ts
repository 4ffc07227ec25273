import { structuralEqual } from '../json/structural-equal.ts'
import { fieldSetBuilder, type FieldNode, type FieldSet, type FieldSetBuilder } from './field-set.ts'
import { validListElement } from './list-element.ts'
import { fieldElement, type PathElement } from './path-element.ts'
import { deduce, fieldAtomOf, untypedAtomic, type Atom, type ListAtom, type MapAtom } from './value-schema.ts'

export interface Comparison {
  readonly removed: FieldSet
  readonly modified: FieldSet
  readonly added: FieldSet
}

interface Out {
  readonly removed: FieldSetBuilder
  readonly modified: FieldSetBuilder
  readonly added: FieldSetBuilder
}
type Path = readonly PathElement[]

const leaf = (lhs: unknown, rhs: unknown, path: Path, out: Out): void => {
  if (lhs === undefined) out.added.insert(path)
  else if (rhs === undefined) out.removed.insert(path)
  else if (!structuralEqual(lhs, rhs)) out.modified.insert(path)
}

const fieldsOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
const listOf = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as unknown[]) : undefined

interface Pair {
  readonly lhs: unknown
  readonly rhs: unknown
}

/** Compares by one shape; answers whether the value was a leaf, which is then reported as a whole. */
const byShape = (shape: Atom, { lhs, rhs }: Pair, path: Path, out: Out): boolean => {
  if (shape.map !== undefined) {
    const [left, right] = [fieldsOf(lhs), fieldsOf(rhs)]
    const empty = Object.keys(left ?? {}).length === 0 && Object.keys(right ?? {}).length === 0
    if (shape.map.atomic || empty) return true
    compareFields(shape.map, { lhs: left ?? {}, rhs: right ?? {} }, path, out)
    return false
  }
  if (shape.scalar !== undefined || shape.list === undefined) return true
  const [left, right] = [listOf(lhs) ?? [], listOf(rhs) ?? []]
  if (shape.list.kind === 'atomic' || (left.length === 0 && right.length === 0)) return true
  compareItems(shape.list, [left, right], path, out)
  return false
}

interface Remembered {
  readonly atom: Atom
  readonly node: FieldNode
}
const additions = new WeakMap<object, Remembered>()

/** What of a value is added where there was none. Remembered by identity: replicas share what their template has. */
const additionOf = (atom: Atom, value: object): FieldNode => {
  const known = additions.get(value)
  if (known?.atom === atom) return known.node
  const out = builders()
  compareHere(atom, { lhs: undefined, rhs: value }, [], out)
  const node = out.added.node()
  additions.set(value, { atom, node })
  return node
}

const compare = (atom: Atom, pair: Pair, path: Path, out: Out): void => {
  const { lhs, rhs } = pair
  if (lhs === rhs) return
  if (lhs === undefined && typeof rhs === 'object' && rhs !== null && Object.isFrozen(rhs)) {
    out.added.graft(path, additionOf(atom, rhs))
  } else compareHere(atom, pair, path, out)
}

const compareHere = (atom: Atom, pair: Pair, path: Path, out: Out): void => {
  const { lhs, rhs } = pair
  const left = deduce(atom, lhs)
  const right = deduce(atom, rhs)
  const sameShape = left.map === right.map && left.list === right.list && left.scalar === right.scalar
  let isLeaf = false
  if (rhs === undefined) isLeaf = byShape(left, pair, path, out)
  else if (lhs === undefined || sameShape) isLeaf = byShape(right, pair, path, out)
  else {
    // Each side is walked by its own shape; a leaf on either is reported once.
    const leftLeaf = byShape(left, pair, path, out)
    if (leftLeaf) leaf(lhs, rhs, path, out)
    if (byShape(right, pair, path, out) && !leftLeaf) leaf(lhs, rhs, path, out)
    return
  }
  if (isLeaf) leaf(lhs, rhs, path, out)
  else if (lhs === undefined) out.added.insert(path)
  else if (rhs === undefined) out.removed.insert(path)
}

const compareFields = (
  map: MapAtom,
  { lhs, rhs }: { readonly lhs: Record<string, unknown>; readonly rhs: Record<string, unknown> },
  path: Path,
  out: Out,
): void => {
  const visit = (name: string): void => {
    // Data may have a key such as `constructor`, which every object inherits.
    const left = Object.hasOwn(lhs, name) ? lhs[name] : undefined
    const right = Object.hasOwn(rhs, name) ? rhs[name] : undefined
    if (left === right) return
    compare(
      (fieldAtomOf(map, name) ?? (() => untypedAtomic))(),
      { lhs: left, rhs: right },
      [...path, fieldElement(name)],
      out,
    )
  }
  for (const name of Object.keys(lhs)) visit(name)
  for (const name of Object.keys(rhs)) if (!Object.hasOwn(lhs, name)) visit(name)
}

const byElement = (list: ListAtom, items: readonly unknown[]): Map<PathElement, unknown[]> => {
  const groups = new Map<PathElement, unknown[]>()
  for (const item of items) {
    const element = validListElement(list, item)
    const group = groups.get(element)
    if (group === undefined) groups.set(element, [item])
    else group.push(item)
  }
  return groups
}

const compareItems = (
  list: ListAtom,
  [lhs, rhs]: readonly [readonly unknown[], readonly unknown[]],
  path: Path,
  out: Out,
): void => {
  const left = byElement(list, lhs)
  const right = byElement(list, rhs)
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const below = [...path, element]
    const [before, after] = [left.get(element) ?? [], right.get(element) ?? []]
    if (before.length >= 2 && after.length >= 2) {
      if (!structuralEqual(before, after)) out.modified.insert(below)
    } else if (before.length >= 2) {
      if (after.length === 1) compare(list.element(), { lhs: undefined, rhs: after[0] }, below, out)
      out.removed.insert(below)
    } else if (after.length >= 2) {
      if (before.length === 1) compare(list.element(), { lhs: before[0], rhs: undefined }, below, out)
      out.added.insert(below)
    } else compare(list.element(), { lhs: before[0], rhs: after[0] }, below, out)
  }
}

const builders = (): Out => ({ removed: fieldSetBuilder(), modified: fieldSetBuilder(), added: fieldSetBuilder() })

/** TypedValue.Compare: what happened to each field from one value to the other. Shared subtrees cost nothing. */
export const compareValues = (atom: Atom, lhs: unknown, rhs: unknown): Comparison => {
  const out = builders()
  if (lhs !== rhs) compareHere(atom, { lhs, rhs }, [], out)
  return { removed: out.removed.build(), modified: out.modified.build(), added: out.added.build() }
}
