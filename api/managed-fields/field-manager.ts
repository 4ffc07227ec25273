import { structuralEqual } from '../json/structural-equal.ts'
import type { KubeObject } from '../object.ts'
import type { ManagedFieldsEntry } from '../types/meta-v1.generated.ts'
import { capUpdaters } from './cap-updaters.ts'
import { reportConflicts, type ConflictReport } from './conflicts.ts'
import { emptyObject } from './empty-object.ts'
import { difference, fieldSetOf, type FieldSet } from './field-set.ts'
import { allowedByLastApplied, withLastApplied } from './last-applied.ts'
import { decodeManagers, encodeManagers, managerKey, type ManagerIdentity, type Managers } from './manager.ts'
import type { ResetFilter } from './reset-fields.ts'
import { customResourceAtom, type StructuralSchema } from './structural-schema.ts'
import { typeAtom } from './type-schema.ts'
import { applyOwnership, updateOwnership, type WriteContext } from './updater.ts'
import { validateValue } from './validate-value.ts'
import type { Atom } from './value-schema.ts'

/** How the fields of a resource are typed: a built-in type's name, a custom resource's schema, or neither (deduced). */
export type FieldTypes = { readonly type: string } | { readonly schema: StructuralSchema | undefined }

/** One write, as the field manager sees it. */
export interface FieldWrite {
  readonly types: FieldTypes
  /** The stored object without managedFields; undefined where there is none yet. */
  readonly live: KubeObject | undefined
  /** metadata.managedFields of the stored object. */
  readonly entries: readonly ManagedFieldsEntry[] | undefined
  /** fieldManager of the request, or the first part of its user agent. */
  readonly manager: string
  /** '' for the resource itself. */
  readonly subresource: string
  /** Now, RFC 3339 in whole seconds. */
  readonly time: string
  /** Fields that this endpoint resets: see resetFields. */
  readonly reset: ResetFilter
}

const atomOf = (types: FieldTypes): Atom => ('type' in types ? typeAtom(types.type) : customResourceAtom(types.schema))

/** stripMetaManager: what nobody owns. */
const stripped: FieldSet = fieldSetOf(
  ['apiVersion', 'kind', 'metadata']
    .map((name) => [`f:${name}`])
    .concat(
      [
        'name',
        'namespace',
        'creationTimestamp',
        'selfLink',
        'uid',
        'clusterName',
        'generation',
        'managedFields',
        'resourceVersion',
      ].map((name) => ['f:metadata', `f:${name}`]),
    ),
)

const identityOf = (write: FieldWrite, operation: 'Apply' | 'Update', apiVersion: string): ManagerIdentity => ({
  name: write.manager === '' ? 'unknown' : write.manager,
  operation,
  apiVersion,
  subresource: write.subresource,
})

const emptyOf = (types: FieldTypes, apiVersion: string, kind: string): Record<string, unknown> => ({
  ...('type' in types ? emptyObject(types.type) : {}),
  apiVersion,
  kind,
})

/** isResetManagedFields: `[]` or `[{}]` in a request forgets all managers. */
const isReset = (entries: readonly ManagedFieldsEntry[] | null | undefined): boolean =>
  Array.isArray(entries) &&
  (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] as object).length === 0))

/**
 * FieldManager.Update: metadata.managedFields after a plain create, update or patch. `written` is the object to be stored,
 * without managedFields; `sent` the managedFields that the request carried (null: none). Never fails.
 */
export const updateManagers = (
  write: FieldWrite,
  written: KubeObject,
  sent?: readonly ManagedFieldsEntry[] | null,
): readonly ManagedFieldsEntry[] | undefined => {
  let managers: Managers | undefined
  let stored = false
  if (write.subresource === '') {
    if (isReset(sent)) managers = new Map()
    else if (sent !== undefined && sent !== null) managers = decodeManagers(sent)
  }
  if (managers === undefined || (managers.size === 0 && !isReset(sent))) {
    managers = decodeManagers(write.entries)
    stored = managers !== undefined
    managers ??= new Map()
  }
  // An object that is not tracked stays so, but for one that is made now.
  if (managers.size === 0 && write.live !== undefined) return undefined
  const live = write.live ?? emptyOf(write.types, written.apiVersion, written.kind)
  const context: WriteContext = { atom: atomOf(write.types), reset: write.reset }
  const writer = { ...identityOf(write, 'Update', written.apiVersion), time: write.time, strip: stripped }
  const updated = updateOwnership(context, managers, [live, written], writer)
  // A write that changes no ownership keeps the very entries.
  return stored && updated === managers ? write.entries : encodeManagers(capUpdaters(updated, 10))
}

