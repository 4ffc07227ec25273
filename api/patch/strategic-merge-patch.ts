import { goValueText } from '../json/go-value-text.ts'
import { refuse, refused } from '../json/refusal.ts'
import { normalizeElementOrder } from './element-order.ts'
import { lookupField, lookupList, type PatchMeta, type PatchSchema } from './patch-schema.ts'
import type { PatchResult } from './patch-result.ts'
import { badFormat, isFields, unless, type Fields } from './strategic-refusal.ts'

const directive = '$patch'
const retainKeys = '$retainKeys'
const deletePrefix = '$deleteFromPrimitiveList/'
const orderWord = '$setElementOrder'
const orderPrefix = `${orderWord}/`

type Kind = 'map' | 'list' | 'string' | 'number' | 'boolean'
const kindOf = (value: unknown): Kind => {
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'map' : (typeof value as Kind)
}

const badPatchType = (type: unknown, patch: Fields): Error =>
  refuse(`unknown patch type: ${goValueText(type)} in map: ${goValueText(patch)}`)

const noMergeKey = (item: Fields, key: string): Error =>
  refuse(`map: ${goValueText(item)} does not contain declared merge key: ${key}`)

/** removeDirectives and discardNullValuesFromPatch of a part that is new; undefined: the part is itself a directive. */
const asNew = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asNew).filter((item) => item !== undefined)
  if (!isFields(value)) return value
  if (directive in value) return undefined
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = value[key] === null ? undefined : asNew(value[key])
    if (item !== undefined) copy[key] = item
  }
  return copy
}

const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (value === undefined) Reflect.deleteProperty(target, key)
  // A plain assignment to __proto__ would set the prototype instead of a field.
  else if (key !== '__proto__') target[key] = value
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

/** applyRetainKeysDirective: only the listed fields survive, and the patch may set no other. */
const applyRetainKeys = (target: Record<string, unknown>, patch: Fields): void => {
  const listed = patch[retainKeys]
  if (listed === undefined) return
  if (!Array.isArray(listed)) throw badFormat('retainKeys')
  for (const key of Object.keys(patch)) {
    if (key === retainKeys || patch[key] === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix))
      continue
    if (!listed.includes(key)) throw badFormat('retainKeys')
  }
  for (const key of Object.keys(target)) if (!listed.includes(key)) Reflect.deleteProperty(target, key)
}

/** A copy, without the fields that the patch deletes: to delete them from the copy makes V8 turn it into a hash table. */
const withoutNulled = (original: Fields | undefined, patch: Fields): Record<string, unknown> => {
  const target: Record<string, unknown> = {}
  for (const key in original) {
    if (key === '__proto__') put(target, key, original[key])
    else if (patch[key] !== null) target[key] = original[key]
  }
  return target
}

const merge = (original: Fields | undefined, patch: Fields, schema: PatchSchema): Fields => {
  if (Object.hasOwn(patch, directive)) {
    const type = patch[directive]
    if (type === 'delete') return {}
    if (type !== 'replace') throw badPatchType(type, patch)
    const copy = { ...patch }
    Reflect.deleteProperty(copy, directive)
    return copy
  }
  const target = withoutNulled(original, patch)
  applyRetainKeys(target, patch)
  const ordered = applyElementOrders(target, patch, schema)
  for (const name of Object.keys(patch)) {
    if (name === retainKeys || name.startsWith(orderPrefix) || ordered.has(name)) continue
    const isDeletion = name.startsWith(deletePrefix)
    mergeField(
      target,
      { key: isDeletion ? name.slice(deletePrefix.length) : name, value: patch[name], isDeletion },
      schema,
    )
  }
  return target
}

interface FieldPatch {
  readonly key: string
  readonly value: unknown
  readonly isDeletion: boolean
}

const mergeField = (
  target: Record<string, unknown>,
  { key, value, isDeletion }: FieldPatch,
  schema: PatchSchema,
): void => {
  if (value === null) {
    Reflect.deleteProperty(target, key)
    return
  }
  const before = Object.hasOwn(target, key) ? target[key] : undefined
  if (before === undefined || before === null || kindOf(before) !== kindOf(value)) {
    if (!isDeletion) put(target, key, asNew(value))
    return
  }
  if (isFields(before) && isFields(value)) {
    const meta = unless(lookupField(schema, key))
    target[key] = meta.strategy === 'replace' ? value : merge(before, value, meta.schema)
  } else if (Array.isArray(before) && Array.isArray(value)) {
    target[key] = mergeList(before, value, unless(lookupList(schema, key)), isDeletion)
  } else put(target, key, value)
}

