import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'

/** A revision's place: what is known of its object without looking at it. */
export interface RevisionPlace {
  readonly subject: string
  readonly resource: Resource
  readonly revision: number
}

/** What an object most likely is: a similar one, with the name of its subject and the version of its revision. */
export const likelyBase = (similar: KubeObject | undefined, place: RevisionPlace): object => {
  const [, ...rest] = place.subject.split('/')
  const namespace = place.resource.namespaced ? rest.shift() : undefined
  return {
    ...similar,
    metadata: {
      ...similar?.metadata,
      name: rest.join('/'),
      ...(namespace === undefined ? {} : { namespace }),
      resourceVersion: `${place.revision}`,
    },
  }
}
