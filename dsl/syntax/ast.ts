import type { Span } from '../source/span.ts'
import type {
  Amount,
  Arg,
  Bare,
  Expr,
  Fence,
  Instant,
  List,
  Measure,
  Name,
  Noun,
  NumberLiteral,
  PropValue,
  StringLiteral,
  Text,
  Word,
} from './expression-ast.ts'

export type * from './expression-ast.ts'

/** What the grammar builds. Every node keeps its place; values keep their text as written. */
export interface File {
  readonly type: 'file'
  readonly items: readonly (Declaration | Bad | Stray)[]
  readonly span: Span
}
export interface Declaration {
  readonly type: 'declaration'
  readonly tags: readonly Tag[]
  readonly item: Import | Let | User | Cluster | Behavior | Invariant | StepsDef | Scenario
  readonly span: Span
}
/** Text that no rule reads: one statement with what belongs to it. */
export interface Bad {
  readonly type: 'bad'
  readonly span: Span
}
/** A closing brace too many. */
export interface Stray {
  readonly type: 'stray'
  readonly span: Span
}

export interface Tag {
  readonly type: 'tag'
  readonly name: Name
  readonly args: readonly (Arg | AmountOf)[]
  readonly span: Span
}
/** `20M events` */
export interface AmountOf {
  readonly type: 'amount-of'
  readonly value: Measure | NumberLiteral
  readonly unit: Name
  readonly span: Span
}

// ---- declarations
export interface Import {
  readonly type: 'import'
  readonly path: StringLiteral
  readonly alias: Name | null
  readonly span: Span
}
export interface Let {
  readonly type: 'let'
  readonly name: Name
  readonly annotation: Name | null
  readonly value: Expr | AnyOf
  readonly span: Span
}
/** `any pods[…]` after `let x =` */
export interface AnyOf {
  readonly type: 'any'
  readonly noun: Noun
  readonly span: Span
}
export interface User {
  readonly type: 'user'
  readonly name: Name
  readonly props: Props | null
  readonly span: Span
}
export interface Cluster {
  readonly type: 'cluster'
  readonly name: Name | null
  readonly from: Name | null
  readonly props: Props | null
  readonly span: Span
}
export interface Behavior {
  readonly type: 'behavior'
  readonly image: StringLiteral | null
  readonly noun: Noun | null
  readonly container: Name | null
  readonly props: Props
  readonly span: Span
}
export interface Invariant {
  readonly type: 'invariant'
  readonly name: Name
  readonly params: readonly Param[]
  readonly predicate: Expr
  readonly span: Span
}
export interface StepsDef {
  readonly type: 'steps'
  readonly name: Name
  readonly params: readonly Param[]
  readonly body: Body
  readonly span: Span
}
export interface Scenario {
  readonly type: 'scenario'
  readonly property: boolean
  readonly title: StringLiteral
  readonly body: Body
  readonly span: Span
}
export interface Param {
  readonly type: 'param'
  readonly name: Name
  readonly annotation: Name | null
  readonly value: Expr | null
  readonly span: Span
}

// ---- settings
export interface Props {
  readonly type: 'props'
  readonly items: readonly Prop[]
  readonly span: Span
}
export interface Prop {
  readonly type: 'prop'
  readonly name: Name
  readonly args: readonly PropValue[]
  readonly props: Props | null
  readonly span: Span
}

// ---- statements
export interface Body {
  readonly type: 'body'
  readonly items: readonly (Statement | Bad)[]
  readonly span: Span
}
export type Statement =
  | Let
  | User
  | Cluster
  | Behavior
  | Namespace
  | Wait
  | At
  | Settle
  | Every
  | Repeat
  | Each
  | Do
  | BlockStatement
  | On
  | Changes
  | Matches
  | Expect
  | Watch
  | ExploreStatement
  | Matrix
  | Cases
  | Mark
  | Explain
  | Snapshot
  | Inject
  | Heal
  | Step

