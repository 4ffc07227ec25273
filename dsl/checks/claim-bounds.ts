import type { Span } from '../source/span.ts'
import { canonicalKind } from '../names/canonical-kind.ts'
import type * as ast from '../syntax/ast.ts'
import { descend } from '../syntax/descend.ts'

/** What a sentence says about a number: how many objects are so, or what a value is. */
export interface Bound {
  /** What the number counts or is; two bounds of one key speak of the same thing. */
  readonly key: string
  readonly from: number
  readonly to: number
  /** The ends themselves are not among the values. */
  readonly openFrom: boolean
  readonly openTo: boolean
  readonly span: Span
}

/** Words of which at most one holds of an object. */
const exclusive: readonly (readonly string[])[] = [
  ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'],
  ['Up', 'Down'],
  ['Ready', 'NotReady'],
  ['Pending', 'Bound', 'Lost'],
  ['Available', 'Bound', 'Released'],
  ['Complete', 'Failed'],
  ['CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'ContainerCreating', 'PodInitializing', 'Completed', 'Error', 'OOMKilled'],
] // prettier-ignore

const bound = (key: string, from: number, to: number, span: Span): Bound => ({
  key,
  from,
  to,
  openFrom: false,
  openTo: false,
  span,
})

/** All that must hold at once where `node` holds: the operands of `and`, each for itself. */
export const boundsOf = (node: ast.Expr, text: string): readonly Bound[] => {
  switch (node.type) {
    case 'and':
      return node.operands.flatMap((one) => boundsOf(one, text))
    case 'fact':
      return factBounds(node, text)
    case 'compare':
      return compareBounds(node, text)
    default:
      return []
  }
}

/** As written, but for kinds, which go by one name each: `po/web` is `pod/web`. */
const source = (node: { readonly span: Span }, text: string): string => {
  let out = ''
  let at = node.span.start
  descend(node, (one) => {
    if (one.type !== 'noun') return
    const noun = one as unknown as ast.Noun
    out += text.slice(at, noun.kindSpan.start) + canonicalKind(noun)
    at = noun.kindSpan.end
  })
  return (out + text.slice(at, node.span.end)).replace(/\s+/g, ' ')
}

const numberOf = (node: ast.Expr | null): number | undefined => (node?.type === 'number' ? node.value : undefined)

const factBounds = (node: ast.Fact, text: string): readonly Bound[] => {
  if (node.over !== 'states') return []
  const subject = source(node.subject, text)
  const { claim, count, span } = node
  const said = saidOf(claim, text)
  if (said === undefined) return []
  const key = (what: string): string => `${subject} ${what}`
  if (count === null) {
    // A bare plural and a single object alike: at least one is so.
    if (claim.negated && node.subject.form !== 'ref') return []
    if (claim.kind === 'gone') return [bound(key('exists'), claim.negated ? 1 : 0, claim.negated ? Infinity : 0, span)]
    if (claim.negated) return [bound(key(said), 0, 0, span)]
    if (node.subject.form !== 'ref' || (node.subject.name ?? '').includes('*'))
      return [bound(key(said), 1, Infinity, span)]
    const others = exclusive.filter((words) => words.includes(said)).flat()
    return [
      bound(key(said), 1, Infinity, span),
      ...(said === 'exists' ? [] : [bound(key('exists'), 1, Infinity, span)]),
      ...[...new Set(others)].filter((word) => word !== said).map((word) => bound(key(word), 0, 0, span)),
    ]
  }
  if (claim.kind === 'gone') return []
  const what = claim.negated ? `not ${said}` : said
  const n = numberOf(count.value)
  switch (count.kind) {
    case 'no':
      return [bound(key(what), 0, 0, span)]
    case 'any':
      return [bound(key(what), 1, Infinity, span)]
    case 'all':
      return claim.negated ? [] : [bound(key(what), 1, Infinity, span)]
    case 'at least':
      return n === undefined ? [] : [bound(key(what), n, Infinity, span)]
    case 'at most':
      return n === undefined ? [] : [bound(key(what), 0, n, span)]
    case 'exactly':
    case 'number':
      return n === undefined ? [] : [bound(key(what), n, n, span)]
  }
}

const saidOf = (claim: ast.Claim, text: string): string | undefined => {
  switch (claim.kind) {
    case 'exists':
    case 'gone':
      return 'exists'
    case 'state':
      return claim.because === null ? source(claim.word, text) : undefined
    case 'on':
      return `on ${source(claim.place, text)}`
    default:
      return undefined
  }
}

const compareBounds = (node: ast.Compare, text: string): readonly Bound[] => {
  const n = numberOf(node.right)
  if (n === undefined || node.left.type === 'number') return []
  const whole = {
    key: source(node.left, text),
    from: -Infinity,
    to: Infinity,
    openFrom: false,
    openTo: false,
    span: node.span,
  }
  switch (node.operator) {
    case '==':
      return [{ ...whole, from: n, to: n }]
    case '<=':
      return [{ ...whole, to: n }]
    case '<':
      return [{ ...whole, to: n, openTo: true }]
    case '>=':
      return [{ ...whole, from: n }]
    case '>':
      return [{ ...whole, from: n, openFrom: true }]
    default:
      return []
  }
}

/** Whether no value lies within both. */
export const exclude = (a: Bound, b: Bound): boolean => {
  if (a.key !== b.key) return false
  const apart = (low: Bound, high: Bound): boolean =>
    low.to < high.from || (low.to === high.from && (low.openTo || high.openFrom))
  return apart(a, b) || apart(b, a)
}
