import type { ExpressionBody } from '../../dsl/plan/expression.ts'
import type { Emission } from '../record/emission.ts'
import type { Revision } from '../record/revision.ts'
import type { Labels } from '../../api/selectors/label-requirement.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import { entriesOf } from './entries-of.ts'
import { splitSubject } from './entry-subjects.ts'
import type { Moment } from './moment.ts'
import { nodeLabels } from './node-labels.ts'
import { nameMatcher, renderParts, textMatches } from './render.ts'
import { nounNamespace, resolveNoun } from './resolve-noun.ts'
import { subjectKey } from './subject.ts'

type EventFact = Extract<ExpressionBody, { kind: 'event' }>

/** Labels of an object that an emission regards, also when it is gone by now. */
const labelsOf = (key: string, moment: Moment): Labels | undefined => {
  const { resource, namespace, name } = splitSubject(key)
  const present = moment.state.get(resource, namespace, name)
  if (present !== undefined) return resource === 'nodes' ? nodeLabels(present) : present.metadata.labels
  const { timeline } = moment.world
  for (const entry of [...timeline.about(key)].reverse()) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object, before } = timeline.data(entry) as Revision
    return (object ?? before)?.metadata.labels
  }
  return undefined
}

/** Whether an emission's subject is one that the noun names. */
const regards = (fact: EventFact, moment: Moment): ((key: string) => boolean) => {
  const noun = fact.on
  if (noun.resource === '') {
    const keys = new Set(resolveNoun(noun, moment).map(subjectKey))
    return (key) => keys.has(key)
  }
  const namespace = nounNamespace(noun, moment)
  const name = noun.name === undefined ? undefined : nameMatcher(noun.name, moment)
  const selector = noun.selector === undefined ? undefined : parseLabelSelector(renderParts(noun.selector, moment))
  return (key) => {
    const subject = splitSubject(key)
    if (subject.resource !== noun.resource) return false
    if (namespace !== undefined && subject.namespace !== namespace) return false
    if (name !== undefined && !name.matches(subject.name)) return false
    return selector === undefined || ('matches' in selector && selector.matches(labelsOf(key, moment)))
  }
}

/** `event R on X saying T`: from the first matching emission to the end of the run. */
export const eventHolds = (fact: EventFact, moment: Moment): boolean => {
  const { timeline } = moment.world
  moment.reads.add('emission')
  const matches = regards(fact, moment)
  for (const entry of entriesOf(timeline, 'emission')) {
    if (entry > moment.state.entry) break
    if (entry < moment.since) continue
    const emission = timeline.data(entry) as Emission
    if (emission.reason !== fact.reason || !matches(timeline.subject(entry))) continue
    if (fact.saying === undefined || textMatches(fact.saying, '', emission.message, moment)) return true
  }
  return false
}
