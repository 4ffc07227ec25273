import type { Span } from '../source/span.ts'

/** A predicate or value, resolved. Every node keeps the place where it was written. */
export type Expression = ExpressionBody & { readonly span: Span }

export type ExpressionBody =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  /** A binding: of let, a table header, a parameter, a loop or a quantifier. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'noun'; readonly noun: Noun; readonly path?: readonly PathStep[] }
  /** `p{.spec.nodeName}` of a binding or any other value. */
  | { readonly kind: 'path'; readonly of: Expression; readonly path: readonly PathStep[] }
  | { readonly kind: 'call'; readonly function: string; readonly args: readonly Argument[]; readonly since?: string }
  /** A function of an imported TypeScript module, called with frozen values. */
  | { readonly kind: 'external'; readonly module: string; readonly export: string; readonly args: readonly Argument[] }
  | { readonly kind: 'comprehension'; readonly variable: string; readonly of: Expression; readonly where: Expression }
  | {
      readonly kind: 'quantifier'
      readonly quantifier: 'all' | 'exists' | 'no'
      readonly variable: string
      readonly of: Expression
      readonly body: Expression
    }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'before'; readonly first: Expression; readonly second: Expression }
  | {
      readonly kind: 'compare'
      readonly operator: CompareOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'absent' | 'present'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/' | '%'
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'fact'; readonly count: Count | undefined; readonly subject: Noun; readonly claim: Claim }
  | { readonly kind: 'event'; readonly reason: string; readonly on: Noun; readonly saying: TextPattern | undefined }
  /** An invariant by name: the plan's own, or the library's. */
  | { readonly kind: 'invariant'; readonly name: string; readonly args: readonly Argument[] }
  /** Text with `${…}` in it. */
  | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
  /** `1..5`, `1s..20s` */
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  /** `5s +/- 1s` */
  | { readonly kind: 'spread'; readonly base: Expression; readonly by: Expression }

/** Durations are whole microseconds; quantities keep their text in canonical form. */
export type Literal =
  | { readonly type: 'int' | 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'duration'; readonly micros: number }
  | { readonly type: 'quantity'; readonly text: string }
  | { readonly type: 'percent'; readonly value: number }
  | { readonly type: 'regex'; readonly source: string; readonly flags: string }

export type CompareOperator = '==' | '!=' | '<=' | '>=' | '<' | '>' | 'in' | 'contains' | 'matches'

export interface Argument {
  readonly name: string | undefined
  readonly value: Expression
}

/** `.spec.containers[name=app].image`, `.*`; a key in brackets is `['a.b/c']`. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string; readonly value: string }

/**
 * What a sentence is about. `resource` is the canonical plural with its group (`pods`, `deployments.apps`), or a pseudo-kind
 * (`zones`, `pool`, `apiserver`, `etcd`, `scheduler`, `controller`, `kubelet`, `registry`, `webhook`, `user`, `containers`,
 * `events`, `audit`, `cluster`, `machines`). A bare word that is a binding has resource `''` and the binding in `name`.
 */
export interface Noun {
  readonly resource: string
  /** kubectl's form as `fmt` writes it. */
  readonly text: string
  readonly plural: boolean
  readonly name: NamePattern | undefined
  /** The bracket, as written (kubectl -l), with its interpolations. */
  readonly selector: readonly (string | Expression)[] | undefined
  /** undefined: the scope's default namespace; '*': all. */
  readonly namespace: string | undefined
  readonly span: Span
}

export type NamePattern =
  | { readonly kind: 'exact'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'glob'; readonly parts: readonly (string | Expression)[] }

export type Count =
  | { readonly kind: 'no' | 'all' | 'any' }
  | { readonly kind: 'exactly' | 'at least' | 'at most'; readonly value: Expression }

export type Claim =
  | {
      readonly kind: 'state'
      readonly word: StateWord
      readonly negated: boolean
      readonly because: TextPattern | undefined
    }
  | { readonly kind: 'gone'; readonly negated: boolean }
  | { readonly kind: 'exists' }
  | { readonly kind: 'on'; readonly place: Noun; readonly negated: boolean }
  | { readonly kind: 'goes'; readonly over: 'states' | 'events' | 'hops'; readonly links: readonly ChainLink[] }
  | { readonly kind: 'can'; readonly negated: boolean; readonly verb: string; readonly object: Noun }

/** Resolved against the subject's kind; `text` may hold interpolations. */
export interface StateWord {
  readonly parts: readonly (string | Expression)[]
}

/** `ellipsis` is `...`. `action` belongs to `component:action` of hops. */
export type ChainLink =
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'word'; readonly word: string; readonly action: string | undefined; readonly span: Span }

export type TextPattern =
  | { readonly kind: 'word' | 'contains' | 'exactly'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
