import fc from 'fast-check'
import type {
  Amount,
  Arg,
  Claim,
  Comprehension,
  Count,
  Expr,
  Fact,
  Link,
  List,
  Noun,
  Path,
  PathStep,
  PropValue,
  Range,
  Text,
} from '../../../dsl/syntax/ast.ts'
import {
  bare,
  ident,
  int,
  measure,
  name,
  nowhere,
  noun,
  number,
  qualified,
  reference,
  regexNode,
  stringNode,
  wordNode,
  wordOrString,
} from './arbitrary-tokens.ts'

const span = nowhere

export const text: fc.Arbitrary<Text> = fc.oneof(
  wordNode.map((value): Text => ({ type: 'text', kind: 'word', value, span })),
  stringNode.map((value): Text => ({ type: 'text', kind: 'contains', value, span })),
  stringNode.map((value): Text => ({ type: 'text', kind: 'exactly', value, span })),
  regexNode.map((value): Text => ({ type: 'text', kind: 'regex', value, span })),
)
const optionalText = fc.option(text, { nil: null, freq: 2 })

const pathStep: fc.Arbitrary<PathStep> = fc.oneof(
  { weight: 4, arbitrary: ident.map((one): PathStep => ({ kind: 'field', name: one, span })) },
  fc.constant<PathStep>({ kind: 'every', span }),
)
const index: fc.Arbitrary<PathStep> = fc.oneof(
  fc.nat(9).map((at): PathStep => ({ kind: 'index', index: at, span })),
  fc
    .tuple(ident, fc.constantFrom('app', 'a b', 'Ready', '${n}'))
    .map(([key, value]): PathStep => ({ kind: 'key', key, value, span })),
  fc.constantFrom('a.b/c', 'x y', '"', '\\').map((one): PathStep => ({ kind: 'field', name: one, span })),
)
const path: fc.Arbitrary<Path> = fc
  .array(
    fc.tuple(pathStep, fc.array(index, { maxLength: 2 })).map(([step, more]) => [step, ...more]),
    { minLength: 1, maxLength: 3 },
  )
  .map((steps) => ({ steps: steps.flat(), span }))

const end = fc.oneof(measure, number, reference)
const range: fc.Arbitrary<Range> = fc
  .tuple(fc.oneof(measure, int, reference), end)
  .map(([from, to]) => ({ type: 'range', from, to, span }))

const leaf: fc.Arbitrary<Expr> = fc.oneof(stringNode, regexNode, range, measure, number, noun)

const verb = (plural: boolean): 'is' | 'are' => (plural ? 'are' : 'is')
const link: fc.Arbitrary<Link> = fc.oneof(
  fc.constant<Link>({ type: 'link', ellipsis: true, word: null, action: null, span }),
  fc
    .tuple(wordOrString, fc.option(wordOrString, { nil: null, freq: 3 }))
    .map(([word, action]): Link => ({ type: 'link', ellipsis: false, word, action, span })),
)
const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.tuple(fc.boolean(), fc.boolean(), wordOrString, optionalText).map(([plural, negated, word, because]): Claim => ({
    type: 'claim',
    kind: 'state',
    verb: verb(plural),
    negated,
    word,
    because,
    span,
  })),
  fc.tuple(fc.boolean(), fc.boolean(), optionalText).map(([plural, negated, because]): Claim => ({
    type: 'claim',
    kind: 'gone',
    verb: verb(plural),
    negated,
    because,
    span,
  })),
  fc.tuple(fc.boolean(), fc.boolean(), noun, optionalText).map(([plural, negated, place, because]): Claim => ({
    type: 'claim',
    kind: 'on',
    verb: verb(plural),
    negated,
    place,
    because,
    span,
  })),
  fc
    .constantFrom('exists', 'exist')
    .map((one): Claim => ({ type: 'claim', kind: 'exists', verb: one, negated: false, because: null, span })),
  fc
    .tuple(fc.constantFrom('goes', 'go'), fc.array(link, { minLength: 2, maxLength: 4 }))
    .map(([one, links]): Claim => ({
      type: 'claim',
      kind: 'goes',
      verb: one,
      negated: false,
      because: null,
      links,
      span,
    })),
  fc.tuple(fc.boolean(), wordOrString, noun).map(([negated, word, object]): Claim => ({
    type: 'claim',
    kind: 'can',
    verb: negated ? 'cannot' : 'can',
    negated,
    because: null,
    word,
    object,
    span,
  })),
)

interface Tied {
  expr: Expr
  atom: Expr
  list: List
  arg: Arg | Comprehension
}

const subjectOf = (over: Fact['over'], subject: Noun): Pick<Fact, 'over' | 'subject'> => ({ over, subject })

