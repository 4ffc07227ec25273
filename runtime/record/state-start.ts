import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'

/** What the cluster held before the first entry. */
export interface StateStart {
  readonly revision: number
  readonly objects: readonly { readonly resource: Resource; readonly object: KubeObject }[]
}
