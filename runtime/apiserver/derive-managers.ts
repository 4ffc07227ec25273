import {
  settleTimes,
  updateManagers,
  type FieldTypes,
  type FieldWrite,
} from '../../api/managed-fields/field-manager.ts'
import {
  customResetFields,
  resetFields,
  resetNothing,
  type ResetFilter,
} from '../../api/managed-fields/reset-fields.ts'
import type { StructuralSchema } from '../../api/managed-fields/structural-schema.ts'
import { parentEntries, scaleEntries } from '../../api/managed-fields/scale-fields.ts'
import { resourceName } from '../../api/object-key.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { ManagedFieldsEntry } from '../../api/types/meta-v1.generated.ts'
import { convert } from './convert.ts'
import { subresourceKinds } from './subresources/kinds.ts'
import type { LedgerNote } from './managed-fields-ledger.ts'

const none: readonly ManagedFieldsEntry[] = Object.freeze([])

export const fieldTypesOf = (resource: Resource): FieldTypes =>
  resource.type === undefined
    ? { schema: resource.custom === undefined ? undefined : (resource.custom.schema.props as StructuralSchema) }
    : { type: resource.type }

export const resetFilter = (resource: Resource, subresource: string): ResetFilter =>
  resource.type === undefined
    ? customResetFields(resource.subresources.includes('status'), subresource)
    : resetFields(resourceName(resource), subresource)

const scaleType: FieldTypes = { type: 'io.k8s.api.autoscaling.v1.Scale' }

/** Zero replicas are not written. */
const scaleSpec = (replicas: number): object => (replicas === 0 ? {} : { replicas })

const scaleView = (object: KubeObject): KubeObject =>
  ({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {},
    spec: scaleSpec((object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 0),
  }) as unknown as KubeObject

/** A write through `scale` is one of the Scale, carried over to its parent (ScaleHandler). */
const throughScale = (
  note: LedgerNote,
  written: KubeObject,
  before: readonly ManagedFieldsEntry[],
): readonly ManagedFieldsEntry[] => {
  const { manager, subresource, time } = note
  const live = note.before === undefined ? undefined : scaleView(note.before)
  const write: FieldWrite = {
    types: scaleType,
    live,
    entries: scaleEntries(before),
    manager,
    subresource,
    time,
    reset: resetNothing,
  }
  // Whoever comes to own the replicas this way has no time (ScaleHandler.ToParent knows only the parent's).
  const entries = updateManagers(write, scaleView(written))?.map(({ time: _, ...entry }) => entry)
  return parentEntries(before, entries, note.apiVersion) ?? none
}

/** What the field manager is told of a plain write, put together from the ledger's note. */
const writeOf = (
  resource: Resource,
  note: LedgerNote,
  live: KubeObject | undefined,
  entries: readonly ManagedFieldsEntry[],
): FieldWrite => ({
  types: fieldTypesOf(resource),
  live,
  entries,
  manager: note.manager,
  subresource: note.subresource,
  time: note.time,
  reset: resetFilter(resource, note.subresource),
})

/** managedFields after a plain write (FieldManager.Update), in the version that the writer spoke. */
export const deriveManagers = (
  scheme: Scheme,
  object: KubeObject,
  note: LedgerNote,
  before: readonly ManagedFieldsEntry[],
): readonly ManagedFieldsEntry[] => {
  const written = note.written ?? object
  const id = `${written.apiVersion}/${written.kind}`
  const resource = scheme.byKind(id) ?? subresourceKinds.find((one) => one.id === id)
  if (resource === undefined) return before
  if (note.subresource === 'scale') return throughScale(note, written, before)
  const stored = note.before
  const live =
    stored === undefined || (stored.kind === written.kind && stored.apiVersion === written.apiVersion)
      ? stored
      : convert(scheme.byKind(`${stored.apiVersion}/${stored.kind}`) ?? resource, resource, stored)
  const derived = updateManagers(writeOf(resource, note, live, before), written, note.given)
  return settleTimes(before, derived, false) ?? none
}
