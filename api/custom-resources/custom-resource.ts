import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceSubresourceScale,
} from '../types/apiextensions-v1.generated.ts'
import type { Structural } from '../structural-schema/structural.ts'

/** One served version of a custom resource, compiled from its CustomResourceDefinition. */
export interface CustomResource {
  readonly definition: CustomResourceDefinition
  /** The version under which objects are stored. */
  readonly storageVersion: string
  /** Kind of a list: `WidgetList` where the definition does not say otherwise. */
  readonly listKind: string
  readonly schema: Structural
  readonly columns: readonly CustomResourceColumnDefinition[]
  /** Labels of a field selector, each with the path to its value. */
  readonly selectable: ReadonlyMap<string, readonly string[]>
  readonly status: boolean
  readonly scale: CustomResourceSubresourceScale | undefined
  /** What every request to a deprecated version is told. */
  readonly deprecation: string | undefined
  /** The definition is being deleted: nothing new may be created. */
  readonly terminating: boolean
}
