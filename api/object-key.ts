import type { Resource } from './protocol/resource.ts'

const names = new WeakMap<Resource, string>()

/** `pods`, `deployments.apps`: how the timeline and the state name a resource. */
export const resourceName = (resource: Resource): string => {
  if (resource.group === '') return resource.plural
  let name = names.get(resource)
  if (name === undefined) names.set(resource, (name = `${resource.plural}.${resource.group}`))
  return name
}

/** `pods/default/web-0`, `nodes/workers-0`: an object's key in the timeline. */
export const objectSubject = (resource: Resource, namespace: string | undefined, name: string): string =>
  resource.namespaced ? `${resourceName(resource)}/${namespace ?? ''}/${name}` : `${resourceName(resource)}/${name}`
