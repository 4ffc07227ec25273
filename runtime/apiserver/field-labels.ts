import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import { getPath } from '../../api/json/path.ts'
import type { IndexedField } from './watchers.ts'

type Read = (object: KubeObject) => string

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

const at = (path: string): Read => {
  const steps = path.split('.')
  return (object) => textOf(getPath(object, steps))
}

const firstOf =
  (...reads: readonly Read[]): Read =>
  (object) =>
    reads.map((read) => read(object)).find((text) => text !== '') ?? ''

/** Field labels whose value is not simply what stands at that path (ToSelectableFields of the registries). */
const special: Readonly<Record<string, Read>> = {
  'pods:spec.hostNetwork': (object) => textOf(getPath(object, ['spec', 'hostNetwork']) ?? false),
  // Taken as a label, but no pod has a value for it (registry/core/pod ToSelectableFields).
  'pods:status.podIPs': () => '',
  'nodes:spec.unschedulable': (object) => textOf(getPath(object, ['spec', 'unschedulable']) ?? false),
  'replicationcontrollers:status.replicas': (object) => textOf(getPath(object, ['status', 'replicas']) ?? 0),
  'jobs:status.successful': (object) => textOf(getPath(object, ['status', 'succeeded']) ?? 0),
  'events:source': firstOf(at('source.component'), at('reportingComponent')),
  'events:reportingComponent': firstOf(at('reportingComponent'), at('source.component')),
}

const readers = new Map<string, Read>()

/** How a field label of a resource is read from an object; undefined if the resource does not know the label. */
export const fieldLabel = (resource: Resource, label: string): Read | undefined => {
  const known =
    label === 'metadata.name' ||
    (label === 'metadata.namespace' && resource.namespaced) ||
    resource.fieldSelectors.includes(label)
  if (!known) return undefined
  const id = resource.type === undefined ? `${resource.id}:${label}` : `${resource.plural}:${label}`
  let read = readers.get(id)
  if (read === undefined) {
    read = (resource.type === undefined ? undefined : special[id]) ?? at(label)
    readers.set(id, read)
  }
  return read
}

const nodeName: IndexedField = (object) =>
  (object as { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName ?? ''

/** The label by which a resource's watchers are filed (upstream's cacher has the same trigger: pods by spec.nodeName). */
export const indexedLabelOf = (resource: Resource): string | undefined =>
  resource.etcdPrefix === '/registry/pods' ? 'spec.nodeName' : undefined

export const indexedFieldOf = (resource: Resource): IndexedField | undefined =>
  indexedLabelOf(resource) === undefined ? undefined : nodeName
