import type { JSONSchemaProps, ValidationRule } from '../types/apiextensions-v1.generated.ts'

/** A structural schema: the tree that decides on pruning and defaults, with the value validations of each node (apiextensions pkg/apiserver/schema). */
export interface Structural {
  readonly type: string
  readonly nullable: boolean
  readonly preserveUnknownFields: boolean
  readonly embeddedResource: boolean
  readonly intOrString: boolean
  /** undefined: no default. A default of `null` is one. */
  readonly default: { readonly value: unknown } | undefined
  readonly properties: ReadonlyMap<string, Structural>
  readonly additionalProperties: Structural | boolean | undefined
  readonly items: Structural | undefined
  readonly listType: string | undefined
  readonly listMapKeys: readonly string[]
  readonly mapType: string | undefined
  readonly rules: readonly ValidationRule[]
  /** The node as it was written: bounds, formats, enums, junctors. */
  readonly props: JSONSchemaProps
}
