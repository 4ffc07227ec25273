import type { KubeObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { ManagedFieldsEntry } from '../../../api/types/meta-v1.generated.ts'
import type { ServerContext, Step } from '../server-context.ts'
import type { Refusal } from '../status.ts'
import type { UserInfo } from '../user-info.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/**
 * What a plugin gives to each object of its own, put off until nothing else looks at it: until then pods of one template are one
 * value, and what is known of the first of them is known of all. `finish` makes the object what it would have been at once.
 */
export interface Deferred {
  finish: ((object: KubeObject) => KubeObject) | undefined
}

/** What an admission plugin is told of a request (admission.Attributes). */
export interface Attributes {
  readonly operation: Operation
  readonly resource: Resource
  readonly subresource: string
  readonly namespace: string | undefined
  /** Empty while a generated name does not exist yet. */
  readonly name: string
  readonly user: UserInfo
  readonly old: KubeObject | undefined
  readonly dryRun: boolean
  readonly warn: (text: string) => void
  /** As asked for; `resource` is as stored. Absent: the same. */
  readonly requested?: Resource
  /** The kind of the body, where it is not the resource's own (Scale, Binding, Eviction). */
  readonly kind?: Resource
  /** The request's options, as an AdmissionRequest shows them; null: there are none. */
  readonly options?: object | null
  /** Where a plugin may put something off; absent: nothing may be. */
  readonly deferred?: Deferred
  /** Audit annotations. */
  readonly annotate?: (key: string, value: string) => void
  /** managedFields as they would be now, of the object and of the old one. */
  readonly managers?: (object: KubeObject) => readonly ManagedFieldsEntry[]
}

/**
 * One admission plugin. `mutate` returns the object, changed by path copies or the same; `validate` looks at the final one.
 * Both must be idempotent: an update that meets a conflict passes through them again.
 */
export interface AdmissionPlugin {
  /** Upstream's name. */
  readonly name: string
  /** Whether it has anything to say about such a request; asked once for each kind of request. */
  handles(operation: Operation, resource: Resource, subresource: string): boolean
  mutate?(context: ServerContext, attributes: Attributes, object: KubeObject): KubeObject | Refusal
  validate?(context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Refusal | undefined
  /** As validate, with writes of its own. Its undo runs if the request fails afterwards. */
  reserve?(context: ServerContext, attributes: Attributes, object: KubeObject | undefined): Step<Refusal | undefined>
}
