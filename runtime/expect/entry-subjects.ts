import type { Noun } from '../../dsl/plan/expression.ts'
import type { Emission } from '../record/emission.ts'
import type { RequestNote } from '../record/request-note.ts'
import type { Timeline } from '../record/timeline.ts'
import { entriesOf } from './entries-of.ts'
import { fieldFilter, type FilterFields } from './field-filter.ts'
import type { Moment } from './moment.ts'
import { renderParts } from './render.ts'
import type { Subject } from './subject.ts'

/** `pods/default/web-0` in parts; a cluster-wide object has no namespace. */
export const splitSubject = (
  subject: string,
): { readonly resource: string; readonly namespace: string | undefined; readonly name: string } => {
  const parts = subject.split('/')
  return parts.length > 2
    ? { resource: parts[0]!, namespace: parts[1], name: parts.slice(2).join('/') }
    : { resource: parts[0]!, namespace: undefined, name: parts[1] ?? '' }
}

const emissionFields = (timeline: Timeline, entry: number): FilterFields => {
  const emission = timeline.data(entry) as Emission
  const { resource, namespace, name } = splitSubject(timeline.subject(entry))
  return {
    reason: emission.reason,
    type: emission.type,
    source: emission.source,
    message: emission.message,
    kind: resource.split('.')[0],
    namespace,
    name,
  }
}

const requestFields = (timeline: Timeline, entry: number): FilterFields => {
  const note = timeline.data(entry) as RequestNote
  const { namespace, name } = splitSubject(timeline.subject(entry))
  return {
    verb: note.verb,
    resource: note.resource,
    subresource: note.subresource,
    user: note.user,
    agent: note.agent,
    code: String(note.code),
    reason: note.reason,
    namespace,
    name: name === '' ? undefined : name,
  }
}

/** Emissions (`events[…]`) or requests (`audit[…]`) since t=0, or since the moment's `since`, in order of time. */
export const entrySubjects = (noun: Noun, moment: Moment): readonly Subject[] => {
  const resource = noun.resource as 'events' | 'audit'
  const { timeline } = moment.world
  moment.reads.add(resource === 'events' ? 'emission' : 'request')
  const filter = noun.selector === undefined ? undefined : fieldFilter(renderParts(noun.selector, moment))
  const fieldsOf = resource === 'events' ? emissionFields : requestFields
  const namespace = noun.namespace === '*' ? undefined : noun.namespace
  const found: Subject[] = []
  for (const entry of entriesOf(timeline, resource === 'events' ? 'emission' : 'request')) {
    if (entry < moment.since || entry > moment.state.entry) continue
    const fields = fieldsOf(timeline, entry)
    if (namespace !== undefined && fields.namespace !== namespace) continue
    if (filter === undefined || filter(fields)) found.push({ kind: 'entry', resource, entry })
  }
  return found
}
