import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../../api/protocol/resource.ts'

/** Data of a `revision` entry: one key's change in one etcd transaction. */
export interface Revision {
  readonly revision: number
  readonly resource: Resource
  readonly object: KubeObject | undefined
  readonly before: KubeObject | undefined
}
