import type { Count, ExpressionBody, Noun } from '../../dsl/plan/expression.ts'
import { mayAccess } from './access.ts'
import { EvaluationError } from './evaluation-error.ts'
import { tallyOf, type Tally } from './fact-tally.ts'
import { chainResults } from './history.ts'
import type { AccessQuery, Moment } from './moment.ts'
import { isPlural, isNamespaced, presentObject, resolveNoun } from './resolve-noun.ts'
import { renderParts } from './render.ts'
import { stateHolds } from './state-claims.ts'
import type { Subject } from './subject.ts'
import { textOf } from './text-of.ts'

type Fact = Extract<ExpressionBody, { kind: 'fact' }>

const nodeOf = (subject: Subject, moment: Moment): string | undefined => {
  if (subject.kind === 'container') return subject.node
  if (subject.kind !== 'object') return undefined
  const object = presentObject(subject, moment) as { readonly spec?: { readonly nodeName?: string } } | undefined
  return object?.spec?.nodeName
}

/** Names of the nodes that a place noun names; one by its name need not exist. */
const placeNames = (place: Noun, moment: Moment): ReadonlySet<string> => {
  if (place.resource === 'nodes' && place.name?.kind === 'exact')
    return new Set([renderParts(place.name.parts, moment)])
  const names = new Set<string>()
  for (const subject of resolveNoun(place, moment)) if (subject.kind === 'object') names.add(subject.name)
  return names
}

const isThere = (subject: Subject, moment: Moment): boolean =>
  subject.kind !== 'object' || presentObject(subject, moment) !== undefined

/** As whom a user or a service account sends requests. */
const identityOf = (subject: Subject, moment: Moment): Pick<AccessQuery, 'user' | 'groups'> => {
  if (subject.kind === 'named')
    return { user: subject.name, groups: [...(moment.world.users.get(subject.name) ?? []), 'system:authenticated'] }
  if (subject.kind !== 'object') throw new EvaluationError('only users and service accounts send requests')
  const { namespace = '', name } = subject
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}

/** The claim as a test of one thing. What does not change from thing to thing is worked out once. */
const claimTest = (fact: Fact, moment: Moment): ((subject: Subject) => boolean) => {
  const { claim } = fact
  switch (claim.kind) {
    case 'state':
      return (subject) => stateHolds(claim, subject, moment)
    case 'exists':
      return (subject) => isThere(subject, moment)
    case 'gone':
      return (subject) => isThere(subject, moment) === claim.negated
    case 'on': {
      const names = placeNames(claim.place, moment)
      return (subject) => {
        const node = nodeOf(subject, moment)
        return (node !== undefined && names.has(node)) !== claim.negated
      }
    }
    case 'can': {
      const object = claim.object
      return (subject) => {
        const query = {
          ...identityOf(subject, moment),
          verb: claim.verb,
          resource: object.resource,
          namespace: isNamespaced(object.resource, moment) ? (object.namespace ?? moment.namespace) : undefined,
          name: object.name === undefined ? undefined : renderParts(object.name.parts, moment),
        }
        return mayAccess(query, moment) !== claim.negated
      }
    }
    case 'goes':
      throw new EvaluationError('a chain is judged as a whole')
  }
}

const wanted = (count: Extract<Count, { value: unknown }>, of: number, moment: Moment): number => {
  const value = moment.evaluate(count.value)
  if (value.kind === 'number') return value.value
  if (value.kind === 'percent') return Math.ceil((of * value.value) / 100)
  throw new EvaluationError(`\`${textOf(value)}\` is no number of things`)
}

/** Whether so many of so many are what a count asks for. */
export const countHolds = (count: Count, satisfied: number, of: number, moment: Moment): boolean => {
  switch (count.kind) {
    case 'no':
      return satisfied === 0
    case 'any':
      return satisfied > 0
    case 'all':
      return satisfied === of && (moment.mode !== 'expect' || of > 0)
    case 'exactly': {
      const number = wanted(count, of, moment)
      return moment.mode === 'never' ? satisfied >= number : satisfied === number
    }
    case 'at least':
      return satisfied >= wanted(count, of, moment)
    case 'at most':
      return satisfied <= wanted(count, of, moment)
  }
}

const pluralHolds = (satisfied: number, of: number, moment: Moment): boolean => {
  switch (moment.mode) {
    case 'expect':
      return of > 0 && satisfied === of
    case 'always':
      return satisfied === of
    case 'never':
      return satisfied > 0
  }
}

const chainHolds = (fact: Fact, moment: Moment): boolean => {
  if (fact.claim.kind !== 'goes') return false
  const results = chainResults(fact.claim, fact.subject, moment)
  const reached = results.filter((one) => one.reached).length
  if (fact.count !== undefined) return countHolds(fact.count, reached, results.length, moment)
  return isPlural(fact.subject, moment) ? pluralHolds(reached, results.length, moment) : reached > 0
}

const counted = (fact: Fact, moment: Moment): Tally => {
  const subjects = resolveNoun(fact.subject, moment)
  const test = claimTest(fact, moment)
  let satisfied = 0
  for (const subject of subjects) if (test(subject)) satisfied += 1
  return { of: subjects.length, satisfied }
}

/** `3 pods[app=web] are Ready`, `pod/web-0 is gone`, `lost are Terminating`: a fact in the present state. */
export const factHolds = (fact: Fact, moment: Moment): boolean => {
  const { claim, count, subject: noun } = fact
  if (claim.kind === 'goes') return chainHolds(fact, moment)
  const { of, satisfied } = tallyOf(fact, moment) ?? counted(fact, moment)
  if (count !== undefined) return countHolds(count, satisfied, of, moment)
  const bound = noun.resource === ''
  // A name or a selector that finds nothing is gone; a captured list is gone when each of its objects is.
  if (claim.kind === 'gone') {
    if (bound) return isPlural(noun, moment) ? satisfied === of : satisfied > 0
    return claim.negated ? of > 0 : of === 0
  }
  if (claim.kind === 'exists') return satisfied > 0
  if (isPlural(noun, moment)) return pluralHolds(satisfied, of, moment)
  // `is not W` is plain negation, true also where there is nothing; with a reason it asks for the condition.
  if (of === 0) return isNegated(fact) && !(claim.kind === 'state' && claim.because !== undefined)
  return satisfied > 0
}

const isNegated = (fact: Fact): boolean => 'negated' in fact.claim && fact.claim.negated

/** The things that a fact is about and which of them satisfy it, for the report. */
export const factSubjects = (
  fact: Fact,
  moment: Moment,
): readonly { readonly subject: Subject; readonly satisfied: boolean }[] => {
  if (fact.claim.kind === 'goes') return []
  const test = claimTest(fact, moment)
  return resolveNoun(fact.subject, moment).map((subject) => ({ subject, satisfied: test(subject) }))
}
