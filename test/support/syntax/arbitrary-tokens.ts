import fc from 'fast-check'
import type {
  Bare,
  Measure,
  Name,
  Noun,
  NumberLiteral,
  RegexLiteral,
  StringLiteral,
  Word,
} from '../../../dsl/syntax/ast.ts'
import type { Span } from '../../../dsl/source/span.ts'

/** Generated trees have no text yet: nothing looks at their places. */
export const nowhere: Span = { file: 'generated', start: 0, end: 0 }

/** Words that the grammar reads as its own somewhere, so that a generated name does not change the sentence that it stands in. */
const keywords: ReadonlySet<string> = new Set(
  (
    'import let user cluster behavior invariant steps scenario property wait at settle every repeat each do background parallel on ' +
    'expect changes since if are matches always never whenever then sometimes within for until eventually from now seen by because ' +
    'saying forall in plan explore runs varying example cases matrix mark snapshot of inject heal apply create replace patch scale ' +
    'delete rollout set-image cordon uncordon drain evict label annotate taint load metric upgrade put remove to as grace restart with ' +
    'probability overlay fails may-fail before or and not all exists exist no any event events hops is goes go can cannot gone ' +
    'absent present exactly least most contains image container namespace sim live i'
  ).split(' '),
)

const letters = 'abcdefghijklmnopqrstuvwxyz'
const word: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...letters, 'A', 'Z', '_'),
    fc.string({ unit: fc.constantFrom(...letters, 'X', '0', '9', '_'), maxLength: 5 }),
    fc.option(fc.string({ unit: fc.constantFrom(...letters, '7'), minLength: 1, maxLength: 3 }), {
      nil: undefined,
      freq: 3,
    }),
  )
  .map(([first, rest, last]) => first + rest + (last === undefined ? '' : `-${last}`))
  .filter((one) => !keywords.has(one))
export const ident: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: word },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'Ready', 'RolledOut', 'p', 'web') },
)

export const name: fc.Arbitrary<Name> = ident.map((text) => ({ name: text, span: nowhere }))
export const qualified: fc.Arbitrary<Name> = fc
  .tuple(ident, fc.option(ident, { nil: undefined, freq: 3 }))
  .map(([first, second]) => ({ name: second === undefined ? first : `${first}.${second}`, span: nowhere }))

const kind: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.string({ unit: fc.constantFrom(...letters, '0'), maxLength: 6 }),
    fc.constantFrom('', '.apps', '-x'),
  )
  .map((parts) => parts.join(''))
const interpolation = fc.constantFrom('${n}', '${p{.spec.x}}', '${a + 1}')
const namePart = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '0', '*'), minLength: 1, maxLength: 4 }),
  interpolation,
)
const objectName = fc.oneof(
  fc.array(namePart, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-')),
  fc.constantFrom('"web 1"', '"a\\"b"', 'web:v1', 'a.b'),
)
const selector = fc.constantFrom(
  'app=web',
  'app=web,tier in (a,b),!canary',
  'zone=${z}',
  '',
  'reason=X,code=4xx',
  'a/b=c d',
)
const namespace = fc.option(fc.constantFrom('*', 'prod', 'team-${n}'), { nil: null, freq: 3 })

const nounOf = (
  form: Noun['form'],
  parts: {
    readonly kind: string
    readonly name?: string
    readonly selector?: string
    readonly namespace: string | null
  },
): Noun => {
  const body =
    form === 'ref'
      ? `${parts.kind}/${parts.name ?? ''}`
      : form === 'sel'
        ? `${parts.kind}[${parts.selector ?? ''}]`
        : parts.kind
  return {
    type: 'noun',
    form,
    text: body + (parts.namespace === null ? '' : `@${parts.namespace}`),
    kind: parts.kind,
    kindSpan: nowhere,
    name: parts.name ?? null,
    selector: parts.selector ?? null,
    namespace: parts.namespace,
    span: nowhere,
  }
}

/** A bare word, as it stands where an amount is wanted. */
export const reference: fc.Arbitrary<Noun> = qualified.map((one) => nounOf('bare', { kind: one.name, namespace: null }))
export const noun: fc.Arbitrary<Noun> = fc.oneof(
  fc
    .tuple(kind, objectName, namespace)
    .map(([one, called, home]) => nounOf('ref', { kind: one, name: called, namespace: home })),
  fc
    .tuple(kind, selector, namespace)
    .map(([one, by, home]) => nounOf('sel', { kind: one, selector: by, namespace: home })),
  reference,
  fc.tuple(qualified, namespace).map(([one, home]) => nounOf('bare', { kind: one.name, namespace: home })),
)

export const wordNode: fc.Arbitrary<Word> = ident.map((text) => ({ type: 'word', name: text, span: nowhere }))

const character = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom(...letters, ' ', '0', '#', '{', '}', '`', '/', '|', "'", '-', 'é', '🙂', '\u00A0'),
  },
  { weight: 1, arbitrary: fc.constantFrom('\\"', '\\\\', '\\n', '\\u0041', '${x}', '${a{.b}}', '$${') },
)
const stringText = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''))
export const stringNode: fc.Arbitrary<StringLiteral> = stringText
  // An opened interpolation takes the quote that would close the string.
  .filter((text) => !text.replaceAll(/\$\{[^{}]+(?:\{[^{}]*\})?[^{}]*\}/g, '').includes('${'))
  .map((text) => ({ type: 'string', raw: `"${text}"`, span: nowhere }))
export const wordOrString: fc.Arbitrary<Word | StringLiteral> = fc.oneof({ weight: 4, arbitrary: wordNode }, stringNode)

export const regexNode: fc.Arbitrary<RegexLiteral> = fc
  .tuple(fc.constantFrom('a+', '^x$', 'a\\/b', '[a-z]*#', 'a b'), fc.constantFrom('', 'i'))
  .map(([source, flags]) => ({ type: 'regex', source, flags, span: nowhere }))

const digits = fc.oneof(fc.nat(20).map(String), fc.constantFrom('0', '007', '99999999999999999999'))
export const int: fc.Arbitrary<NumberLiteral> = digits.map((text) => ({
  type: 'number',
  text,
  value: Number(text),
  span: nowhere,
}))
export const number: fc.Arbitrary<NumberLiteral> = fc
  .tuple(fc.constantFrom('', '', '-'), digits, fc.constantFrom('', '', '.5', '.25'))
  .map((parts) => parts.join(''))
  .map((text) => ({ type: 'number', text, value: Number(text), span: nowhere }))
export const measure: fc.Arbitrary<Measure> = fc
  .oneof(
    fc
      .tuple(fc.nat(90), fc.constantFrom('s', 'm', 'h', 'ms', 'd', 'Gi', 'Mi', 'm', 'k', '%'))
      .map((parts) => parts.join('')),
    fc.constantFrom('1m30s', '0.5s', '1h0m', '1.5Gi'),
  )
  .map((text) => ({ type: 'measure', text, span: nowhere }))

/** A setting's plain value. */
export const bare: fc.Arbitrary<Bare> = fc
  .oneof(
    ident,
    fc.constantFrom(
      '250m',
      '4Gi',
      '0..5',
      '1.36',
      'app=web',
      'dedicated=gpu:NoSchedule',
      '-1',
      '->',
      '${n}',
      'x${a}y',
      "it's",
    ),
  )
  .map((text) => ({ type: 'bare', text, span: nowhere }))