/** Handles every $setElementOrder; answers the fields that are thereby done. */
const applyElementOrders = (
  target: Record<string, unknown>,
  patch: Fields,
  schema: PatchSchema,
): ReadonlySet<string> => {
  const done = new Set<string>()
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(orderWord)) continue
    const order = asList(patch[name])
    if (!name.startsWith(orderPrefix)) throw refuse('invalid patch format of setElementOrder list')
    const key = name.slice(orderPrefix.length)
    const before = Object.hasOwn(target, key) ? asList(target[key]) : undefined
    const change = Object.hasOwn(patch, key) ? asList(patch[key]) : undefined
    const meta = unless(lookupList(schema, key))
    validateOrder(change ?? [], order, meta.mergeKey)
    let merged: readonly unknown[]
    if (before !== undefined && change !== undefined) merged = mergeList(before, change, meta, false)
    else if (before !== undefined) merged = before
    else if (change !== undefined) merged = asNew(change) as unknown[]
    else continue
    done.add(key)
    const items = [...(before ?? []), ...(change ?? [])]
    if (items.length === 0) throw refuse('no elements in any of the given slices')
    target[key] = normalizeElementOrder(merged, order, before ?? [], isFields(items[0]) ? meta.mergeKey : '')
  }
  return done
}

const asList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value as unknown[]
  const kind = value === null ? 'nil' : kindOf(value)
  const names: Readonly<Record<string, string>> = { map: 'map[string]interface {}', number: 'int64', boolean: 'bool' }
  throw refuse(`expected a []interface {}, but received a ${names[kind] ?? kind}`)
}

/** validatePatchWithSetOrderList: what the patch changes comes in the order that it sets. */
const validateOrder = (patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void => {
  if (patch.length === 0 || order.length === 0) return
  const keyOf = (item: unknown): unknown => (mergeKey === '' ? item : isFields(item) ? item[mergeKey] : undefined)
  const kept = patch.filter((item) => !isFields(item) || !(directive in item))
  let at = 0
  for (const item of order) if (at < kept.length && keyOf(kept[at]) === keyOf(item)) at += 1
  if (at < kept.length) {
    throw refuse(
      `The order in patch list:\n${goValueText(patch)}\n doesn't match $setElementOrder list:\n${goValueText(order)}\n`,
    )
  }
}

const mergeList = (
  before: readonly unknown[],
  patch: readonly unknown[],
  meta: PatchMeta,
  isDeletion: boolean,
): readonly unknown[] => {
  if (meta.strategy !== 'merge' && !isDeletion) return patch
  const all = [...before, ...patch]
  if (all.length === 0) return before
  const kind = kindOf(all[0])
  if (kind === 'list') throw refuse('lists of lists are not supported', 422)
  if (all.some((item) => item === null || kindOf(item) !== kind)) {
    throw refuse(`list element types are not identical: ${goValueText([before, patch])}`)
  }
  if (kind !== 'map') {
    if (isDeletion) return before.filter((item) => !patch.includes(item))
    return normalizeElementOrder([...new Set(all)], patch, before, '')
  }
  if (meta.mergeKey === '') throw refuse('cannot merge lists without merge key for struct')
  return mergeObjects(before as readonly Fields[], patch as readonly Fields[], meta)
}

const mergeObjects = (
  before: readonly Fields[],
  patch: readonly Fields[],
  { schema, mergeKey }: PatchMeta,
): readonly unknown[] => {
  let items = [...before]
  const changes: Fields[] = []
  let replace = false
  for (const change of patch) {
    if (!Object.hasOwn(change, directive)) changes.push(change)
    else if (change[directive] === 'delete') {
      if (!Object.hasOwn(change, mergeKey)) throw noMergeKey(change, mergeKey)
      items = items.filter((item) => item[mergeKey] !== change[mergeKey])
    } else if (change[directive] === 'replace') replace = true
    else if (change[directive] === 'merge') throw refuse('merging lists cannot yet be specified in the patch')
    else throw badPatchType(change[directive], change)
  }
  if (replace) return changes
  for (const change of changes) {
    if (!Object.hasOwn(change, mergeKey)) throw noMergeKey(change, mergeKey)
    const index = items.findIndex((item) => item[mergeKey] === change[mergeKey])
    const item = items[index]
    if (item === undefined) items.push(change)
    else items[index] = merge(item, change, schema)
  }
  return normalizeElementOrder(items, changes, before, mergeKey)
}

/**
 * strategicpatch.StrategicMergeMapPatch over a built-in type: `type` is the OpenAPI name, such as io.k8s.api.core.v1.Pod.
 * Copies the maps that the patch touches. Custom resources have no strategic merge patch: the caller refuses them.
 */
export const applyStrategicMergePatch = <T extends object>(
  type: string,
  document: T,
  patch: Fields,
): PatchResult<T> => {
  try {
    return { document: merge(document as unknown as Fields, patch, { type }) as T }
  } catch (thrown) {
    const { message, code } = refused(thrown)
    return { error: message, code: code === 400 || code === 422 ? code : 500 }
  }
}