const tied = fc.letrec<Tied>((tie: fc.LetrecTypedTie<Tied>): { [K in keyof Tied]: fc.Arbitrary<Tied[K]> } => {
  const inner = tie('expr')
  const count: fc.Arbitrary<Count> = fc.oneof(
    fc.constantFrom('no', 'all', 'any').map((kind): Count => ({ type: 'count', kind, value: null, span })),
    fc
      .tuple(fc.constantFrom('exactly', 'at least', 'at most'), fc.oneof(int, measure, reference))
      .map(([kind, value]): Count => ({ type: 'count', kind, value, span })),
    int.map((value): Count => ({ type: 'count', kind: 'number', value, span })),
  )
  const comprehension: fc.Arbitrary<Comprehension> = fc
    .tuple(name, tie('atom'), inner)
    .map(([variable, of, where]) => ({ type: 'comprehension', variable, of, where, span }))
  const plainArg: fc.Arbitrary<Arg> = fc
    .tuple(fc.option(name, { nil: null, freq: 3 }), inner)
    .map(([called, value]) => ({ type: 'arg', name: called, value, span }))
  const items = fc.oneof(
    { weight: 3, arbitrary: fc.array(plainArg, { maxLength: 3 }) },
    comprehension.map((one) => [one] as readonly (Arg | Comprehension)[]),
  )
  const call: fc.Arbitrary<Expr> = fc
    .tuple(qualified, items, fc.option(name, { nil: null, freq: 4 }))
    .map(([called, args, since]) => ({
      type: 'call',
      name: called,
      args,
      since: args.length === 0 ? null : since,
      span,
    }))
  const logic = (type: 'and' | 'or'): fc.Arbitrary<Expr> =>
    fc.array(inner, { minLength: 2, maxLength: 3 }).map((operands) => ({ type, operands, span }))
  return {
    list: items.map((all) => ({ type: 'list', items: all, span })),
    arg: fc.oneof({ depthIdentifier: 'expr' }, plainArg, comprehension),
    atom: fc.oneof({ depthIdentifier: 'expr', maxDepth: 4 }, leaf, tie('list'), call, inner),
    expr: fc.oneof(
      { depthIdentifier: 'expr', maxDepth: 4 },
      leaf,
      fc
        .tuple(
          fc.option(count, { nil: null, freq: 2 }),
          fc.constantFrom('states', 'states', 'events', 'hops'),
          noun,
          claim,
        )
        .map(([how, over, subject, one]): Expr => ({
          type: 'fact',
          count: how,
          ...subjectOf(over, subject),
          claim: one,
          span,
        })),
      fc
        .tuple(wordOrString, noun, optionalText)
        .map(([reason, on, saying]): Expr => ({ type: 'event', reason, on, saying, span })),
      fc.tuple(inner, inner).map(([first, second]): Expr => ({ type: 'before', first, second, span })),
      logic('and'),
      logic('or'),
      inner.map((operand): Expr => ({ type: 'not', operand, span })),
      fc
        .tuple(fc.constantFrom('all', 'exists', 'no'), name, tie('atom'), inner)
        .map(([quantifier, variable, of, body]): Expr => ({
          type: 'quantifier',
          quantifier,
          variable,
          of,
          body,
          span,
        })),
      fc
        .tuple(inner, fc.constantFrom('absent', 'present'))
        .map(([operand, presence]): Expr => ({ type: 'presence', presence, operand, span })),
      fc
        .tuple(inner, fc.constantFrom('==', '!=', '<=', '>=', '<', '>', 'in', 'contains', 'matches'), inner)
        .map(([left, operator, right]): Expr => ({ type: 'compare', operator, left, right, span })),
      fc
        .tuple(inner, fc.constantFrom('+', '-', '*', '/', '%'), inner)
        .map(([left, operator, right]): Expr => ({ type: 'arithmetic', operator, left, right, span })),
      call,
      tie('list'),
      fc.tuple(fc.oneof(noun, call, inner), path).map(([of, one]): Expr => ({ type: 'path', of, path: one, span })),
    ),
  }
})

export const arg: fc.Arbitrary<Arg | Comprehension> = tied.arg
export const atom: fc.Arbitrary<Expr> = tied.atom
export const expr: fc.Arbitrary<Expr> = tied.expr
export const list: fc.Arbitrary<List> = tied.list

const plainAmount: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 4, arbitrary: measure },
  number,
  reference,
  range,
  fc
    .tuple(measure, fc.constantFrom('*', '/'), fc.oneof(number, reference))
    .map(([left, operator, right]): Expr => ({ type: 'arithmetic', operator, left, right, span })),
  fc
    .tuple(reference, fc.constantFrom('+', '-'), measure)
    .map(([left, operator, right]): Expr => ({ type: 'arithmetic', operator, left, right, span })),
)
export const amount: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 4, arbitrary: plainAmount },
  fc.tuple(plainAmount, plainAmount).map(([base, by]): Amount => ({ type: 'spread', base, by, span })),
)
/** One that begins with a digit, where a name would be read as a noun of its own. */
export const digitAmount: fc.Arbitrary<Amount> = fc.oneof(
  measure,
  number,
  fc.tuple(measure, measure).map(([base, by]): Amount => ({ type: 'spread', base, by, span })),
  fc.tuple(measure, number).map(([left, right]): Amount => ({ type: 'arithmetic', operator: '*', left, right, span })),
)

export const propValue: fc.Arbitrary<PropValue> = fc.oneof(
  { weight: 4, arbitrary: bare },
  stringNode,
  regexNode,
  list,
  expr,
  fc.tuple(bare, bare).map(([base, by]): PropValue => ({ type: 'spread', base, by, span })),
)
