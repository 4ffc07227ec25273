import type { Span } from '../source/span.ts'

export interface Name {
  readonly name: string
  readonly span: Span
}
export type PropValue = Expr | Bare | Spread

// ---- predicates and expressions
export type Expr =
  | Before
  | Logic
  | Not
  | Quantifier
  | EventPredicate
  | Fact
  | Presence
  | Compare
  | Arithmetic
  | Call
  | Comprehension
  | PathOf
  | List
  | Range
  | Measure
  | NumberLiteral
  | StringLiteral
  | RegexLiteral
  | Noun
export type Amount = Spread | Expr

export interface Before {
  readonly type: 'before'
  readonly first: Expr
  readonly second: Expr
  readonly span: Span
}
export interface Logic {
  readonly type: 'and' | 'or'
  readonly operands: readonly Expr[]
  readonly span: Span
}
export interface Not {
  readonly type: 'not'
  readonly operand: Expr
  readonly span: Span
}
export interface Quantifier {
  readonly type: 'quantifier'
  readonly quantifier: 'all' | 'exists' | 'no'
  readonly variable: Name
  readonly of: Expr
  readonly body: Expr
  readonly span: Span
}
export interface EventPredicate {
  readonly type: 'event'
  readonly reason: Word | StringLiteral
  readonly on: Noun
  readonly saying: Text | null
  readonly span: Span
}
export interface Fact {
  readonly type: 'fact'
  readonly count: Count | null
  readonly subject: Noun
  readonly over: 'states' | 'events' | 'hops'
  readonly claim: Claim
  readonly span: Span
}
export interface Count {
  readonly type: 'count'
  readonly kind: 'no' | 'all' | 'any' | 'exactly' | 'at least' | 'at most' | 'number'
  readonly value: Expr | null
  readonly span: Span
}
export type Claim = {
  readonly type: 'claim'
  readonly verb: string
  readonly negated: boolean
  readonly because: Text | null
  readonly span: Span
} & (
  | { readonly kind: 'gone' | 'exists' }
  | { readonly kind: 'state'; readonly word: Word | StringLiteral }
  | { readonly kind: 'on'; readonly place: Noun }
  | { readonly kind: 'goes'; readonly links: readonly Link[] }
  | { readonly kind: 'can'; readonly word: Word | StringLiteral; readonly object: Noun }
)
export interface Link {
  readonly type: 'link'
  readonly ellipsis: boolean
  readonly word: Word | StringLiteral | null
  readonly action: Word | StringLiteral | null
  readonly span: Span
}
export interface Text {
  readonly type: 'text'
  readonly kind: 'exactly' | 'contains' | 'regex' | 'word'
  readonly value: StringLiteral | RegexLiteral | Word
  readonly span: Span
}
export interface Presence {
  readonly type: 'presence'
  readonly presence: 'absent' | 'present'
  readonly operand: Expr
  readonly span: Span
}
export interface Compare {
  readonly type: 'compare'
  readonly operator: '==' | '!=' | '<=' | '>=' | '<' | '>' | 'in' | 'contains' | 'matches'
  readonly left: Expr
  readonly right: Expr
  readonly span: Span
}
export interface Arithmetic {
  readonly type: 'arithmetic'
  readonly operator: '+' | '-' | '*' | '/' | '%'
  readonly left: Expr
  readonly right: Expr
  readonly span: Span
}
export interface Call {
  readonly type: 'call'
  readonly name: Name
  readonly args: readonly (Arg | Comprehension)[]
  readonly since: Name | null
  readonly span: Span
}
export interface Arg {
  readonly type: 'arg'
  readonly name: Name | null
  readonly value: Expr
  readonly span: Span
}
export interface Comprehension {
  readonly type: 'comprehension'
  readonly variable: Name
  readonly of: Expr
  readonly where: Expr
  readonly span: Span
}
export interface List {
  readonly type: 'list'
  readonly items: readonly (Arg | Comprehension)[]
  readonly span: Span
}
export interface PathOf {
  readonly type: 'path'
  readonly of: Expr
  readonly path: Path
  readonly span: Span
}
export interface Path {
  readonly steps: readonly PathStep[]
  readonly span: Span
}
export type PathStep = { readonly span: Span } & (
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string; readonly value: string }
)
export interface Spread {
  readonly type: 'spread'
  readonly base: PropValue
  readonly by: PropValue
  readonly span: Span
}
export interface Range {
  readonly type: 'range'
  readonly from: Expr
  readonly to: Expr
  readonly span: Span
}

// ---- tokens
/** `kind/name`, `kinds[selector]`, or a bare word, which may also be a binding, an invariant or a constant. */
export interface Noun {
  readonly type: 'noun'
  readonly form: 'ref' | 'sel' | 'bare'
  readonly text: string
  readonly kind: string
  readonly kindSpan: Span
  /** As written, quotes and interpolations included. */
  readonly name: string | null
  readonly selector: string | null
  readonly namespace: string | null
  readonly span: Span
}
export interface Word {
  readonly type: 'word'
  readonly name: string
  readonly span: Span
}
export interface Bare {
  readonly type: 'bare'
  readonly text: string
  readonly span: Span
}
export interface NumberLiteral {
  readonly type: 'number'
  readonly text: string
  readonly value: number
  readonly span: Span
}
export interface Measure {
  readonly type: 'measure'
  readonly text: string
  readonly span: Span
}
export interface Instant {
  readonly type: 'instant'
  readonly text: string
  readonly span: Span
}
/** With its quotes, escapes and interpolations. */
export interface StringLiteral {
  readonly type: 'string'
  readonly raw: string
  readonly span: Span
}
export interface RegexLiteral {
  readonly type: 'regex'
  readonly source: string
  readonly flags: string | null
  readonly span: Span
}
export interface Fence {
  readonly type: 'fence'
  /** `yaml`, `yaml raw`, `delta` */
  readonly info: string
  /** The opening ticks with the info word. */
  readonly open: Span
  readonly content: Span
  readonly span: Span
}
