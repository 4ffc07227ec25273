import { dropNulls, applyStructuralDefaults } from '../structural-schema/apply-defaults.ts'
import { prune } from '../structural-schema/prune.ts'
import type { KubeObject } from '../object.ts'
import type { CustomResource } from './custom-resource.ts'

export interface Coerced {
  readonly object: KubeObject
  /** Paths of fields that the schema does not know; they are gone. */
  readonly unknown: readonly string[]
}

/** Results for frozen objects: what is stored has been coerced when it came in. */
const remembered = new WeakMap<object, WeakMap<CustomResource, KubeObject>>()

/** What the schema makes of an object of its kind: unknown fields and idle nulls go (unstructuredSchemaCoercer), defaults come. */
export const coerceCustom = (custom: CustomResource, object: KubeObject): Coerced => {
  const pruned = prune(object, custom.schema, true)
  return { object: dropNulls(pruned.value, custom.schema) as KubeObject, unknown: pruned.unknown }
}

export const defaultCustom = (custom: CustomResource, object: KubeObject): KubeObject =>
  applyStructuralDefaults(object, custom.schema) as KubeObject

/** An object as it comes out of the store, or under another version: the schema may have changed since it was written. */
export const readCustom = (custom: CustomResource, object: KubeObject): KubeObject => {
  let known = remembered.get(object)
  if (known === undefined) remembered.set(object, (known = new WeakMap<CustomResource, KubeObject>()))
  let read = known.get(custom)
  if (read === undefined) {
    read = defaultCustom(custom, coerceCustom(custom, object).object)
    known.set(custom, read)
  }
  return read
}
