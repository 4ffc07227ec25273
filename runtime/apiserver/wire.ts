import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ListBody } from '../../api/protocol/response.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { ManagedFieldsEntry } from '../../api/types/meta-v1.generated.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import { canonicalObject } from './machinery.ts'

export type ManagersOf = (object: KubeObject) => readonly ManagedFieldsEntry[]

/** An object as HTTP shows it: fields in wire order, and managedFields, which the store does not keep. */
export const wireObject = (resource: Resource, object: KubeObject, managersOf: ManagersOf): KubeObject => {
  const managers = managersOf(object)
  const full = managers.length === 0 ? object : { ...object, metadata: { ...object.metadata, managedFields: managers } }
  const ordered = canonicalObject(resource, full)
  // A custom resource is a map, written with sorted keys.
  if (resource.type === undefined) return ordered
  const { kind, apiVersion, ...rest } = ordered
  return { kind, apiVersion, ...rest }
}

/** A list of custom resources is a map as well; its `continue` is never left out. */
const customList = (resource: Resource, list: ListBody, managersOf: ManagersOf): unknown => ({
  apiVersion: list.apiVersion,
  items: list.items.map((item) => wireObject(resource, item, managersOf)),
  kind: list.kind,
  metadata: {
    continue: list.metadata.continue ?? '',
    ...(list.metadata.remainingItemCount === undefined ? {} : { remainingItemCount: list.metadata.remainingItemCount }),
    resourceVersion: list.metadata.resourceVersion,
  },
})

export const wireList = (resource: Resource, list: ListBody, managersOf: ManagersOf): unknown =>
  resource.type === undefined ? customList(resource, list, managersOf) : builtinList(resource, list, managersOf)

const builtinList = (resource: Resource, list: ListBody, managersOf: ManagersOf): unknown => ({
  ...list,
  items: list.items.map((item) => {
    const shown = wireObject(resource, item, managersOf)
    // Items of a typed list have no kind and apiVersion of their own.
    const { kind: _kind, apiVersion: _version, ...bare } = shown
    return bare
  }),
})

export const wireEvent = (scheme: Scheme, resource: Resource, event: WatchEvent, managersOf: ManagersOf): unknown => {
  void scheme
  switch (event.type) {
    case 'BOOKMARK':
      return {
        type: 'BOOKMARK',
        object: canonicalObject(resource, {
          kind: resource.kind,
          apiVersion: resource.apiVersion,
          metadata: {
            resourceVersion: event.resourceVersion,
            ...(event.initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
          } as unknown as KubeObject['metadata'],
        }),
      }
    case 'ERROR':
      return { type: 'ERROR', object: event.status }
    default:
      return { type: event.type, object: wireObject(resource, event.object, managersOf) }
  }
}
