import type { Json, KubeObject } from '../object.ts'
import { diffValues, type FieldChange } from './diff-values.ts'

/** Where two versions of an object differ; `type` is the name of its schema, undefined where there is none. */
export const diffObjects = (before: KubeObject, after: KubeObject, type: string | undefined): readonly FieldChange[] =>
  diffValues(before as unknown as Json, after as unknown as Json, type === undefined ? undefined : { ref: type })

const kept: ReadonlySet<string> = new Set([
  'resourceVersion',
  'generation',
  'managedFields',
  'uid',
  'creationTimestamp',
  'selfLink',
])

/** Whether the server or a controller keeps the field on its own account: status, and metadata that every write moves. */
export const isKeptByServer = ({ path: [first, second] }: FieldChange): boolean => {
  if (first?.kind !== 'field') return false
  return first.name === 'status' || (first.name === 'metadata' && second?.kind === 'field' && kept.has(second.name))
}
