import fc from 'fast-check'
import type {
  Bare,
  Body,
  Clause,
  Cases,
  Fence,
  Name,
  Param,
  Props,
  Prop,
  Statement,
  Step,
  StepArg,
  StepClause,
} from '../../../dsl/syntax/ast.ts'
import { amount, arg, atom, digitAmount, expr, list, propValue, text } from './arbitrary-expression.ts'
import { int, measure, name, nowhere, noun, qualified, stringNode, wordOrString } from './arbitrary-tokens.ts'

const span = nowhere
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null, freq: 2 })

const texts = new WeakMap<Fence, string>()
/** What stands in a generated fence. */
export const generatedFenceText = (fence: Fence): string => texts.get(fence) ?? ''

const fenceOf = (info: string): fc.Arbitrary<Fence> =>
  fc
    .array(
      fc.constantFrom('b: 2', '  - x', '', 'c: "${n}"', '# no comment of ours', '```', '}', '\u00A0', '~ pod/web'),
      { maxLength: 4 },
    )
    .map((lines) => {
      const fence: Fence = { type: 'fence', info, open: span, content: span, span }
      texts.set(fence, ['a: 1', ...lines].join('\n').trimEnd())
      return fence
    })
const fence = fc.constantFrom('yaml', 'yaml raw').chain(fenceOf)

export const param: fc.Arbitrary<Param> = fc
  .tuple(name, optional(name), optional(atom))
  .map(([called, annotation, value]) => ({ type: 'param', name: called, annotation, value, span }))

const { props } = fc.letrec<{ props: Props; prop: Prop }>((tie) => ({
  prop: fc
    .tuple(name, fc.array(propValue, { maxLength: 2 }), fc.oneof({ maxDepth: 2 }, fc.constant(null), tie('props')))
    .map(([called, args, more]) => ({ type: 'prop', name: called, args, props: more, span })),
  props: fc.array(tie('prop'), { maxLength: 3 }).map((items) => ({ type: 'props', items, span })),
}))

/** `because` and `saying` would belong to a state word or an event right before them: they follow a time. */
const timed: fc.Arbitrary<readonly Clause[]> = fc
  .tuple(fc.constantFrom('within', 'for'), amount, optional(fc.tuple(fc.constantFrom('because', 'saying'), text)))
  .map(([kind, length, said]) => {
    const first: Clause = { type: 'clause', kind, amount: length, span }
    return said === null ? [first] : [first, { type: 'clause', kind: said[0], text: said[1], span }]
  })
const clauses: fc.Arbitrary<readonly Clause[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: timed },
      expr
        .filter((one) => one.type !== 'before')
        .map((predicate): readonly Clause[] => [{ type: 'clause', kind: 'until', predicate, span }]),
      fc.constantFrom('eventually', 'from now').map((kind): readonly Clause[] => [{ type: 'clause', kind, span }]),
      noun.map((by): readonly Clause[] => [{ type: 'clause', kind: 'seen by', noun: by, span }]),
    ),
    { maxLength: 2 },
  )
  .map((all) => all.flat())

/** Words of no other form: `k=v`, `key-`. */
const stepWord: fc.Arbitrary<Bare> = fc
  .constantFrom('app=web', 'dedicated=gpu:NoSchedule-', 'tier-', 'x=${n}', "it's", '->')
  .map((text) => ({ type: 'bare', text, span }))
