import type { Served, TrafficTruth } from '../record/traffic-truth.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Moment } from './moment.ts'
import { subjectKey, type ObjectSubject } from './subject.ts'
import { listValue, numberValue, type Value } from './value.ts'

type Fn = (args: readonly Value[], moment: Moment) => Value

const objectOf = (value: Value | undefined): ObjectSubject => {
  const only = value?.kind === 'list' && value.items.length === 1 ? value.items[0] : value
  if (only?.kind === 'subject' && only.subject.kind === 'object') return only.subject
  throw new EvaluationError(`an object is needed here, not a ${only?.kind ?? 'missing argument'}`)
}

const trafficSubject = (what: string, value: Value | undefined): string => {
  const { resource, namespace, name } = objectOf(value)
  if (resource !== 'services')
    throw new EvaluationError(`${what}(…) is about requests to a service, not to ${resource}`)
  return `traffic/${namespace ?? ''}/${name}`
}

/** Requests to a Service, all or those that failed, since the run or the mark began; of one client, where it is named. */
export const requestCount =
  (what: 'requests' | 'errors'): Fn =>
  ([service, client], moment) => {
    const subject = trafficSubject(what, service)
    const key = client === undefined ? undefined : subjectKey(objectOf(client))
    moment.reads.add('traffic/')
    const of = (truth: TrafficTruth | undefined): number =>
      (key === undefined ? truth : truth?.clients?.[key])?.[what] ?? 0
    const now = moment.state.truth(subject) as TrafficTruth | undefined
    if (now === undefined) return numberValue(0)
    const { timeline } = moment.world
    const earlier = moment.since === 0 ? undefined : timeline.about(subject).findLast((entry) => entry < moment.since)
    return numberValue(of(now) - (earlier === undefined ? 0 : of(timeline.data(earlier) as TrafficTruth)))
  }

/** The pods that requests to a Service have reached, or the addresses that these saw as their clients, in order of their text. */
export const requestEnds =
  (what: keyof Pick<Served, 'pod' | 'source'>): Fn =>
  ([service], moment) => {
    const subject = trafficSubject(what === 'pod' ? 'backends' : 'sources', service)
    moment.reads.add('traffic/')
    const { timeline } = moment.world
    const found = new Set<string>()
    for (const entry of timeline.about(subject)) {
      if (entry < moment.since || entry > moment.state.entry) continue
      for (const one of (timeline.data(entry) as TrafficTruth).served ?? []) found.add(one[what])
    }
    return listValue([...found].sort().map((value): Value => ({ kind: 'string', value })))
  }
