import { invalid, required, type Cause } from './cause.ts'
import { immutable } from './object-meta.ts'
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

const controllerCauses = (event: View, key: string): Cause[] => {
  const causes: Cause[] = []
  const controller = text(event, key)
  if (controller === '') causes.push(required(key))
  causes.push(...labelNameCauses(controller, key))
  const instance = text(event, 'reportingInstance')
  if (instance === '') causes.push(required('reportingInstance'))
  if (instance.length > 128) causes.push(invalid('reportingInstance', '', 'can have at most 128 characters'))
  if (text(event, 'action') === '') causes.push(required('action'))
  if (text(event, 'action').length > 128) causes.push(invalid('action', '', 'can have at most 128 characters'))
  if (text(event, 'reason') === '') causes.push(required('reason'))
  if (text(event, 'reason').length > 128) causes.push(invalid('reason', '', 'can have at most 128 characters'))
  return causes
}

/** legacyValidateEvent: events without eventTime are only asked for their namespace. */
const coreCauses = (event: View): Cause[] => [
  ...namespaceCauses(event, 'involvedObject'),
  ...(hasTime(event) ? controllerCauses(event, 'reportingComponent') : []),
]

const fixed = [
  'reason',
  'action',
  'related',
  'reportingInstance',
  'type',
  'regarding',
  'reportingController',
  'note',
  'eventTime',
]

/** pkg/apis/core/validation/events.go for v1. */
export const coreEventStrategy: Strategy = {
  validatesMetadata: false,
  updatesMetadata: false,
  validate: coreCauses,
  validateUpdate: coreCauses,
}

const typedCauses = (event: View): Cause[] => {
  const causes = namespaceCauses(event, 'regarding')
  if (hasTime(event)) causes.push(...controllerCauses(event, 'reportingController'))
  const series = child(event, 'series')
  if (series !== undefined && number(series, 'count') < 2)
    causes.push(invalid('series.count', '', 'should be at least 2'))
  if (!hasTime(event)) causes.push(required('eventTime'))
  const type = text(event, 'type')
  if (type !== 'Normal' && type !== 'Warning') causes.push(invalid('type', '', `has invalid value: ${type}`))
  if (text(event, 'note').length > 1024) causes.push(invalid('message', '', 'can have at most 1024 characters'))
  for (const [key, told] of [
    ['deprecatedFirstTimestamp', 'firstTimestamp'],
    ['deprecatedLastTimestamp', 'lastTimestamp'],
    ['deprecatedCount', 'count'],
  ] as const) {
    if (event[key] !== undefined && event[key] !== null && event[key] !== 0)
      causes.push(invalid(told, '', 'needs to be unset'))
  }
  return causes
}

const changedCauses = (event: View, old: View): Cause[] => fixed.flatMap((key) => immutable(key, event[key], old[key]))

/** pkg/apis/core/validation/events.go for events.k8s.io/v1. */
export const typedEventStrategy: Strategy = {
  validate: typedCauses,
  revalidates: 'between',
  validateUpdate: changedCauses,
}
