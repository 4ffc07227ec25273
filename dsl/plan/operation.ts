import type { Json } from '../../api/object.ts'
import type { Span } from '../source/span.ts'
import type { BehaviorSpec } from './behavior-spec.ts'
import type { Document } from './document.ts'
import type { Argument, Expression, Noun, PathStep, TextPattern } from './expression.ts'

/** Statements that run top to bottom, and the scope that monitors, bindings and the default namespace end with. */
export interface Block {
  readonly operations: readonly Operation[]
}

export type Operation = OperationBody & {
  readonly span: Span
  /** The statement as written, one line, for reports. */
  readonly text: string
}

export type OperationBody =
  | { readonly kind: 'wait'; readonly amount: Expression }
  | { readonly kind: 'at'; readonly time: Expression }
  | { readonly kind: 'settle'; readonly within: Expression | undefined }
  | {
      readonly kind: 'every'
      readonly interval: Expression
      readonly for: Expression | undefined
      readonly body: Block
    }
  | { readonly kind: 'repeat'; readonly times: Expression; readonly body: Block }
  | { readonly kind: 'each'; readonly variable: string; readonly in: Expression; readonly body: Block }
  | { readonly kind: 'scope' | 'background'; readonly body: Block }
  /** One track for each child. */
  | { readonly kind: 'parallel'; readonly body: Block }
  /** A macro call unrolled: the body runs in a scope of its own whose only bindings are these. */
  | { readonly kind: 'steps'; readonly name: string; readonly bindings: readonly Binding[]; readonly body: Block }
  /** `do x` of a `forall x in plan …`: the sequence that was drawn for this run. */
  | { readonly kind: 'plan'; readonly name: string }
  /** `do my.step(…)`: steps of an imported TypeScript module. */
  | { readonly kind: 'external'; readonly module: string; readonly export: string; readonly args: readonly Argument[] }
  /** `on sim { }`, `on live { }`: only there. */
  | { readonly kind: 'on'; readonly where: 'sim' | 'live'; readonly body: Block }
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  /** `let p = any pods[…]`: one matching object, drawn from the seed. */
  | { readonly kind: 'let-any'; readonly name: string; readonly noun: Noun }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'behavior'; readonly behavior: BehaviorSpec }
  | { readonly kind: 'user'; readonly name: string; readonly groups: readonly string[] }
  | { readonly kind: 'mark'; readonly name: string }
  | { readonly kind: 'explain'; readonly noun: Noun }
  | { readonly kind: 'snapshot'; readonly name: string; readonly nouns: readonly Noun[] }
  | { readonly kind: 'expect'; readonly expectation: Expectation }
  | { readonly kind: 'monitor'; readonly monitor: Monitor }
  | {
      readonly kind: 'inject'
      readonly fault: string
      readonly target: Noun | undefined
      /** The words between target and clauses, as the fault's signature (dsl/names/fault-signatures.ts) lists them. */
      readonly args: readonly Expression[]
      readonly clauses: StepClauses
    }
  | { readonly kind: 'heal'; readonly target: Noun | 'all' }
  | { readonly kind: 'step'; readonly step: Step; readonly clauses: StepClauses }

export interface Binding {
  readonly name: string
  readonly value: Expression
}

/** What stands behind a step's verb, by verb. */
export type Step =
  | { readonly verb: 'apply' | 'create' | 'replace'; readonly documents: readonly Document[] }
  | {
      readonly verb: 'patch'
      readonly target: Noun
      readonly type: 'merge' | 'strategic' | 'json' | undefined
      /** `resize`, `status`, …: kubectl's --subresource. */
      readonly subresource?: string
      readonly patch: Document
    }
  | { readonly verb: 'scale'; readonly target: Noun; readonly to: Expression }
  | {
      readonly verb: 'delete'
      readonly target: Noun
      readonly any: boolean
      readonly force: boolean
      readonly propagation: 'orphan' | 'foreground' | 'background' | undefined
      readonly grace: Expression | undefined
    }
  | {
      readonly verb: 'rollout'
      readonly action: 'restart' | 'undo' | 'pause' | 'resume'
      readonly target: Noun
      readonly toRevision: Expression | undefined
    }
  | {
      readonly verb: 'set-image'
      readonly target: Noun
      readonly images: readonly { readonly container: string; readonly image: Expression }[]
    }
  | { readonly verb: 'cordon' | 'uncordon'; readonly target: Noun; readonly any: boolean }
  | {
      readonly verb: 'drain'
      readonly target: Noun
      readonly any: boolean
      readonly force: boolean
      readonly within: Expression | undefined
    }
  | { readonly verb: 'evict'; readonly target: Noun; readonly any: boolean }
  | {
      readonly verb: 'label' | 'annotate'
      readonly target: Noun
      readonly set: readonly { readonly key: string; readonly value: Expression | undefined }[]
    }
  | {
      readonly verb: 'taint'
      readonly target: Noun
      readonly taints: readonly {
        readonly key: string
        readonly value: string
        readonly effect: string
        readonly remove: boolean
      }[]
    }
  | {
      readonly verb: 'load'
      readonly target: Noun
      readonly resource: 'cpu' | 'memory' | 'rps'
      readonly demand: Ramp
      /** Of `rps`: the way of the requests, where the sentence says something of it. */
      readonly path?: RequestPath
    }
  | { readonly verb: 'metric'; readonly metric: string; readonly value: Ramp; readonly on: Noun | undefined }
  /** A file in the folder of static pod manifests of nodes. */
  | { readonly verb: 'put'; readonly name: string; readonly nodes: Noun; readonly manifest: Document }
  | { readonly verb: 'remove'; readonly name: string; readonly nodes: Noun }
  /** `to` is a version: `1.36`. */
  | { readonly verb: 'upgrade'; readonly target: Noun; readonly to: string }

