import type { Resource } from '../../../api/protocol/resource.ts'
import { customScale } from './custom-scale.ts'
import { binding } from './binding.ts'
import { connects } from './connect.ts'
import { eviction } from './eviction.ts'
import { scales } from './scale.ts'
import type { Subresource } from './subresource.ts'
import { token } from './token.ts'

/** Subresources with handlers of their own; `status` and the like are updates of the object, by the generic verbs. */
const subresources: readonly Subresource[] = [binding, eviction, token, ...scales, ...connects]

const byPath = new Map(subresources.map((one) => [one.path, one]))

export const subresourceOf = (resource: Resource, subresource: string): Subresource | undefined =>
  resource.type === undefined
    ? subresource === 'scale' && resource.custom?.scale !== undefined
      ? customScale
      : undefined
    : byPath.get(`${resource.plural}/${subresource}`)
