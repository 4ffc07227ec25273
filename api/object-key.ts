import type { Resource } from './protocol/resource.ts'

/** `pods`, `deployments.apps`: how the timeline and the state name a resource. */
export const resourceName = (resource: Resource): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`

/** `pods/default/web-0`, `nodes/workers-0`: an object's key in the timeline. */
export const objectSubject = (resource: Resource, namespace: string | undefined, name: string): string =>
  resource.namespaced ? `${resourceName(resource)}/${namespace ?? ''}/${name}` : `${resourceName(resource)}/${name}`
