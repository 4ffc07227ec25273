import type { KubeObject } from '../../../api/object.ts'
import type { ObjectMeta, StatusCause } from '../../../api/types/meta-v1.generated.ts'
import { forbidden, type Refusal } from '../status.ts'
import type { Attributes } from './plugin.ts'

/** admission.NewForbidden: names the object as far as it has a name yet (admission/errors.go, extractResourceName). */
export const forbid = (
  attributes: Attributes,
  object: KubeObject | undefined,
  why: string,
  causes?: readonly StatusCause[],
): Refusal => {
  const meta: Partial<ObjectMeta> | undefined = object?.metadata
  const own = meta?.name !== undefined && meta.name !== '' ? meta.name : meta?.generateName
  const name = attributes.name !== '' ? attributes.name : own !== undefined && own !== '' ? own : 'Unknown'
  return forbidden(attributes.resource, name, why, causes)
}

/** Whether a plugin that looks at whole pods is concerned. */
export const isPod = (resource: { readonly id: string }, subresource: string): boolean =>
  resource.id === 'v1/Pod' && subresource === ''
