import { quantityOf } from '../quantity/parse-quantity.ts'
import { dnsLabelCauses, nonNegative } from './field-causes.ts'
import { forbidden, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { pathSegmentName } from './object-meta.ts'
import { containerResourceNameCauses } from './resources.ts'
import type { Strategy } from './strategy.ts'
import { child, list, number, optionalNumber, optionalText, struct, text, type View } from './view.ts'

const maxStabilizationSeconds = 3600
const maxPeriodSeconds = 1800
const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

const segment = (value: string): readonly string[] => pathSegmentName(value, false)

const referenceCauses = (ref: View, path: string, needsGroup: boolean): Cause[] => {
  const causes: Cause[] = []
  for (const key of ['kind', 'name']) {
    const value = text(ref, key)
    if (value === '') causes.push(required(`${path}.${key}`))
    else causes.push(...invalids(`${path}.${key}`, value, segment(value)))
  }
  const apiVersion = text(ref, 'apiVersion')
  const parts = apiVersion.split('/')
  if (parts.length > 2)
    causes.push(invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  else if (needsGroup && (parts.length < 2 || parts[0] === '')) {
    causes.push(invalid(`${path}.apiVersion`, apiVersion, 'apiVersion must specify API group'))
  }
  return causes
}

const targetCauses = (target: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const type = text(target, 'type')
  if (type === '') causes.push(required(`${path}.type`, 'must specify a metric target type'))
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue') {
    causes.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  }
  for (const key of ['value', 'averageValue']) {
    const amount = optionalText(target, key)
    if (amount !== undefined && quantityOf(amount).unscaled <= 0n)
      causes.push(invalid(`${path}.${key}`, amount, 'must be positive'))
  }
  const utilization = optionalNumber(target, 'averageUtilization')
  if (utilization !== undefined && utilization < 1) {
    causes.push(invalid(`${path}.averageUtilization`, utilization, 'must be greater than 0'))
  }
  return causes
}

const identifierCauses = (metric: View, path: string): Cause[] => {
  const name = text(metric, 'name')
  return name === ''
    ? [required(`${path}.name`, 'must specify a metric name')]
    : invalids(`${path}.name`, name, segment(name))
}

type SourceCheck = (source: View, path: string) => Cause[]

const utilizationCauses: SourceCheck = (source, path) => {
  const target = struct(source, 'target')
  const causes = targetCauses(target, `${path}.target`)
  const utilization = target['averageUtilization'] !== undefined
  const value = target['averageValue'] !== undefined
  if (!utilization && !value) {
    causes.push(
      required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization'),
    )
  }
  if (utilization && value) {
    causes.push(
      forbidden(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization'),
    )
  }
  return causes
}

const objectCauses: SourceCheck = (source, path) => {
  const target = struct(source, 'target')
  const causes = [
    ...referenceCauses(struct(source, 'describedObject'), `${path}.describedObject`, false),
    ...identifierCauses(struct(source, 'metric'), `${path}.metric`),
    ...targetCauses(target, `${path}.target`),
  ]
  if (target['value'] === undefined && target['averageValue'] === undefined) {
    causes.push(required(`${path}.target.averageValue`, 'must set either a target value or averageValue'))
  }
  return causes
}

const externalCauses: SourceCheck = (source, path) => {
  const target = struct(source, 'target')
  const causes = [
    ...identifierCauses(struct(source, 'metric'), `${path}.metric`),
    ...targetCauses(target, `${path}.target`),
  ]
  const value = target['value'] !== undefined
  const average = target['averageValue'] !== undefined
  if (!value && !average) {
    causes.push(
      required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target'),
    )
  }
  if (value && average) {
    causes.push(forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'))
  }
  return causes
}

const podsCauses: SourceCheck = (source, path) => {
  const target = struct(source, 'target')
  return [
    ...identifierCauses(struct(source, 'metric'), `${path}.metric`),
    ...targetCauses(target, `${path}.target`),
    ...(target['averageValue'] === undefined
      ? [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')]
      : []),
  ]
}

const resourceCauses: SourceCheck = (source, path) => [
  ...(text(source, 'name') === '' ? [required(`${path}.name`, 'must specify a resource name')] : []),
  ...utilizationCauses(source, path),
]

const containerCauses: SourceCheck = (source, path) => {
  const name = text(source, 'name')
  const container = text(source, 'container')
  return [
    ...(name === ''
      ? [required(`${path}.name`, 'must specify a resource name')]
      : containerResourceNameCauses(name, `${path}.name`)),
    ...(container === ''
      ? [required(`${path}.container`, 'must specify a container')]
      : dnsLabelCauses(container, `${path}.container`)),
    ...utilizationCauses(source, path),
  ]
}

const sources: readonly (readonly [key: string, check: SourceCheck])[] = [
  ['object', objectCauses],
  ['external', externalCauses],
  ['pods', podsCauses],
  ['resource', resourceCauses],
  ['containerResource', containerCauses],
]

const metricCauses = (metric: View, path: string): Cause[] => {
  const causes: Cause[] = []
  const type = text(metric, 'type')
  if (type === '') causes.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!metricTypes.includes(type)) causes.push(notSupported(`${path}.type`, type, metricTypes))
  const present: string[] = []
  for (const [key, check] of sources) {
    const source = child(metric, key)
    if (source === undefined) continue
    present.push(key)
    if (present.length === 1) causes.push(...check(source, `${path}.${key}`))
  }
  const expected = metricTypes.includes(type) ? `${type.slice(0, 1).toLowerCase()}${type.slice(1)}` : ''
  if (expected === '') causes.push(notSupported(`${path}.type`, type, metricTypes))
  else if (!present.includes(expected)) {
    causes.push(required(`${path}.${expected}`, 'must populate information for the given metric source'))
  }
  if (present.length !== 1) {
    for (const key of present.filter((one) => one !== expected)) {
      causes.push(forbidden(`${path}.${key}`, 'must populate the given metric source only'))
    }
  }
  return causes
}

const rulesCauses = (rules: View | undefined, path: string): Cause[] => {
  if (rules === undefined) return []
  const causes: Cause[] = []
  const window = optionalNumber(rules, 'stabilizationWindowSeconds')
  const at = `${path}.stabilizationWindowSeconds`
  if (window !== undefined && window < 0) causes.push(invalid(at, window, 'must be greater than or equal to zero'))
  if (window !== undefined && window > maxStabilizationSeconds) {
    causes.push(invalid(at, window, `must be less than or equal to ${maxStabilizationSeconds}`))
  }
  const select = optionalText(rules, 'selectPolicy')
  if (select !== undefined && !['Disabled', 'Max', 'Min'].includes(select)) {
    causes.push(notSupported(`${path}.selectPolicy`, select, ['Disabled', 'Max', 'Min']))
  }
  const policies = list(rules, 'policies')
  if (policies.length === 0) causes.push(required(`${path}.policies`, 'must specify at least one Policy'))
  policies.forEach((policy, i) => {
    const type = text(policy, 'type')
    const one = `${path}.policies[${i}]`
    if (type !== 'Pods' && type !== 'Percent') causes.push(notSupported(`${one}.type`, type, ['Percent', 'Pods']))
    if (number(policy, 'value') <= 0)
      causes.push(invalid(`${one}.value`, number(policy, 'value'), 'must be greater than zero'))
    const period = number(policy, 'periodSeconds')
    if (period <= 0) causes.push(invalid(`${one}.periodSeconds`, period, 'must be greater than zero'))
    if (period > maxPeriodSeconds) {
      causes.push(invalid(`${one}.periodSeconds`, period, `must be less than or equal to ${maxPeriodSeconds}`))
    }
  })
  const tolerance = optionalText(rules, 'tolerance')
  if (tolerance !== undefined && quantityOf(tolerance).unscaled < 0n) {
    causes.push(invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'))
  }
  return causes
}

/** A target that was stored before is not judged again; a ReplicationController has no group. */
const needsGroup = (spec: View, old: View | undefined): boolean => {
  const ref = struct(spec, 'scaleTargetRef')
  if (text(ref, 'kind') === 'ReplicationController') return false
  if (old === undefined) return true
  const before = struct(struct(old, 'spec'), 'scaleTargetRef')
  return text(ref, 'kind') !== text(before, 'kind') || text(ref, 'apiVersion') !== text(before, 'apiVersion')
}

/** validateHorizontalPodAutoscalerSpec; HPAScaleToZero is off, so that at least one replica is wanted. */
const specCauses = (object: View, old?: View): Cause[] => {
  const spec = struct(object, 'spec')
  const causes: Cause[] = []
  const min = optionalNumber(spec, 'minReplicas')
  const max = number(spec, 'maxReplicas')
  if (min !== undefined && min < 1) causes.push(invalid('spec.minReplicas', min, 'must be greater than or equal to 1'))
  if (max === 0) causes.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  else if (max < 0) causes.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to 1'))
  if (min !== undefined && max < min) {
    causes.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'))
  }
  causes.push(...referenceCauses(struct(spec, 'scaleTargetRef'), 'spec.scaleTargetRef', needsGroup(spec, old)))
  const metrics = list(spec, 'metrics')
  metrics.forEach((metric, i) => causes.push(...metricCauses(metric, `spec.metrics[${i}]`)))
  if (min === 0 && !metrics.some((one) => text(one, 'type') === 'Object' || text(one, 'type') === 'External')) {
    causes.push(
      forbidden(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    )
  }
  const behavior = child(spec, 'behavior')
  causes.push(
    ...rulesCauses(child(behavior, 'scaleUp'), 'spec.behavior.scaleUp'),
    ...rulesCauses(child(behavior, 'scaleDown'), 'spec.behavior.scaleDown'),
  )
  return causes
}

/** pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, pkg/apis/autoscaling/validation */
export const horizontalPodAutoscalerStrategy: Strategy = {
  validate: (object) => specCauses(object),
  validateUpdate: specCauses,
  validateStatus: (object) =>
    ['currentReplicas', 'desiredReplicas'].flatMap((key) =>
      nonNegative(number(struct(object, 'status'), key), `status.${key}`),
    ),
}
