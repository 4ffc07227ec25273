import type { ObjectMeta } from './types/meta-v1.generated.ts'

/** Any JSON value, frozen. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [field: string]: Json }

/**
 * A stored Kubernetes object. Frozen from the moment it enters the store, and shared by every revision, cache and record
 * that holds it. The interfaces in api/types/ are all assignable to it: `read.get(key) as Deployment`.
 */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

/** What a client sends to create an object: the server fills in the rest. */
export type Draft<T extends KubeObject = KubeObject> = Omit<T, 'metadata' | 'status'> & {
  readonly metadata: Partial<ObjectMeta>
  readonly status?: unknown
}
