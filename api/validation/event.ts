import { structuralEqual } from '../json/structural-equal.ts'
import { asPrefix, isDns1123Subdomain } from '../names/dns-names.ts'
import { invalid, required, type Cause } from './cause.ts'
import { immutable, objectMetaCauses, objectMetaUpdateCauses } from './object-meta.ts'
import { labelNameCauses } from './label-selector.ts'
import type { Strategy } from './strategy.ts'
import { child, number, struct, text, type View } from './view.ts'

const hasTime = (event: View): boolean => event['eventTime'] !== undefined && event['eventTime'] !== null

/** An event lies with its subject; that of a cluster-wide one in the default namespace. */
const namespaceCauses = (event: View, subjectKey: string): Cause[] => {
  const subject = text(struct(event, subjectKey), 'namespace')
  const namespace = text(struct(event, 'metadata'), 'namespace')
  const timed = hasTime(event)
  const fits =
    subject === '' ? namespace === 'default' || (timed && namespace === 'kube-system') : timed || subject === namespace
  return fits ? [] : [invalid('involvedObject.namespace', subject, 'does not match event.namespace')]
}

/** Of an event with an eventTime; `key` is what the version asked for calls its controller. */
const controllerCauses = (event: View, key: string): Cause[] => {
  const causes: Cause[] = []
  const controller = text(event, 'reportingComponent')
  if (controller === '') causes.push(required(key))
  causes.push(...labelNameCauses(controller, key))
  const instance = text(event, 'reportingInstance')
  if (instance === '') causes.push(required('reportingInstance'))
  if (instance.length > 128) causes.push(invalid('reportingInstance', '', 'can have at most 128 characters'))
  if (text(event, 'action') === '') causes.push(required('action'))
  if (text(event, 'action').length > 128) causes.push(invalid('action', '', 'can have at most 128 characters'))
  if (text(event, 'reason') === '') causes.push(required('reason'))
  if (text(event, 'reason').length > 128) causes.push(invalid('reason', '', 'can have at most 128 characters'))
  if (text(event, 'message').length > 1024) causes.push(invalid('message', '', 'can have at most 1024 characters'))
  return causes
}

/** legacyValidateEvent: events without eventTime are only asked for their namespace. */
const legacyCauses =
  (controller: string) =>
  (event: View): Cause[] => [
    ...namespaceCauses(event, 'involvedObject'),
    ...(hasTime(event) ? controllerCauses(event, controller) : []),
  ]

const coreCauses = legacyCauses('reportingComponent')

/** pkg/apis/core/validation/events.go for v1. */
export const coreEventStrategy: Strategy = {
  validatesMetadata: false,
  updatesMetadata: false,
  validate: coreCauses,
  validateUpdate: coreCauses,
}

const newerCauses = legacyCauses('reportingController')

const seriesCauses = (event: View): Cause[] => {
  const series = child(event, 'series')
  if (series === undefined) return []
  return [
    ...(number(series, 'count') < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...((series['lastObservedTime'] ?? null) === null ? [required('series.lastObservedTime')] : []),
  ]
}

/** What only the older API writes. */
const unsetCauses = (event: View): Cause[] => {
  const given = (key: string): boolean => (event[key] ?? null) !== null && event[key] !== 0
  const source = struct(event, 'source')
  const causes = ['firstTimestamp', 'lastTimestamp', 'count']
    .filter(given)
    .map((key) => invalid(key, '', 'needs to be unset'))
  if (text(source, 'component') !== '' || text(source, 'host') !== '')
    causes.push(invalid('source', '', 'needs to be unset'))
  return causes
}

/** ValidateEventCreate for events.k8s.io/v1. The event has its core form. */
const newerCreateCauses = (event: View): Cause[] => {
  const type = text(event, 'type')
  return [
    ...newerCauses(event),
    ...objectMetaCauses(struct(event, 'metadata'), true, (name, prefix) =>
      prefix ? asPrefix(isDns1123Subdomain)(name) : isDns1123Subdomain(name),
    ),
    ...seriesCauses(event),
    ...(hasTime(event) ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unsetCauses(event),
  ]
}

/** In the order in which ValidateEventUpdate looks at them; core name → the name that it tells. */
const fixed: readonly (readonly [key: string, told: string])[] = [
  ['involvedObject', 'involvedObject'],
  ['reason', 'reason'],
  ['message', 'message'],
  ['source', 'source'],
  ['firstTimestamp', 'firstTimestamp'],
  ['lastTimestamp', 'lastTimestamp'],
  ['count', 'count'],
  ['reason', 'reason'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
]

/** ValidateEventUpdate for events.k8s.io/v1. */
const newerUpdateCauses = (event: View, old: View): Cause[] => [
  ...newerCauses(event),
  ...objectMetaUpdateCauses(struct(event, 'metadata'), struct(old, 'metadata')),
  ...(structuralEqual(event['series'], old['series']) ? [] : seriesCauses(event)),
  ...fixed.flatMap(([key, told]) => immutable(told, event[key], old[key])),
]

/** pkg/apis/core/validation/events.go for events.k8s.io/v1: of an event in its core form, as the registry holds it. */
export const typedEventStrategy: Strategy = {
  validatesMetadata: false,
  updatesMetadata: false,
  validate: newerCreateCauses,
  validateUpdate: newerUpdateCauses,
}
