import { canonicalJson } from '../json/canonical-json.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import type { Json } from '../object.ts'
import { compareQuantities } from '../quantity/compare-quantities.ts'
import { quantityFromJson } from '../quantity/parse-quantity.ts'
import { fieldOf, keysOfList, leafOf, type FieldType } from '../schema/field-type.ts'
import type { DiffStep } from './diff-path.ts'

/** A place at which two values differ; `undefined` stands for absence. Maps are gone into, so it is as deep as can be. */
export interface FieldChange {
  readonly path: readonly DiffStep[]
  readonly before: Json | undefined
  readonly after: Json | undefined
}

type Fields = Readonly<Record<string, Json>>

const isMap = (value: Json | undefined): value is Fields =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)

/** Whether two leaves mean the same: `0.5` and `500m` of a quantity, `80` and `"80"` of an int-or-string. */
export const sameLeaf = (a: unknown, b: unknown, type: FieldType | undefined): boolean => {
  if (a === b) return true
  const leaf = leafOf(type)
  if (leaf === 'int-or-string') return String(a) === String(b)
  if (leaf !== 'quantity') return false
  const left = quantityFromJson(a)
  const right = quantityFromJson(b)
  return 'unscaled' in left && 'unscaled' in right && compareQuantities(left, right) === 0
}

/**
 * Where two values of the API differ. Keyed lists are compared item by item in any order, sets by membership, amounts by what
 * they mean; other lists by place if they are equally long, and whole otherwise.
 */
export const diffValues = (
  before: Json | undefined,
  after: Json | undefined,
  type: FieldType | undefined,
): readonly FieldChange[] => {
  const out: FieldChange[] = []
  walk(before, after, { path: [], type }, out)
  return out
}

interface Place {
  readonly path: readonly DiffStep[]
  readonly type: FieldType | undefined
}

const walk = (before: Json | undefined, after: Json | undefined, at: Place, out: FieldChange[]): void => {
  if (before === after) return
  const maps = (isMap(before) || before === undefined) && (isMap(after) || after === undefined)
  if (maps) return walkMaps(before, after, at, out)
  if (Array.isArray(before) && Array.isArray(after))
    return walkLists(before as readonly Json[], after as readonly Json[], at, out)
  if (before !== undefined && after !== undefined && sameLeaf(before, after, at.type)) return
  out.push({ path: at.path, before, after })
}

/** A label may be called `constructor`. */
const ownOf = (fields: Fields | undefined, name: string): Json | undefined =>
  fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined

const walkMaps = (before: Fields | undefined, after: Fields | undefined, at: Place, out: FieldChange[]): void => {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  if (names.length === 0 && (before === undefined || after === undefined)) out.push({ path: at.path, before, after })
  // Emptied is not gone: said of each field, the two would read alike.
  if (
    at.path.length > 0 &&
    before !== undefined &&
    after !== undefined &&
    names.length > 0 &&
    Object.keys(after).length === 0
  ) {
    out.push({ path: at.path, before, after })
    return
  }
  for (const name of names) {
    const path: readonly DiffStep[] = [...at.path, { kind: 'field', name }]
    walk(ownOf(before, name), ownOf(after, name), { path, type: fieldOf(at.type, name) }, out)
  }
}

const walkLists = (before: readonly Json[], after: readonly Json[], at: Place, out: FieldChange[]): void => {
  if (structuralEqual(before, after)) return
  const keys = keysOfList(at.type)
  if (keys !== undefined && [...before, ...after].every(isMap)) return walkKeyed(before, after, { ...at, keys }, out)
  if (at.type?.list === 'set') return walkSets(before, after, at, out)
  if (before.length !== after.length) {
    out.push({ path: at.path, before: before, after: after })
    return
  }
  for (const [index, item] of before.entries())
    walk(item, after[index], { path: [...at.path, { kind: 'index', index }], type: at.type?.items }, out)
}

type KeyedPlace = Place & { readonly keys: readonly string[] }

const walkKeyed = (before: readonly Json[], after: readonly Json[], at: KeyedPlace, out: FieldChange[]): void => {
  const keysOf = (item: Json): readonly (readonly [string, string])[] =>
    at.keys.flatMap((key) => {
      const value = (item as Fields)[key]
      return value === undefined ? [] : [[key, typeof value === 'string' ? value : canonicalJson(value)] as const]
    })
  const index = (items: readonly Json[]): ReadonlyMap<string, Json> =>
    new Map(items.map((item) => [JSON.stringify(keysOf(item)), item]))
  const old = index(before)
  const fresh = index(after)
  const vague = [...before, ...after].map(keysOf).filter((own) => own.length < at.keys.length)
  /** Keys that an item leaves out: what is left of them must not name another item as well. */
  const ambiguous = vague.some(
    (own) =>
      own.length === 0 ||
      [...before, ...after].some((item) => {
        const theirs = keysOf(item)
        return (
          theirs.length > own.length &&
          own.every(([name, value]) => theirs.some(([other, same]) => other === name && same === value))
        )
      }),
  )
  // Two items of one key are no keyed list after all.
  if (old.size !== before.length || fresh.size !== after.length || ambiguous) {
    out.push({ path: at.path, before: before, after: after })
    return
  }
  for (const key of [...new Set([...old.keys(), ...fresh.keys()])].sort()) {
    const path: readonly DiffStep[] = [...at.path, { kind: 'keys', keys: keysOf((old.get(key) ?? fresh.get(key))!) }]
    const [was, is] = [old.get(key), fresh.get(key)]
    // An item that comes or goes does so as a whole.
    if (was === undefined || is === undefined) out.push({ path, before: was, after: is })
    else walk(was, is, { path, type: at.type?.items }, out)
  }
}

const walkSets = (before: readonly Json[], after: readonly Json[], at: Place, out: FieldChange[]): void => {
  const textOf = (item: Json): string => (typeof item === 'string' ? item : canonicalJson(item))
  const old = new Map(before.map((item) => [textOf(item), item]))
  const fresh = new Map(after.map((item) => [textOf(item), item]))
  for (const item of [...new Set([...old.keys(), ...fresh.keys()])].sort()) {
    const path: readonly DiffStep[] = [...at.path, { kind: 'item', item }]
    if (!fresh.has(item)) out.push({ path, before: old.get(item), after: undefined })
    else if (!old.has(item)) out.push({ path, before: undefined, after: fresh.get(item) })
  }
}
