import type { Kind } from '../kind.ts'
import type { Resource } from '../protocol/resource.ts'

/** The resources that a server serves. The built-in ones are shared by all runs; CRDs add to a copy. */
export interface Scheme {
  readonly resources: readonly Resource[]
  /** `v1/Pod`, `apps/v1/Deployment` */
  byKind(kind: Kind): Resource | undefined
  /** By group, version and plural, as a request path names it. */
  byPath(group: string, version: string, plural: string): Resource | undefined
  /** By what a user writes: plural, singular, short name or kind, any case, with or without `.group`. */
  byName(name: string): Resource | undefined
  with(resource: Resource): Scheme
  without(resource: Resource): Scheme
}

export const createScheme = (resources: readonly Resource[]): Scheme => {
  const kinds = new Map<string, Resource>()
  const paths = new Map<string, Resource>()
  const names = new Map<string, Resource>()
  const offer = (name: string, resource: Resource): void => {
    if (!names.has(name)) names.set(name, resource)
  }
  for (const resource of resources) {
    kinds.set(resource.id, resource)
    paths.set(`${resource.group}/${resource.version}/${resource.plural}`, resource)
  }
  // Discovery order decides between groups that share a name; a preferred version stands before others.
  for (const resource of resources) offer(resource.plural, resource)
  for (const resource of resources) {
    const own = [resource.singular, resource.kind.toLowerCase(), ...resource.shortNames]
    for (const name of own) offer(name, resource)
    for (const name of [resource.plural, ...own]) {
      offer(`${name}.${resource.group}`, resource)
      offer(`${name}.${resource.version}.${resource.group}`, resource)
    }
  }
  return Object.freeze({
    resources,
    byKind: (kind: Kind) => kinds.get(kind),
    byPath: (group: string, version: string, plural: string) => paths.get(`${group}/${version}/${plural}`),
    byName: (name: string) => names.get(name.toLowerCase()),
    with: (resource: Resource) => createScheme([...resources.filter((one) => one.id !== resource.id), resource]),
    without: (resource: Resource) => createScheme(resources.filter((one) => one !== resource)),
  })
}
