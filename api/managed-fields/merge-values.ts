import { validListElement } from './list-element.ts'
import type { PathElement } from './path-element.ts'
import { deduce, fieldAtomOf, untypedAtomic, type Atom, type ListAtom, type MapAtom } from './value-schema.ts'

type Fields = Record<string, unknown>

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

const mergeFields = (map: MapAtom, lhs: Fields, rhs: Fields): Fields => {
  let copy: Fields | undefined
  for (const name of Object.keys(rhs)) {
    const before = Object.hasOwn(lhs, name) ? lhs[name] : undefined
    const merged = mergeValues((fieldAtomOf(map, name) ?? (() => untypedAtomic))(), before, rhs[name])
    if (merged === before && before !== undefined) continue
    copy ??= { ...lhs }
    Object.defineProperty(copy, name, { value: merged, writable: true, enumerable: true, configurable: true })
  }
  return copy ?? lhs
}

/**
 * mergingWalker.visitListItems: items of both sides in one order. What is only on the left keeps its place, what the right
 * names comes in the right's order.
 */
const mergeItems = (list: ListAtom, lhs: readonly unknown[], rhs: readonly unknown[]): readonly unknown[] => {
  const leftElements = lhs.map((item) => validListElement(list, item))
  const rightElements = rhs.map((item) => validListElement(list, item))
  const onLeft = new Map<PathElement, unknown>()
  leftElements.forEach((element, i) => {
    // Of duplicates none is the one to merge with.
    onLeft.set(element, onLeft.has(element) ? null : lhs[i])
  })
  const onRight = new Map<PathElement, unknown>(rightElements.map((element, i) => [element, rhs[i]]))
  const shared = rightElements.filter((element) => onLeft.has(element))
  let nextShared = 0
  const mergedRight = new Set<PathElement>()
  const out: unknown[] = []
  const merge = (element: PathElement): void => {
    mergedRight.add(element)
    out.push(mergeValues(list.element(), onLeft.has(element) ? onLeft.get(element) : undefined, onRight.get(element)))
  }
  let [l, r] = [0, 0]
  while (l < lhs.length || r < rhs.length) {
    const left = leftElements[l]
    const right = rightElements[r]
    if (left !== undefined && right !== undefined) {
      if (left === right) {
        merge(left)
        l += 1
        r += 1
        nextShared += 1
        continue
      }
      if (onRight.has(left) && nextShared < shared.length && shared[nextShared] !== left) {
        // It will come in the right's order.
        l += 1
        continue
      }
    }
    if (left !== undefined) {
      if (!onRight.has(left)) {
        out.push(lhs[l])
        l += 1
        continue
      }
      if (mergedRight.has(left)) l += 1
    }
    if (right !== undefined) {
      merge(right)
      r += 1
      if (shared[nextShared] === right) nextShared += 1
    }
  }
  const unchanged = out.length === lhs.length && out.every((item, i) => item === lhs[i])
  return unchanged ? lhs : out
}

/**
 * TypedValue.Merge with ruleKeepRHS: the right wins, maps and keyed lists are merged. Shares what it does not change with the
 * left; a merge that changes nothing is the left itself.
 */
export const mergeValues = (atom: Atom, lhs: unknown, rhs: unknown): unknown => {
  if (rhs === undefined || lhs === rhs) return lhs
  if (lhs === undefined) return rhs
  const shape = deduce(atom, rhs)
  const [left, right] = [fieldsOf(lhs), fieldsOf(rhs)]
  if (shape.map !== undefined) {
    const empty = Object.keys(left ?? {}).length === 0 && Object.keys(right ?? {}).length === 0
    if (shape.map.atomic || empty) return keepIfEqual(lhs, rhs)
    return mergeFields(shape.map, left ?? {}, right ?? {})
  }
  if (shape.scalar !== undefined || shape.list === undefined) return rhs
  const before = Array.isArray(lhs) ? (lhs as unknown[]) : []
  const after = Array.isArray(rhs) ? (rhs as unknown[]) : []
  if (shape.list.kind === 'atomic' || (before.length === 0 && after.length === 0)) return rhs
  return mergeItems(shape.list, before, after)
}

const keepIfEqual = (lhs: unknown, rhs: unknown): unknown => {
  const empty = (value: unknown): boolean => fieldsOf(value) !== undefined && Object.keys(value as Fields).length === 0
  return empty(lhs) && empty(rhs) ? lhs : rhs
}
