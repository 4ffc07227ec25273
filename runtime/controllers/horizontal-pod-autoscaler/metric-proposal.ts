import type { ApiRequest } from '../../../api/protocol/request.ts'
import { canonicalQuantity } from '../../../api/quantity/canonical-quantity.ts'
import { newQuantity } from '../../../api/quantity/quantity.ts'
import { milliValue } from '../../../api/quantity/quantity-values.ts'
import { formatLabelSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { MetricSpec, MetricStatus, MetricTarget } from '../../../api/types/autoscaling-v2.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import type { Io } from '../../reconcile/controller.ts'
import {
  replicasByAverage,
  replicasByUtilization,
  replicasByValue,
  replicasPerPod,
  type Proposal,
  type Sampled,
  type Timing,
  type Tolerances,
} from './decide-replicas.ts'
import { externalMetric, objectMetric, podsMetric, resourceMetric, type Metered } from './metrics-client.ts'

// pkg/controller/podautoscaler/horizontal.go computeReplicasForMetric

type Steps<R> = Generator<ApiRequest, R, unknown>

export interface Scaled {
  readonly namespace: string
  /** Text of the target's pod selector, and the pods it selects. */
  readonly selector: string
  readonly pods: readonly Pod[]
  readonly specReplicas: number
  readonly statusReplicas: number
  readonly tolerances: Tolerances
  readonly timing: Timing
}

export type MetricVerdict =
  | { readonly ok: true; readonly replicas: number; readonly name: string; readonly status: MetricStatus }
  /** `reason` and `cause` go into event and condition, `message` is what the sync says. */
  | { readonly ok: false; readonly reason: string; readonly cause: string; readonly message: string }

const milli = (value: number, resource = ''): string =>
  canonicalQuantity(newQuantity(value, resource === 'memory' ? 'BinarySI' : 'DecimalSI', -3))

/** A *metav1.LabelSelector as Go's %+v prints it. */
const goSelector = (selector: LabelSelector | undefined): string => {
  if (selector === undefined) return 'nil'
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`
}

const labelsOf = (selector: LabelSelector | undefined): string =>
  selector === undefined ? '' : formatLabelSelector(selector)

const sampledOf = (scaled: Scaled, resource: string): Omit<Sampled, 'metrics'> => ({
  pods: scaled.pods,
  resource,
  current: scaled.specReplicas,
  tolerances: scaled.tolerances,
  timing: scaled.timing,
})

/** computeStatusForResourceMetricGeneric */
function* byResource(
  io: Io,
  scaled: Scaled,
  what: { readonly resource: string; readonly container: string },
  target: MetricTarget,
): Steps<Metered<Proposal>> {
  const { resource, container } = what
  const average = target.averageValue
  const half = average === undefined ? 'utilization' : 'usage'
  if (average === undefined && target.averageUtilization === undefined) {
    const error =
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set'
    return { ok: false, error }
  }
  const metrics = yield* resourceMetric(io, scaled.namespace, { ...what, selector: scaled.selector })
  if (!metrics.ok)
    return {
      ok: false,
      error: `failed to get ${resource} ${half}: unable to get metrics for resource ${resource}: ${metrics.error}`,
    }
  const sampled = { ...sampledOf(scaled, resource), metrics: metrics.value }
  const proposal =
    average === undefined
      ? replicasByUtilization(sampled, target.averageUtilization!, container)
      : replicasByAverage(sampled, milliValue(average))
  return proposal.ok ? proposal : { ok: false, error: `failed to get ${resource} ${half}: ${proposal.error}` }
}

const resourceValues = (resource: string, { utilization, usage }: Proposal): MetricStatus['resource'] & object => ({
  name: resource,
  current: {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue: milli(usage, resource),
  },
})

const refuse = (reason: string, prefix: string, cause: string): MetricVerdict => ({
  ok: false,
  reason,
  cause,
  message: `${prefix}: ${cause}`,
})

function* forResource(io: Io, scaled: Scaled, spec: MetricSpec): Steps<MetricVerdict> {
  const own = spec.containerResource
  const { name, target } = own ?? spec.resource!
  const container = own?.container ?? ''
  const proposal = yield* byResource(io, scaled, { resource: name, container }, target)
  if (!proposal.ok) {
    return own === undefined
      ? refuse('FailedGetResourceMetric', `failed to get ${name} resource metric value`, proposal.error)
      : refuse('FailedGetContainerResourceMetric', `failed to get ${container} container metric value`, proposal.error)
  }
  const values = resourceValues(name, proposal.value)
  const kind = own === undefined ? 'resource' : 'container resource'
  const label =
    target.averageValue === undefined ? `${name} ${kind} utilization (percentage of request)` : `${name} resource`
  const status: MetricStatus =
    own === undefined
      ? { type: 'Resource', resource: values }
      : { type: 'ContainerResource', containerResource: { ...values, container } }
  return { ok: true, replicas: proposal.value.replicas, name: label, status }
}

function* forPods(io: Io, scaled: Scaled, spec: MetricSpec): Steps<MetricVerdict> {
  const { metric, target } = spec.pods!
  const refused = (cause: string): MetricVerdict =>
    refuse('FailedGetPodsMetric', 'failed to get pods metric value', cause)
  const metrics = yield* podsMetric(io, scaled.namespace, {
    name: metric.name,
    labels: labelsOf(metric.selector),
    selector: scaled.selector,
  })
  if (!metrics.ok) return refused(`unable to get metric ${metric.name}: ${metrics.error}`)
  const sampled = { ...sampledOf(scaled, ''), metrics: metrics.value }
  const proposal = replicasByAverage(sampled, milliValue(target.averageValue ?? '0'))
  if (!proposal.ok) return refused(proposal.error)
  const status: MetricStatus = {
    type: 'Pods',
    pods: { metric, current: { averageValue: milli(proposal.value.usage) } },
  }
  return { ok: true, replicas: proposal.value.replicas, name: `pods metric ${metric.name}`, status }
}

function* forObject(io: Io, scaled: Scaled, spec: MetricSpec): Steps<MetricVerdict> {
  const { metric, target, describedObject } = spec.object!
  const { kind, name } = describedObject
  const refused = (cause: string): MetricVerdict =>
    refuse('FailedGetObjectMetric', 'failed to get object metric value', cause)
  const perPod = target.type === 'AverageValue' && target.averageValue !== undefined
  if (!perPod && !(target.type === 'Value' && target.value !== undefined))
    return refused('invalid object metric source: neither a value target nor an average value target was set')
  const resource = io.served(`${describedObject.apiVersion ?? 'v1'}/${kind}`)
  const usage = yield* objectMetric(io, scaled.namespace, {
    name: metric.name,
    labels: labelsOf(metric.selector),
    plural: resource?.plural ?? `${kind.toLowerCase()}s`,
    group: resource?.group ?? '',
    object: name,
  })
  if (!usage.ok) {
    const cause = `unable to get metric ${metric.name}: ${kind} on ${scaled.namespace} ${name}/${usage.error}`
    return refused(perPod ? `failed to get ${metric.name} object metric: ${cause}` : cause)
  }
  const proposal: Metered<Proposal> = perPod
    ? {
        ok: true,
        value: replicasPerPod(usage.value, milliValue(target.averageValue), scaled.statusReplicas, scaled.tolerances),
      }
    : replicasByValue(usage.value, milliValue(target.value!), sampledOf(scaled, ''))
  if (!proposal.ok) return refused(proposal.error)
  const amount = milli(proposal.value.usage)
  const current = perPod ? { averageValue: amount } : { value: amount }
  const status: MetricStatus = { type: 'Object', object: { metric, current, describedObject } }
  const label = perPod
    ? `external metric ${metric.name}(${goSelector(metric.selector)})`
    : `${kind} metric ${metric.name}`
  return { ok: true, replicas: proposal.value.replicas, name: label, status }
}

function* forExternal(io: Io, scaled: Scaled, spec: MetricSpec): Steps<MetricVerdict> {
  const { metric, target } = spec.external!
  const prefix = `failed to get ${metric.name} external metric value`
  const refused = (cause: string): MetricVerdict => refuse('FailedGetExternalMetric', prefix, cause)
  const perPod = target.averageValue !== undefined
  if (!perPod && target.value === undefined)
    return refused('invalid external metric source: neither a value target nor an average value target was set')
  const half = perPod ? `failed to get ${metric.name} external metric` : `failed to get external metric ${metric.name}`
  const usage = yield* externalMetric(io, scaled.namespace, { name: metric.name, labels: labelsOf(metric.selector) })
  if (!usage.ok) {
    const which = `${scaled.namespace}/${metric.name}/${goSelector(metric.selector)}`
    return refused(`${half}: unable to get external metric ${which}: ${usage.error}`)
  }
  const proposal: Metered<Proposal> = perPod
    ? {
        ok: true,
        value: replicasPerPod(usage.value, milliValue(target.averageValue), scaled.statusReplicas, scaled.tolerances),
      }
    : replicasByValue(usage.value, milliValue(target.value!), sampledOf(scaled, ''))
  if (!proposal.ok) return refused(`${half}: ${proposal.error}`)
  const amount = milli(proposal.value.usage)
  const current = perPod ? { averageValue: amount } : { value: amount }
  const name = `external metric ${metric.name}(${goSelector(metric.selector)})`
  return {
    ok: true,
    replicas: proposal.value.replicas,
    name,
    status: { type: 'External', external: { metric, current } },
  }
}

/** What one metric asks for. */
export function* proposeReplicas(io: Io, scaled: Scaled, spec: MetricSpec): Steps<MetricVerdict> {
  switch (spec.type) {
    case 'Resource':
    case 'ContainerResource':
      return yield* forResource(io, scaled, spec)
    case 'Pods':
      return yield* forPods(io, scaled, spec)
    case 'Object':
      return yield* forObject(io, scaled, spec)
    case 'External':
      return yield* forExternal(io, scaled, spec)
    default: {
      const cause = `unknown metric source type "${spec.type}"`
      return { ok: false, reason: 'InvalidMetricSourceType', cause, message: cause }
    }
  }
}