export interface Namespace {
  readonly type: 'namespace'
  readonly name: Name
  readonly span: Span
}
export interface Wait {
  readonly type: 'wait'
  readonly amount: Amount
  readonly span: Span
}
export interface At {
  readonly type: 'at'
  readonly time: Amount | Instant
  readonly span: Span
}
export interface Settle {
  readonly type: 'settle'
  readonly within: Amount | null
  readonly span: Span
}
export interface Every {
  readonly type: 'every'
  readonly interval: Amount
  readonly for: Amount | null
  readonly body: Body
  readonly span: Span
}
export interface Repeat {
  readonly type: 'repeat'
  readonly times: Expr
  readonly body: Body
  readonly span: Span
}
export interface Each {
  readonly type: 'each'
  readonly variable: Name
  readonly in: Expr
  readonly body: Body
  readonly span: Span
}
export interface Do {
  readonly type: 'do'
  readonly name: Name
  readonly args: readonly Arg[]
  readonly span: Span
}
export interface BlockStatement {
  readonly type: 'block'
  readonly kind: 'background' | 'parallel' | 'do'
  readonly body: Body
  readonly span: Span
}
export interface On {
  readonly type: 'on'
  readonly where: 'sim' | 'live'
  readonly body: Body
  readonly span: Span
}
export interface Changes {
  readonly type: 'changes'
  readonly since: Name | null
  readonly if: Body | null
  readonly fence: Fence
  readonly span: Span
}
export interface Matches {
  readonly type: 'matches'
  readonly noun: Noun
  readonly fence: Fence
  readonly clauses: readonly Clause[]
  readonly span: Span
}
export interface Expect {
  readonly type: 'expect'
  /** More than one: joined by `then`. */
  readonly claims: readonly Expr[]
  readonly clauses: readonly Clause[]
  readonly span: Span
}
export interface Watch {
  readonly type: 'watch'
  readonly kind: 'always' | 'never' | 'whenever' | 'sometimes'
  readonly predicate: Expr
  readonly then: Expr | null
  readonly clauses: readonly Clause[]
  readonly span: Span
}
export type Clause = { readonly type: 'clause'; readonly span: Span } & (
  | { readonly kind: 'within' | 'for'; readonly amount: Amount }
  | { readonly kind: 'until'; readonly predicate: Expr }
  | { readonly kind: 'eventually' | 'from now' }
  | { readonly kind: 'seen by'; readonly noun: Noun }
  | { readonly kind: 'because' | 'saying'; readonly text: Text }
)
/** What a `property` explores: its inputs, how often, and pinned inputs that run first. */
export type ExploreStatement = Forall | ExploreRuns | Example
export interface Forall {
  readonly type: 'explore'
  readonly kind: 'forall'
  readonly name: Name
  /** The values it takes; null: a plan. */
  readonly of: Expr | null
  readonly args: readonly Arg[]
  readonly plan: Body | null
  readonly span: Span
}
export interface ExploreRuns {
  readonly type: 'explore'
  readonly kind: 'explore'
  readonly name: null
  readonly plan: null
  readonly runs: NumberLiteral
  readonly varying: readonly Name[]
  readonly span: Span
}
export interface Example {
  readonly type: 'explore'
  readonly kind: 'example'
  readonly name: null
  readonly plan: null
  readonly args: readonly Arg[]
  readonly span: Span
}
export interface Matrix {
  readonly type: 'matrix'
  readonly name: Name
  readonly values: List
  readonly span: Span
}
export interface Cases {
  readonly type: 'cases'
  readonly rows: readonly (readonly Cell[])[]
  readonly span: Span
}
export interface Cell {
  readonly text: string
  readonly span: Span
}
export interface Mark {
  readonly type: 'mark'
  readonly name: Name
  readonly span: Span
}
export interface Explain {
  readonly type: 'explain'
  readonly noun: Noun
  readonly span: Span
}
export interface Snapshot {
  readonly type: 'snapshot'
  readonly name: StringLiteral
  readonly nouns: readonly Noun[]
  readonly span: Span
}
export interface Inject {
  readonly type: 'inject'
  readonly args: readonly StepArg[]
  readonly clauses: readonly StepClause[]
  readonly span: Span
}
export interface Heal {
  readonly type: 'heal'
  readonly noun: Noun
  readonly span: Span
}
export interface Step {
  readonly type: 'step'
  readonly verb: Name
  readonly args: readonly StepArg[]
  readonly clauses: readonly StepClause[]
  readonly fence: Fence | null
  readonly span: Span
}
export type StepArg = Noun | StringLiteral | List | Amount | Bare
export type StepClause = { readonly type: 'step-clause'; readonly span: Span } & (
  | { readonly kind: 'to' | 'from' | 'by' | 'on' | 'as'; readonly value: StepArg }
  | { readonly kind: 'for' | 'within' | 'grace' | 'restart'; readonly value: Amount }
  | { readonly kind: 'probability'; readonly value: Measure }
  | { readonly kind: 'overlay' }
  | { readonly kind: 'fails' | 'may-fail'; readonly reason: Word | StringLiteral | null; readonly saying: Text | null }
)
