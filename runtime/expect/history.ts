import { judgeStateWord } from '../../api/state-words/judge-state-word.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ChainLink, Claim, Noun } from '../../dsl/plan/expression.ts'
import type { Emission } from '../record/emission.ts'
import type { Revision } from '../record/revision.ts'
import { createChain } from './chain.ts'
import { EvaluationError } from './evaluation-error.ts'
import { hopsOf, minorActions } from './hops.ts'
import type { Moment } from './moment.ts'
import { nameMatcher } from './render.ts'
import { nounNamespace, resolveNoun } from './resolve-noun.ts'
import { subjectKey } from './subject.ts'

type GoesClaim = Extract<Claim, { kind: 'goes' }>
type WordLink = Extract<ChainLink, { kind: 'word' }>

/** The first link that its history never came to, for the report. */
export interface ChainResult {
  readonly reached: boolean
  readonly missing: string | undefined
}

const words = (links: readonly ChainLink[]): readonly WordLink[] => links.filter((link) => link.kind === 'word')

const positions = (links: readonly ChainLink[]): readonly { readonly gapAfter: boolean }[] =>
  links.flatMap((link, index) => (link.kind === 'word' ? [{ gapAfter: links[index + 1]?.kind === 'ellipsis' }] : []))

const linkText = (link: WordLink | undefined): string | undefined =>
  link === undefined ? undefined : link.action === undefined ? link.word : `${link.word}:${link.action}`

/** Versions of an object by its name, from the start of its last life on; undefined while it was gone. */
const versionsOf = (key: string, moment: Moment): readonly (KubeObject | undefined)[] => {
  const { timeline } = moment.world
  const versions: (KubeObject | undefined)[] = []
  const [resource, ...rest] = key.split('/')
  const name = rest.at(-1)!
  const namespace = rest.length > 1 ? rest[0] : undefined
  let known = false
  for (const entry of timeline.about(key)) {
    if (entry > moment.state.entry) break
    if (timeline.kind(entry) !== 'revision') continue
    const { object, before } = timeline.data(entry) as Revision
    const early = timeline.time(entry) < 0 || (moment.fromNow && entry < moment.began)
    if (early) {
      versions.length = 0
      versions.push(object)
    } else {
      if (!known && versions.length === 0 && before !== undefined) versions.push(before)
      // A new life: what an object of the same name did before is another object's history.
      if (before === undefined && !moment.fromNow) versions.length = 0
      versions.push(object)
    }
    known = true
  }
  if (!known) versions.push(moment.state.get(resource!, namespace, name))
  return versions
}

const stateChain = (key: string, links: readonly ChainLink[], resource: string, moment: Moment): ChainResult => {
  const chain = createChain(positions(links), true)
  const own = words(links)
  const around = moment.state
  for (const object of versionsOf(key, moment)) {
    const done = chain.step((link) => {
      const { word } = own[link]!
      if (object === undefined) return word === 'gone'
      return word === 'exists' || (word !== 'gone' && judgeStateWord(resource, word, object, around))
    })
    if (done) return { reached: true, missing: undefined }
  }
  return { reached: false, missing: linkText(own[chain.furthest]) }
}

/** Entries about the subject since its last creation, or since the sentence began. */
const since = (key: string, moment: Moment): number => {
  if (moment.fromNow) return moment.began
  const { timeline } = moment.world
  let start = 0
  for (const entry of timeline.about(key)) {
    if (timeline.kind(entry) === 'revision' && (timeline.data(entry) as Revision).before === undefined) start = entry
  }
  return start
}

const eventChain = (key: string, links: readonly ChainLink[], moment: Moment): ChainResult => {
  const { timeline } = moment.world
  const chain = createChain(positions(links), false)
  const own = words(links)
  const start = since(key, moment)
  for (const entry of timeline.about(key)) {
    if (entry < start || entry > moment.state.entry) continue
    if (timeline.kind(entry) !== 'emission' || timeline.time(entry) < 0) continue
    const { reason } = timeline.data(entry) as Emission
    if (chain.step((link) => own[link]!.word === reason)) return { reached: true, missing: undefined }
  }
  return { reached: false, missing: linkText(own[chain.furthest]) }
}

const hopChain = (key: string, links: readonly ChainLink[], moment: Moment): ChainResult => {
  const chain = createChain(positions(links), false)
  const own = words(links)
  const named = new Set(own.map(linkText))
  // The request that made the object left its client before the object was there: only `from now` cuts hops off.
  const start = moment.fromNow ? moment.began : 0
  for (const hop of hopsOf(moment.world.timeline, key)) {
    if (hop.entry < start || hop.entry > moment.state.entry) continue
    const text = `${hop.component}:${hop.action}`
    if (minorActions.has(text) && !named.has(text)) continue
    const done = chain.step(
      (link) => linkText(own[link]) === text,
      // Components work side by side: between two hops, only one of theirs is a third.
      (link) => own[link]!.word !== hop.component && own[link + 1]?.word !== hop.component,
    )
    if (done) return { reached: true, missing: undefined }
  }
  return { reached: false, missing: linkText(own[chain.furthest]) }
}

/** Keys of the objects a chain is about: one by its name, which need not exist, or all that a plural names now. */
const keysOf = (noun: Noun, moment: Moment): readonly string[] => {
  if (noun.resource !== '' && noun.name?.kind === 'exact') {
    const namespace = nounNamespace(noun, moment)
    const { exact } = nameMatcher(noun.name, moment)
    return [namespace === undefined ? `${noun.resource}/${exact}` : `${noun.resource}/${namespace}/${exact}`]
  }
  return resolveNoun(noun, moment).map(subjectKey)
}

/** Where each of the objects' histories stands. */
export const chainResults = (
  claim: GoesClaim,
  noun: Noun,
  moment: Moment,
): readonly (ChainResult & { readonly key: string })[] =>
  keysOf(noun, moment).map((key) => {
    moment.reads.add(key)
    switch (claim.over) {
      case 'states': {
        const resource = key.split('/')[0]!
        if (resource === 'containers' || resource === 'components') {
          throw new EvaluationError('`goes` follows objects of the API, not ground truth')
        }
        return { key, ...stateChain(key, claim.links, resource, moment) }
      }
      case 'events':
        return { key, ...eventChain(key, claim.links, moment) }
      case 'hops':
        return { key, ...hopChain(key, claim.links, moment) }
    }
  })
