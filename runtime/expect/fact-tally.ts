import type { KubeObject } from '../../api/object.ts'
import type { ExpressionBody } from '../../dsl/plan/expression.ts'
import { judgeStateWord } from '../../api/state-words/judge-state-word.ts'
import type { Moment } from './moment.ts'
import { nodeLabels } from './node-labels.ts'
import { nameMatcher, renderParts } from './render.ts'
import { isNamespaced, nounNamespace, pseudoKinds, selectorOf } from './resolve-noun.ts'

type Fact = Extract<ExpressionBody, { kind: 'fact' }>

/** How many objects a fact is about, and of how many of them its claim holds. */
export interface Tally {
  readonly of: number
  readonly satisfied: number
}

export interface Kept {
  readonly question: string
  readonly test: (object: KubeObject) => boolean | undefined
  /** Verdicts by namespace and name. */
  readonly verdicts: Map<string, boolean>
  satisfied: number
  /** Changes that have been counted. */
  read: number
  /** An object's verdict depends on others. */
  readonly looks: { around: boolean }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}\u0000${metadata.name}`

/** What is asked, in words: another text is another question. */
const questionOf = ({ subject: noun, claim }: Fact, moment: Moment): string => {
  const name = noun.name === undefined ? '' : renderParts(noun.name.parts, moment)
  const selector = noun.selector === undefined ? '' : renderParts(noun.selector, moment)
  const word = claim.kind === 'state' ? renderParts(claim.word.parts, moment) : ''
  return `${nounNamespace(noun, moment) ?? '*'}\u0000${name}\u0000${selector}\u0000${word}`
}

/** A claim about many objects of one resource, each of which is true or not by itself. */
const isCountable = ({ subject: noun, claim }: Fact, moment: Moment): boolean => {
  if (moment.state.changes === undefined || noun.resource === '' || pseudoKinds.has(noun.resource)) return false
  const single =
    noun.name?.kind === 'exact' && (nounNamespace(noun, moment) !== undefined || !isNamespaced(noun.resource, moment))
  if (single) return false
  return claim.kind === 'state' ? claim.because === undefined : claim.kind === 'exists' || claim.kind === 'gone'
}

/** Whether the claim holds of an object; undefined: the fact is not about it. `looksAround` is told when that depends on others. */
const testOf = (fact: Fact, moment: Moment, looksAround: () => void): Kept['test'] => {
  const { subject: noun, claim } = fact
  const namespace = nounNamespace(noun, moment)
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  const selector = noun.selector === undefined ? undefined : selectorOf(renderParts(noun.selector, moment))
  const isNode = noun.resource === 'nodes'
  const word = claim.kind === 'state' ? renderParts(claim.word.parts, moment) : ''
  const around: Pick<Moment['state'], 'list'> = {
    list() {
      looksAround()
      return []
    },
  }
  return (object) => {
    if (namespace !== undefined && object.metadata.namespace !== namespace) return undefined
    if (name !== undefined && !name.matches(object.metadata.name)) return undefined
    if (selector !== undefined && !selector.matches(isNode ? nodeLabels(object) : object.metadata.labels))
      return undefined
    if (claim.kind === 'state') return judgeStateWord(noun.resource, word, object, around) !== claim.negated
    return claim.kind === 'exists' || (claim.kind === 'gone' && claim.negated)
  }
}

const count = (kept: Kept, key: string, verdict: boolean | undefined): void => {
  const before = kept.verdicts.get(key)
  if (before === verdict) return
  if (before === true) kept.satisfied -= 1
  if (verdict === true) kept.satisfied += 1
  if (verdict === undefined) kept.verdicts.delete(key)
  else kept.verdicts.set(key, verdict)
}

/**
 * The tally of a fact in the present state: of a sentence that is judged again and again only the objects that have changed are looked
 * at. undefined: the fact is none that can be counted so.
 */
export const tallyOf = (fact: Fact, moment: Moment): Tally | undefined => {
  // Kept by the moment and not beside it: V8's collections of young objects follow a WeakMap's values though nobody holds their keys.
  const ofMoment = (moment.tallies ??= new Map())
  let kept = ofMoment.get(fact)
  if (kept === undefined && (ofMoment.has(fact) || !isCountable(fact, moment))) return undefined
  const { state } = moment
  const { resource } = fact.subject
  const question = questionOf(fact, moment)
  const changes = state.changes!(resource)
  if (kept?.question !== question) {
    const looks = { around: false }
    const test = testOf(fact, moment, () => {
      looks.around = true
    })
    kept = { question, test, verdicts: new Map(), satisfied: 0, read: changes.length, looks }
    ofMoment.set(fact, kept)
    for (const object of state.list(resource, nounNamespace(fact.subject, moment)))
      if (!looks.around) count(kept, keyOf(object), test(object))
  }
  for (; kept.read < changes.length; kept.read += 1) {
    const changed = changes[kept.read]!
    const now = state.get(resource, changed.metadata.namespace, changed.metadata.name)
    count(kept, keyOf(changed), now === undefined ? undefined : kept.test(now))
  }
  if (kept.looks.around) {
    ofMoment.set(fact, undefined)
    return undefined
  }
  moment.reads.add(resource)
  if (kept.verdicts.size > 0) moment.world.seen?.add(fact.subject)
  return { of: kept.verdicts.size, satisfied: kept.satisfied }
}
