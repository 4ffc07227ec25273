import fc from 'fast-check'
import type { Declaration, File, Tag } from '../../../dsl/syntax/ast.ts'
import { expr } from './arbitrary-expression.ts'
import { body, param, plainStatement } from './arbitrary-statement.ts'
import { measure, name, nowhere, noun, number, stringNode } from './arbitrary-tokens.ts'

const span = nowhere

/** Plain values: `@limit(20M events)` makes a number before a word something of its own. */
const tagArg: fc.Arbitrary<Tag['args'][number]> = fc.oneof(
  fc
    .tuple(fc.oneof(measure, number), name)
    .map(([value, unit]): Tag['args'][number] => ({ type: 'amount-of', value, unit, span })),
  fc
    .oneof(measure, number, stringNode, noun)
    .map((value): Tag['args'][number] => ({ type: 'arg', name: null, value, span })),
)
const tag: fc.Arbitrary<Tag> = fc
  .tuple(name, fc.array(tagArg, { maxLength: 2 }))
  .map(([called, args]) => ({ type: 'tag', name: called, args, span }))

const params = fc.array(param, { maxLength: 2 })
type Item = Declaration['item']
const item: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.boolean(), stringNode, body)
      .map(([property, title, inner]): Item => ({ type: 'scenario', property, title, body: inner, span })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(stringNode, fc.option(name, { nil: null }))
      .map(([path, alias]): Item => ({ type: 'import', path, alias, span })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, params, expr)
      .map(([called, all, predicate]): Item => ({ type: 'invariant', name: called, params: all, predicate, span })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(name, params, body)
      .map(([called, all, inner]): Item => ({ type: 'steps', name: called, params: all, body: inner, span })),
  },
  {
    weight: 2,
    arbitrary: plainStatement.filter(
      (one): one is Extract<Item, { type: 'let' | 'user' | 'cluster' | 'behavior' }> =>
        one.type === 'let' || one.type === 'user' || one.type === 'cluster' || one.type === 'behavior',
    ),
  },
)

/** Any syntax tree that some text has: all forms of the language, nested. */
export const file: fc.Arbitrary<File> = fc
  .array(
    fc
      .tuple(fc.array(tag, { maxLength: 2 }), item)
      .map(([tags, one]): Declaration => ({ type: 'declaration', tags, item: one, span })),
    { minLength: 1, maxLength: 2 },
  )
  .map((items) => ({ type: 'file', items, span }))
