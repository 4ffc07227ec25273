import type { Cause } from './cause.ts'
import type { View } from './view.ts'

/** What a strategy may need of the world. */
export interface PrepareContext {
  /** The server's clock, RFC 3339 with whole seconds. */
  readonly now: string
  /** Who asks. */
  readonly user?: {
    readonly name: string
    readonly uid?: string
    readonly groups?: readonly string[]
    readonly extra?: View
  }
}

/** How generation moves: with spec, with what `changed` looks at, or never. */
export type GenerationRule = 'spec' | 'never' | ((object: View, old: View) => boolean)

/**
 * The part of a registry strategy (pkg/registry/<group>/<kind>/strategy.go) and of a kind's validation
 * (pkg/apis/<group>/validation) that are functions of objects. All are optional; what is left out is generic.
 */
export interface Strategy {
  /** Whether a main write keeps the status that a client sends. */
  readonly keepsStatus?: boolean
  /** Whether a new object keeps the status that a client sends. */
  readonly keepsStatusOnCreate?: boolean
  /** Whether the kind's update validation looks at the change of metadata once more (default: it does). */
  readonly updatesMetadata?: boolean
  /** Whether an update through a status subresource takes over the old metadata (ResetObjectMetaForStatus). */
  readonly statusResetsMetadata?: boolean
  readonly generation?: GenerationRule
  prepareForCreate?(object: View, context: PrepareContext): View
  prepareForUpdate?(object: View, old: View, context: PrepareContext): View
  prepareForStatus?(object: View, old: View, context: PrepareContext): View
  /** Subresources other than status. */
  readonly prepare?: Readonly<Record<string, (object: View, old: View, context: PrepareContext) => View>>
  /** Complaints about the name; default: a DNS subdomain. */
  readonly name?: (name: string, prefix: boolean) => readonly string[]
  /** Whether the kind's own validation looks at metadata (default: it does). */
  readonly validatesMetadata?: boolean
  /** Complaints about all but metadata. */
  validate?(object: View): Cause[]
  /** Complaints about changes to all but metadata. */
  validateUpdate?(object: View, old: View): Cause[]
  /** Whether an update is also validated like a new object, and when. Metadata goes along each time, as upstream does. */
  readonly revalidates?: 'before' | 'between' | 'after' | 'no'
  /** Complaints about new objects alone. */
  validateNew?(object: View): Cause[]
  /** Whether subresources other than status are also validated like a new object. */
  readonly subresourcesRevalidate?: boolean
  validateStatus?(object: View, old: View): Cause[]
  readonly validateSubresource?: Readonly<Record<string, (object: View, old: View) => Cause[]>>
}
