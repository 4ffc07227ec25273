import { goQuote } from '../names/go-quote.ts'
import { goJson } from '../json/go-json.ts'
import type { ManagedFieldsEntry } from '../types/meta-v1.generated.ts'
import type { FieldSet } from './field-set.ts'
import { fromFieldsV1, toFieldsV1, type FieldsV1 } from './fields-v1.ts'

/** Who writes: a field manager as metadata.managedFields tells it apart from others. */
export interface ManagerIdentity {
  readonly name: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
}

/** What a manager owns, and since when. */
export interface ManagedSet extends ManagerIdentity {
  readonly set: FieldSet
  /** RFC 3339; undefined where the entry has none. */
  readonly time: string | undefined
}

/** By identifier. */
export type Managers = ReadonlyMap<string, ManagedSet>

const field = (name: string, value: string): string => (value === '' ? '' : `"${name}":${goJson(value)}`)

/** BuildManagerIdentifier: the entry as JSON without time and fields; an applier is the same in every version. */
export const managerKey = ({ name, operation, apiVersion, subresource }: ManagerIdentity): string => {
  const parts = [
    field('manager', name),
    field('operation', operation),
    field('apiVersion', operation === 'Apply' ? '' : apiVersion),
    field('subresource', subresource),
  ]
  return `{${parts.filter((part) => part !== '').join(',')}}`
}

/** DecodeManagedFields; undefined if an entry is malformed. */
export const decodeManagers = (entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined => {
  const managers = new Map<string, ManagedSet>()
  for (const entry of entries ?? []) {
    const { operation, apiVersion = '' } = entry
    if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || entry.fieldsType !== 'FieldsV1') {
      return undefined
    }
    const identity = { name: entry.manager ?? '', operation, apiVersion, subresource: entry.subresource ?? '' } as const
    managers.set(managerKey(identity), { ...identity, set: fromFieldsV1(entry.fieldsV1 as FieldsV1), time: entry.time })
  }
  return managers
}

const secondsOf = (time: string | undefined): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000))

const before = (a: ManagedSet, b: ManagedSet): number => {
  const seconds = secondsOf(a.time) - secondsOf(b.time)
  if (a.operation !== b.operation) return a.operation < b.operation ? -1 : 1
  if (seconds !== 0) return seconds
  for (const part of ['name', 'apiVersion', 'subresource'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1
  }
  return 0
}

const encoded = new WeakMap<FieldSet, FieldsV1>()

const fieldsOf = (set: FieldSet): FieldsV1 => {
  let fields = encoded.get(set)
  if (fields === undefined) {
    fields = toFieldsV1(set)
    encoded.set(set, fields)
  }
  return fields
}

/** encodeManagedFields: appliers first, then by time, name, version and subresource. None: undefined. */
export const encodeManagers = (managers: Managers): ManagedFieldsEntry[] | undefined => {
  if (managers.size === 0) return undefined
  return [...managers.values()].sort(before).map(({ name, operation, apiVersion, time, set, subresource }) => ({
    ...(name === '' ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(set),
    ...(subresource === '' ? {} : { subresource }),
  }))
}

/** printManager: how a conflict names a manager. */
export const managerText = ({ name, operation, apiVersion, subresource }: ManagerIdentity): string => {
  const named = subresource === '' ? goQuote(name) : `${goQuote(name)} with subresource ${goQuote(subresource)}`
  return operation === 'Update' ? `${named} using ${apiVersion}` : named
}