export type ApplyResult =
  | {
      /** The object to be decoded and defaulted, without managedFields; the live one itself if nothing changes. */
      readonly object: KubeObject
      readonly entries: readonly ManagedFieldsEntry[] | undefined
    }
  | { readonly conflicts: ConflictReport }
  /** The applied object cannot be: the text and the code of the answer. */
  | { readonly error: string; readonly code: 400 | 500 }

const describe = (object: KubeObject): string => {
  const { apiVersion, kind } = object
  const metadata = object.metadata as unknown as Readonly<Record<string, unknown>> | undefined
  const told = (key: string): string => (typeof metadata?.[key] === 'string' ? metadata[key] : '')
  const slash = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  return `${told('namespace')}/${told('name')}; ${slash}, Kind=${kind}`
}

/**
 * FieldManager.Apply: server-side apply of `config` (as it was sent). A missing live object is a creation: the result is then
 * what is to be created.
 */
export const applyPatch = (write: FieldWrite, config: KubeObject, force: boolean): ApplyResult => {
  const { types } = write
  const atom = atomOf(types)
  const sentFields = (config.metadata as { managedFields?: unknown } | undefined)?.managedFields
  if (sentFields !== undefined && sentFields !== null) return { error: 'metadata.managedFields must be nil', code: 400 }
  const problem = validateValue(atom, config)
  if (problem !== undefined) {
    return { error: `failed to create typed patch object (${describe(config)}): ${problem}`, code: 500 }
  }
  const decoded = decodeManagers(write.entries)
  if (decoded === undefined) return { error: 'failed to decode managed fields', code: 500 }
  const context: WriteContext = { atom, reset: write.reset }
  const empty = emptyOf(types, config.apiVersion, config.kind)
  const live = write.live ?? (empty as unknown as KubeObject)
  let managers = decoded
  if (managers.size === 0) {
    // skipNonApplied: what was there before the first apply has an owner, too.
    const first = {
      ...identityOf({ ...write, manager: 'before-first-apply' }, 'Update', config.apiVersion),
      time: write.time,
    }
    managers = updateOwnership(context, managers, [empty, live], { ...first, strip: stripped })
  }
  const identity = identityOf(write, 'Apply', config.apiVersion)
  const attempt = (forced: boolean): ReturnType<typeof applyOwnership> =>
    applyOwnership(context, managers, [live, config], { ...identity, force: forced })
  let result = attempt(force)
  if ('conflicts' in result && write.manager === 'kubectl') {
    const rest = allowedByLastApplied(atom, live, result.conflicts)
    result = rest.length === 0 ? attempt(true) : { conflicts: rest }
  }
  if ('conflicts' in result) return { conflicts: reportConflicts(result.conflicts) }
  const key = managerKey(identity)
  const own = result.managers.get(key)
  const changed = !structuralEqual(live, result.object)
  if (own !== undefined) {
    const set = difference(own.set, stripped)
    if (set.size === 0) result.managers.delete(key)
    else result.managers.set(key, { ...own, set, time: changed ? write.time : own.time })
  }
  const object = (changed ? result.object : live) as KubeObject
  const annotated = write.manager === 'kubectl' ? withLastApplied(object, config) : object
  return { object: annotated, entries: encodeManagers(result.managers) }
}

/**
 * IgnoreManagedFieldsTimestampsTransformer: where a write changes nothing but the times of managers, the stored entries stay
 * (and the write is none). `sameObject`: the object without managedFields is unchanged.
 */
export const settleTimes = (
  stored: readonly ManagedFieldsEntry[] | undefined,
  entries: readonly ManagedFieldsEntry[] | undefined,
  sameObject: boolean,
): readonly ManagedFieldsEntry[] | undefined => {
  if (!sameObject || stored === entries) return entries
  const timeless = (list: readonly ManagedFieldsEntry[] | undefined): unknown[] =>
    (list ?? []).map((entry) => ({ ...entry, time: undefined }))
  return structuralEqual(timeless(stored), timeless(entries)) ? stored : entries
}
