import { forbidden, invalid, required, type Cause } from './cause.ts'
import { immutable } from './object-meta.ts'
import { labelNameCauses } from './label-selector.ts'
import type { Strategy } from './strategy.ts'
import { struct, text, type View } from './view.ts'

/** Kinds whose events of the old sort live in the default namespace or their own. */
const namespaceCauses = (event: View): Cause[] => {
  const subject = text(struct(event, 'involvedObject'), 'namespace')
  const namespace = text(struct(event, 'metadata'), 'namespace')
  if (subject === '') {
    return namespace === 'default' || namespace === 'kube-system'
      ? []
      : [invalid('involvedObject.namespace', subject, 'does not match event.namespace')]
  }
  return subject === namespace ? [] : [invalid('involvedObject.namespace', subject, 'does not match event.namespace')]
}

const controllerCauses = (event: View): Cause[] => {
  const causes: Cause[] = []
  const key = event['reportingComponent'] === undefined ? 'reportingController' : 'reportingComponent'
  const controller = text(event, key)
  if (controller === '') causes.push(required('reportingController'))
  causes.push(...labelNameCauses(controller, 'reportingController'))
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
const coreCauses = (event: View): Cause[] => {
  const timed = event['eventTime'] !== undefined && event['eventTime'] !== null
  return timed ? [...namespaceCauses(event), ...controllerCauses(event)] : namespaceCauses(event)
}

const fixed = ['involvedObject', 'reason', 'action', 'related', 'reportingComponent', 'reportingInstance', 'type']

/** pkg/apis/core/validation/events.go for v1. */
export const coreEventStrategy: Strategy = { validatesMetadata: false, updatesMetadata: false, validate: coreCauses, validateUpdate: coreCauses }

const typedCauses = (event: View): Cause[] => {
  const causes: Cause[] = []
  const regarding = text(struct(event, 'regarding'), 'namespace')
  const namespace = text(struct(event, 'metadata'), 'namespace')
  const wrong = regarding === '' ? namespace !== 'default' && namespace !== 'kube-system' : regarding !== namespace
  if (wrong) causes.push(invalid('involvedObject.namespace', regarding, 'does not match event.namespace'))
  if (event['eventTime'] === undefined || event['eventTime'] === null) return [...causes, required('eventTime')]
  causes.push(...controllerCauses(event))
  const type = text(event, 'type')
  if (type !== 'Normal' && type !== 'Warning') causes.push(invalid('type', '', `has invalid value: ${type}`))
  if (text(event, 'note').length > 1024) causes.push(invalid('message', '', 'can have at most 1024 characters'))
  for (const [key, told] of [
    ['deprecatedFirstTimestamp', 'firstTimestamp'],
    ['deprecatedLastTimestamp', 'lastTimestamp'],
    ['deprecatedCount', 'count'],
  ] as const) {
    if (event[key] !== undefined && event[key] !== null && event[key] !== 0) causes.push(forbidden(told, 'needs to be unset'))
  }
  return causes
}

const changedCauses = (event: View, old: View): Cause[] =>
  fixed.concat(['regarding', 'reportingController', 'note', 'eventTime']).flatMap((key) => immutable(key, event[key], old[key]))

/** pkg/apis/core/validation/events.go for events.k8s.io/v1. */
export const typedEventStrategy: Strategy = {
  validate: typedCauses,
  revalidates: 'between',
  validateUpdate: changedCauses,
}
