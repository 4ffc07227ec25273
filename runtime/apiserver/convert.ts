import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'

/** An object of one served version of a resource as another. Identity unless the two differ. */
export const convert = (from: Resource, to: Resource, object: KubeObject): KubeObject => {
  if (from === to) return object
  return { ...object, kind: to.kind, apiVersion: to.apiVersion }
}
