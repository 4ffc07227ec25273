import { copyOf } from '../../api/json/copy-of.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ObjectMeta } from '../../api/types/meta-v1.generated.ts'

/** Metadata with some fields changed. A field changed to undefined is left out. Wire order is the encoder's affair. */
export type MetaChange = { readonly [F in keyof ObjectMeta]?: ObjectMeta[F] | undefined }

export const changeMeta = (meta: ObjectMeta, change: MetaChange): ObjectMeta => {
  const out: Record<string, unknown> = { ...meta }
  for (const field of Object.keys(change) as (keyof ObjectMeta)[]) {
    const value = change[field]
    if (value === undefined) {
      if (field in out) Reflect.deleteProperty(out, field)
    } else out[field] = value
  }
  return out as unknown as ObjectMeta
}

export const withMeta = <T extends KubeObject>(object: T, change: MetaChange): T => ({
  ...object,
  metadata: changeMeta(object.metadata, change),
})

/** The object as the commit of a revision stores it. */
export const atRevision = (object: KubeObject, revision: number): KubeObject => {
  const metadata = copyOf(object.metadata)
  metadata['resourceVersion'] = String(revision)
  const out = copyOf(object)
  out['metadata'] = metadata
  return out as unknown as KubeObject
}

/** The object as of a revision, frozen. */
export const withResourceVersion = <T extends KubeObject>(object: T, revision: number): T => {
  const resourceVersion = String(revision)
  if (object.metadata.resourceVersion === resourceVersion) return object
  return Object.freeze({ ...object, metadata: Object.freeze({ ...object.metadata, resourceVersion }) })
}
