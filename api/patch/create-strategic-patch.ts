import { goValueText } from '../json/go-value-text.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { refused } from '../json/refusal.ts'
import { mergeStrategicPatches } from './merge-strategic-patches.ts'
import { lookupField, lookupList, type PatchMeta, type PatchSchema } from './patch-schema.ts'
import type { PatchProblem } from './patch-result.ts'
import { isFields, unless, type Fields } from './strategic-refusal.ts'

interface DiffOptions {
  /** Only what is to be removed. */
  readonly onlyDeletions?: boolean
  /** Only what is to be set. */
  readonly noDeletions?: boolean
  readonly retainKeys?: boolean
}

const sortedScalars = (values: readonly unknown[]): unknown[] =>
  [...values].sort((a, b) => {
    const [left, right] = [goValueText(a), goValueText(b)]
    return left < right ? -1 : left > right ? 1 : 0
  })

/** strategicpatch.diffMaps. */
const diffMaps = (original: Fields, modified: Fields, schema: PatchSchema, options: DiffOptions): Fields => {
  const patch: Record<string, unknown> = {}
  const set = (key: string, value: unknown): void => {
    if (options.onlyDeletions !== true) patch[key] = value
  }
  const { retainKeys: retain, ...below } = options
  for (const key of Object.keys(modified)) {
    const after = modified[key]
    if (!Object.hasOwn(original, key)) {
      set(key, after)
      continue
    }
    const before = original[key]
    if (before === after) continue
    if (isFields(before) && isFields(after)) diffField(patch, key, [before, after], { schema, options: below, set })
    else if (Array.isArray(before) && Array.isArray(after)) {
      diffList(patch, key, [before, after], { schema, options: below, set })
    } else if (!structuralEqual(before, after)) set(key, after)
  }
  if (options.noDeletions !== true) {
    for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null
  }
  if (retain === true) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null)
    const isNew = Object.keys(modified).some((key) => !Object.hasOwn(original, key))
    if (kept.length > 0 && (Object.keys(patch).length > 0 || isNew)) patch.$retainKeys = kept.sort()
  }
  return patch
}

interface Place {
  readonly schema: PatchSchema
  readonly options: DiffOptions
  readonly set: (key: string, value: unknown) => void
}

const diffField = (
  patch: Record<string, unknown>,
  key: string,
  [before, after]: readonly [Fields, Fields],
  { schema, options, set }: Place,
): void => {
  const found = lookupField(schema, key)
  if ('error' in found && structuralEqual(before, after)) return
  const meta = unless(found)
  if (meta.strategy === 'replace') {
    set(key, after)
    return
  }
  const below = diffMaps(before, after, meta.schema, { ...options, retainKeys: meta.retainKeys })
  if (Object.keys(below).length > 0) patch[key] = below
}

const diffList = (
  patch: Record<string, unknown>,
  key: string,
  [before, after]: readonly [readonly unknown[], readonly unknown[]],
  { schema, options, set }: Place,
): void => {
  const found = lookupList(schema, key)
  if ('error' in found && structuralEqual(before, after)) return
  const meta = unless(found)
  if (meta.strategy !== 'merge') {
    if (!structuralEqual(before, after)) set(key, after)
    return
  }
  if (before.length === 0) {
    if (after.length > 0) set(key, after)
    return
  }
  if (isFields(before[0]))
    diffObjects(patch, key, [before as readonly Fields[], after as readonly Fields[]], { meta, options })
  else diffScalars(patch, key, [before, after], options)
}

const diffScalars = (
  patch: Record<string, unknown>,
  key: string,
  [before, after]: readonly [readonly unknown[], readonly unknown[]],
  options: DiffOptions,
): void => {
  const added = options.onlyDeletions === true ? [] : after.filter((item) => !before.includes(item))
  const removed = options.noDeletions === true ? [] : sortedScalars(before.filter((item) => !after.includes(item)))
  if (added.length > 0) patch[key] = added
  if (removed.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = removed
  const reordered = options.onlyDeletions !== true && !structuralEqual(before, after)
  if ((removed.length > 0 || reordered) && after.length > 0) patch[`$setElementOrder/${key}`] = after
}

const diffObjects = (
  patch: Record<string, unknown>,
  key: string,
  [before, after]: readonly [readonly Fields[], readonly Fields[]],
  { meta, options }: { readonly meta: PatchMeta; readonly options: DiffOptions },
): void => {
  const { mergeKey, schema } = meta
  const byKey = new Map(before.map((item) => [item[mergeKey], item]))
  const items: Fields[] = []
  for (const item of after) {
    const old = byKey.get(item[mergeKey])
    if (old === undefined) {
      if (options.onlyDeletions !== true) items.push(item)
      continue
    }
    const below = diffMaps(old, item, schema, { ...options, retainKeys: meta.retainKeys })
    if (Object.keys(below).length > 0) items.push({ ...below, [mergeKey]: item[mergeKey] })
  }
  if (options.noDeletions !== true) {
    const kept = new Set(after.map((item) => item[mergeKey]))
    const gone = before.filter((item) => !kept.has(item[mergeKey])).map((item) => item[mergeKey])
    for (const name of sortedScalars(gone)) items.push({ $patch: 'delete', [mergeKey]: name })
  }
  if (items.length > 0) patch[key] = items
  const sameOrder = before.length === after.length && before.every((item, i) => item[mergeKey] === after[i]?.[mergeKey])
  const ordered =
    (options.onlyDeletions !== true && (items.length > 0 || !sameOrder)) ||
    (options.noDeletions !== true && items.length > 0)
  if (ordered && after.length > 0) {
    patch[`$setElementOrder/${key}`] = after.map((item) => ({ [mergeKey]: item[mergeKey] }))
  }
}

const guarded = (create: () => Fields): { readonly patch: Fields } | PatchProblem => {
  try {
    return { patch: create() }
  } catch (thrown) {
    return { error: refused(thrown).message, code: 400 }
  }
}

/** strategicpatch.CreateTwoWayMergePatch over a built-in type: what turns one object into the other. */
export const createTwoWayPatch = (
  type: string,
  original: object,
  modified: object,
): { readonly patch: Fields } | PatchProblem =>
  guarded(() => diffMaps(original as Fields, modified as Fields, { type }, {}))

/**
 * strategicpatch.CreateThreeWayMergePatch with overwrite, as kubectl apply makes it: sets what differs between the live object
 * and the new configuration, and removes what the last applied one had and the new one has not.
 */
export const createThreeWayPatch = (
  type: string,
  lastApplied: object,
  modified: object,
  current: object,
): { readonly patch: Fields } | PatchProblem =>
  guarded(() => {
    const changes = diffMaps(current as Fields, modified as Fields, { type }, { noDeletions: true })
    const deletions = diffMaps(lastApplied as Fields, modified as Fields, { type }, { onlyDeletions: true })
    return mergeStrategicPatches(deletions, changes, { type })
  })
