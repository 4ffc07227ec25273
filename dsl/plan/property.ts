import type { Span } from '../source/span.ts'
import type { Literal } from './expression.ts'
import type { Micros } from './micros.ts'
import type { Block, Operation } from './operation.ts'

/** What a `property` is explored with: its inputs, how often, what varies besides, and pinned inputs that run first. */
export interface PropertyPlan {
  /** In the order of the text; each name is a binding of the body. */
  readonly inputs: readonly Input[]
  /** `explore N runs`; 100 without one. */
  readonly runs: number
  readonly varying: readonly Variation[]
  readonly examples: readonly ExampleInputs[]
}

/** What chance decides besides the inputs. */
export type Variation = 'interleaving' | 'latency' | 'faults'

/** `forall x in …` */
export interface Input {
  readonly name: string
  readonly generator: Generator
  readonly span: Span
}

export type Generator =
  /** Whole numbers, durations or quantities, both ends included. */
  | { readonly kind: 'range'; readonly from: Literal; readonly to: Literal }
  | { readonly kind: 'one-of' | 'subset'; readonly values: readonly Literal[] }
  | { readonly kind: 'list'; readonly of: Generator; readonly max: number }
  /** A sequence of up to `max` of the statements; each at an instant of its own within `over`, if that is given. */
  | { readonly kind: 'plan'; readonly max: number; readonly over: Micros | undefined; readonly alternatives: Block }

/** Values for one run. */
export type Inputs = Readonly<Record<string, InputValue>>

export type InputValue =
  | { readonly kind: 'value'; readonly value: Literal }
  | { readonly kind: 'list'; readonly items: readonly InputValue[] }
  | { readonly kind: 'plan'; readonly steps: readonly PlannedStep[] }

/** `at`: the instant after the beginning of `do x`; undefined: after the step before it. */
export interface PlannedStep {
  readonly at: Micros | undefined
  readonly operation: Operation
}

/** `example { replicas = 3, edits = ["…"] }`: inputs that it leaves out are drawn. */
export interface ExampleInputs {
  readonly inputs: Inputs
  readonly span: Span
}
