import type { CustomResource } from '../custom-resources/custom-resource.ts'

/**
 * One resource that the API server serves. Interned: there is one object for each resource of a scheme, so that two are
 * compared by identity and a Map keyed by it is cheap.
 */
export interface Resource {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** Entry of api/schema/data/types.json; undefined for a custom resource. */
  readonly type: string | undefined
  /** Prefix of the etcd keys, such as `/registry/pods`. */
  readonly etcdPrefix: string
  /** Whether a new object has metadata.generation. */
  readonly generation: boolean
  readonly unconditionalUpdate: boolean
  readonly createOnUpdate: boolean
  readonly fieldSelectors: readonly string[]
  readonly subresources: readonly string[]
  /** `apps/v1/Deployment`, `v1/Pod`. */
  readonly id: string
  /** `apps/v1`, `v1`. */
  readonly apiVersion: string
  /** What the definition of a custom resource says of this version; undefined for a built-in one. */
  readonly custom?: CustomResource
}