/** `port http from pod/client through NodePort` */
export interface RequestPath {
  /** Who sends; `outside`: a client outside the cluster. undefined: clients on all nodes in turn. */
  readonly from: Noun | 'outside' | undefined
  /** Name or number of the Service's port. undefined: its first. */
  readonly port: string | undefined
  /** undefined: the cluster IP; from outside the load balancer if the Service is of that type, else its node port. */
  readonly through: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | undefined
}

/** `3`, or `400m -> 3 over 2m` */
export interface Ramp {
  readonly from: Expression
  readonly to: Expression
  readonly over: Expression | undefined
}

export interface StepClauses {
  readonly as: Noun | undefined
  readonly outcome: Outcome
  readonly for: Expression | undefined
  /** 0 … 1 */
  readonly probability: number | undefined
  readonly restart: Expression | undefined
  readonly to: Expression | undefined
  readonly from: Noun | undefined
  readonly by: Expression | undefined
  readonly on: Noun | Expression | undefined
}

export type Outcome =
  | { readonly kind: 'succeeds' }
  | {
      readonly kind: 'fails' | 'may-fail'
      readonly reason: string | undefined
      readonly saying: TextPattern | undefined
    }

export interface Expectation {
  readonly claim: ExpectationClaim
  readonly within: Expression | undefined
  readonly for: Expression | undefined
  readonly until: Expression | undefined
  readonly eventually: boolean
  /** Of `goes`: ignore the past. */
  readonly fromNow: boolean
  readonly seenBy: Noun | undefined
}

export type ExpectationClaim =
  | { readonly kind: 'predicate'; readonly predicate: Expression }
  /** P then Q then R */
  | { readonly kind: 'sequence'; readonly predicates: readonly Expression[] }
  | { readonly kind: 'matches'; readonly noun: Noun; readonly pattern: Document }
  | {
      readonly kind: 'changes'
      readonly since: string | undefined
      readonly if: Block | undefined
      readonly delta: readonly DeltaLine[]
    }

/** A line of a delta block: what came, what went, which field changed, or `~ ...`: anything else may have changed too. */
export type DeltaLine = { readonly text: string; readonly span: Span } & (
  | { readonly kind: 'added' | 'removed'; readonly noun: Noun; readonly count: number }
  | {
      readonly kind: 'changed'
      readonly noun: Noun
      readonly place: DeltaPlace
      readonly from: DeltaValue
      readonly to: DeltaValue
    }
  | { readonly kind: 'more' }
)

/** A field of the object, or how many nodes or pods its selectors reach. */
export type DeltaPlace =
  | { readonly kind: 'path'; readonly path: readonly PathStep[] }
  | { readonly kind: 'reach'; readonly what: 'nodes' | 'pods' }

export type DeltaValue =
  | { readonly kind: 'absent' }
  | { readonly kind: 'json'; readonly json: Json }
  /** With interpolations. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }

export type Monitor =
  | {
      readonly kind: 'always' | 'never'
      readonly predicate: Expression
      readonly within: Expression | undefined
      readonly for: Expression | undefined
    }
  | {
      readonly kind: 'whenever'
      readonly trigger: Expression
      readonly obligation: Expression
      readonly within: Expression | undefined
      readonly for: Expression | undefined
    }
  | { readonly kind: 'sometimes'; readonly predicate: Expression }