const stepArg: fc.Arbitrary<StepArg> = fc.oneof(noun, stringNode, list, digitAmount, stepWord)
const stepClause: fc.Arbitrary<StepClause> = fc.oneof(
  fc
    .tuple(fc.constantFrom('to', 'from', 'by', 'on', 'as'), stepArg)
    .map(([kind, value]): StepClause => ({ type: 'step-clause', kind, value, span })),
  fc
    .tuple(fc.constantFrom('for', 'within', 'grace', 'restart'), digitAmount)
    // `restart -1` is no clause: it wants a digit.
    .map(([kind, value]): StepClause => ({
      type: 'step-clause',
      kind: kind === 'restart' && value.type === 'number' ? 'grace' : kind,
      value,
      span,
    })),
  measure.map((value): StepClause => ({ type: 'step-clause', kind: 'probability', value, span })),
  fc
    .tuple(fc.constantFrom('fails', 'may-fail'), optional(wordOrString), optional(text))
    .map(([kind, reason, saying]): StepClause => ({ type: 'step-clause', kind, reason, saying, span })),
)
const verb: fc.Arbitrary<Name> = fc
  .constantFrom(
    ...'apply create replace patch scale delete rollout set-image cordon uncordon drain evict label annotate taint load metric upgrade put remove'.split(
      ' ',
    ),
  )
  .map((text) => ({ name: text, span }))
const step: fc.Arbitrary<Step> = fc
  .tuple(
    verb,
    fc.array(stepArg, { maxLength: 3 }),
    fc.array(stepClause, { maxLength: 2 }),
    optional(fence),
    fc.boolean(),
    fc.array(stepClause, { maxLength: 1 }),
  )
  .map(([which, args, before, block, overlay, after]) => {
    const mark: StepClause = { type: 'step-clause', kind: 'overlay', span }
    const all = block !== null && overlay ? [...before, mark, ...after] : before
    return { type: 'step', verb: which, args, clauses: all, fence: block, span }
  })

