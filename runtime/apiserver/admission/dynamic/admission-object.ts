import type { KubeObject } from '../../../../api/object.ts'
import type { Resource } from '../../../../api/protocol/resource.ts'
import { convert } from '../../convert.ts'
import { wireObject } from '../../wire.ts'
import type { Attributes } from '../plugin.ts'

const withoutZeroVersion = (object: KubeObject): KubeObject => {
  if ((object.metadata as KubeObject['metadata'] | undefined)?.resourceVersion !== '0') return object
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata: metadata as KubeObject['metadata'] }
}

/** An object as webhooks and expressions see it: as it would be sent, in the version that they asked for. */
export const shownObject = (
  attributes: Attributes,
  object: KubeObject | undefined,
  version: Resource,
): KubeObject | null => {
  if (object === undefined) return null
  const stored = attributes.resource
  const own = attributes.kind ?? version
  const converted = attributes.kind === undefined ? convert(stored, version, object) : object
  const named = { ...withoutZeroVersion(converted), apiVersion: own.apiVersion, kind: own.kind }
  const managers = attributes.managers?.(object) ?? []
  const shown = wireObject(own, named, () => managers)
  return shown
}