const cell = fc.constantFrom('a', '', '1', '"x y"', 'Complete', '1 + 2', '5m').map((one) => ({ text: one, span }))
const cases: fc.Arbitrary<Cases> = fc
  .array(fc.array(cell, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((rows) => ({ type: 'cases', rows, span }))

/** Statements that hold no others. */
export const plainStatement: fc.Arbitrary<Statement> = fc.oneof(
  fc
    .tuple(name, optional(name), expr)
    .map(([called, annotation, value]): Statement => ({ type: 'let', name: called, annotation, value, span })),
  fc.tuple(name, noun).map(([called, one]): Statement => ({
    type: 'let',
    name: called,
    annotation: null,
    value: { type: 'any', noun: one, span },
    span,
  })),
  fc
    .tuple(name, optional(props))
    .map(([called, more]): Statement => ({ type: 'user', name: called, props: more, span })),
  fc
    .tuple(optional(qualified), optional(qualified), optional(props))
    .map(([called, from, more]): Statement => ({ type: 'cluster', name: called, from, props: more, span })),
  fc
    .tuple(stringNode, props)
    .map(([image, more]): Statement => ({ type: 'behavior', image, noun: null, container: null, props: more, span })),
  fc.tuple(noun, optional(name), props).map(([one, container, more]): Statement => ({
    type: 'behavior',
    image: null,
    noun: one,
    container,
    props: more,
    span,
  })),
  name.map((called): Statement => ({ type: 'namespace', name: called, span })),
  amount.map((one): Statement => ({ type: 'wait', amount: one, span })),
  fc
    .oneof(amount, fc.constant({ type: 'instant' as const, text: '2025-01-01T00:10:00Z', span }))
    .map((time): Statement => ({ type: 'at', time, span })),
  optional(amount).map((within): Statement => ({ type: 'settle', within, span })),
  fc
    .tuple(qualified, fc.array(arg, { maxLength: 2 }))
    .filter(([, args]) => args.every((one) => one.type === 'arg'))
    .map(([called, args]): Statement => ({
      type: 'do',
      name: called,
      args: args.filter((one) => one.type === 'arg'),
      span,
    })),
  fc
    .tuple(name, fenceOf('delta'))
    .map(([since, block]): Statement => ({ type: 'changes', since, if: null, fence: block, span })),
  fc
    .tuple(noun, fence, clauses)
    .map(([one, block, more]): Statement => ({ type: 'matches', noun: one, fence: block, clauses: more, span })),
  fc.tuple(expr, clauses).map(([one, more]): Statement => ({ type: 'expect', claims: [one], clauses: more, span })),
  fc
    .tuple(fc.array(expr, { minLength: 2, maxLength: 3 }), clauses)
    .map(([claims, more]): Statement => ({ type: 'expect', claims, clauses: more, span })),
  fc
    .tuple(fc.constantFrom('always', 'never'), expr, clauses)
    .map(([kind, predicate, more]): Statement => ({ type: 'watch', kind, predicate, then: null, clauses: more, span })),
  fc.tuple(expr, expr, clauses).map(([predicate, then, more]): Statement => ({
    type: 'watch',
    kind: 'whenever',
    predicate,
    then,
    clauses: more,
    span,
  })),
  expr.map((predicate): Statement => ({ type: 'watch', kind: 'sometimes', predicate, then: null, clauses: [], span })),
  fc.tuple(name, atom).map(([called, of]): Statement => ({
    type: 'explore',
    kind: 'forall',
    name: called,
    of,
    args: [],
    plan: null,
    span,
  })),
  fc.tuple(int, fc.array(name, { maxLength: 2 })).map(([runs, varying]): Statement => ({
    type: 'explore',
    kind: 'explore',
    name: null,
    plan: null,
    runs,
    varying,
    span,
  })),
  fc.tuple(name, expr).map(([called, value]): Statement => ({
    type: 'explore',
    kind: 'example',
    name: null,
    plan: null,
    args: [{ type: 'arg', name: called, value, span }],
    span,
  })),
  fc.tuple(name, list).map(([called, values]): Statement => ({ type: 'matrix', name: called, values, span })),
  cases,
  name.map((called): Statement => ({ type: 'mark', name: called, span })),
  noun.map((one): Statement => ({ type: 'explain', noun: one, span })),
  fc
    .tuple(stringNode, fc.array(noun, { minLength: 1, maxLength: 2 }))
    .map(([called, nouns]): Statement => ({ type: 'snapshot', name: called, nouns, span })),
  fc
    .tuple(fc.array(stepArg, { minLength: 1, maxLength: 3 }), fc.array(stepClause, { maxLength: 2 }))
    .map(([args, more]): Statement => ({ type: 'inject', args, clauses: more, span })),
  noun.map((one): Statement => ({ type: 'heal', noun: one, span })),
  step,
)

const tied = fc.letrec<{ body: Body; statement: Statement }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 3 }).map((items) => ({ type: 'body', items, span })),
  statement: fc.oneof(
    { maxDepth: 2 },
    { weight: 6, arbitrary: plainStatement },
    fc
      .tuple(amount, optional(amount), tie('body'))
      .map(([interval, length, inner]): Statement => ({ type: 'every', interval, for: length, body: inner, span })),
    fc.tuple(atom, tie('body')).map(([times, inner]): Statement => ({ type: 'repeat', times, body: inner, span })),
    fc
      .tuple(name, atom, tie('body'))
      .map(([variable, of, inner]): Statement => ({ type: 'each', variable, in: of, body: inner, span })),
    fc
      .tuple(fc.constantFrom('background', 'parallel', 'do'), tie('body'))
      .map(([kind, inner]): Statement => ({ type: 'block', kind, body: inner, span })),
    fc
      .tuple(fc.constantFrom('sim', 'live'), tie('body'))
      .map(([where, inner]): Statement => ({ type: 'on', where, body: inner, span })),
    fc
      .tuple(tie('body'), fenceOf('delta'))
      .map(([inner, block]): Statement => ({ type: 'changes', since: null, if: inner, fence: block, span })),
    fc.tuple(name, tie('body')).map(([called, plan]): Statement => ({
      type: 'explore',
      kind: 'forall',
      name: called,
      of: null,
      args: [],
      plan,
      span,
    })),
  ),
}))

export const body: fc.Arbitrary<Body> = tied.body
