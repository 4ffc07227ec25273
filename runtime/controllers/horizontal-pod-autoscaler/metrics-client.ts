import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import { milliValue } from '../../../api/quantity/quantity-values.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { minute, second, type Micros } from '../../kernel/micros.ts'
import type { Answer, Io } from '../../reconcile/controller.ts'

// pkg/controller/podautoscaler/metrics/client.go

type Steps<R> = Generator<ApiRequest, R, unknown>

/** One pod's sample, in thousandths. */
export interface PodMetric {
  readonly at: Micros
  readonly window: Micros
  readonly value: number
}

export type PodMetrics = Map<string, PodMetric>

/** What an API gave, or why not. */
export type Metered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

const metricsResource = (group: string, version: string, plural: string): Resource => ({
  group,
  version,
  kind: '',
  plural,
  singular: '',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list'],
  type: undefined,
  etcdPrefix: '',
  generation: false,
  unconditionalUpdate: false,
  createOnUpdate: false,
  fieldSelectors: [],
  subresources: [],
  id: `${group}/${version}/${plural}`,
  apiVersion: `${group}/${version}`,
})

const podMetrics = metricsResource('metrics.k8s.io', 'v1beta1', 'pods')

interface Sample {
  readonly metadata?: { readonly name: string }
  readonly timestamp?: string
  readonly window?: string
  readonly containers?: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[]
  readonly describedObject?: { readonly name: string }
  readonly windowSeconds?: number
  readonly value?: string
}

const failure = (which: string, message: string): { readonly ok: false; readonly error: string } => ({
  ok: false,
  error: `unable to fetch metrics from ${which} metrics API: ${message}`,
})

function* items(
  io: Io,
  which: string,
  request: Omit<ApiRequest, 'credentials' | 'userAgent'>,
): Steps<Metered<readonly Sample[]>> {
  const answer = (yield* io.write.send(request)) as unknown as Answer<{ readonly items?: readonly Sample[] }>
  if (!answer.ok) return failure(which, answer.message)
  const found = answer.object.items ?? []
  if (found.length === 0) return { ok: false, error: `no metrics returned from ${which} metrics API` }
  return { ok: true, value: found }
}

/** Seconds of a Go duration such as `30s`; samples have no others. */
const windowOf = (text: string | undefined): Micros => Math.round(Number.parseFloat(text ?? '0') * second)

const usageOf = (sample: Sample, resource: string, container: string): number | undefined => {
  const containers = sample.containers ?? []
  if (container !== '') {
    const usage = containers.find((one) => one.name === container)?.usage[resource]
    return usage === undefined ? undefined : milliValue(usage)
  }
  if (containers.length === 0) return undefined
  let sum = 0
  for (const { usage } of containers) {
    const amount = usage[resource]
    if (amount === undefined) return undefined
    sum += milliValue(amount)
  }
  return sum
}

/** GetResourceMetric: usage of a resource by the pods of a selector, or by one container of each. */
export function* resourceMetric(
  io: Io,
  namespace: string,
  what: { readonly resource: string; readonly container: string; readonly selector: string },
): Steps<Metered<PodMetrics>> {
  const options = { labelSelector: what.selector }
  const answer = yield* items(io, 'resource', { verb: 'list', resource: podMetrics, namespace, options })
  if (!answer.ok) return answer
  const metrics: PodMetrics = new Map()
  for (const sample of answer.value) {
    const value = usageOf(sample, what.resource, what.container)
    if (value === undefined) continue
    const at = parseTimestamp(sample.timestamp) ?? 0
    metrics.set(sample.metadata?.name ?? '', { at, window: windowOf(sample.window), value })
  }
  return { ok: true, value: metrics }
}

export interface MetricName {
  readonly name: string
  /** Selector over the metric's own labels. */
  readonly labels: string
}

const ofMetric = (labels: string): { readonly metricLabelSelector?: string } =>
  labels === '' ? {} : { metricLabelSelector: labels }

/** GetRawMetric: a custom metric of each pod of a selector. */
export function* podsMetric(
  io: Io,
  namespace: string,
  metric: MetricName & { readonly selector: string },
): Steps<Metered<PodMetrics>> {
  const answer = yield* items(io, 'custom', {
    verb: 'get',
    resource: metricsResource('custom.metrics.k8s.io', 'v1beta2', 'pods'),
    namespace,
    name: '*',
    subresource: metric.name,
    options: { labelSelector: metric.selector, ...ofMetric(metric.labels) },
  })
  if (!answer.ok) return answer
  const metrics: PodMetrics = new Map()
  for (const sample of answer.value) {
    const window = sample.windowSeconds === undefined ? minute : sample.windowSeconds * second
    const at = parseTimestamp(sample.timestamp) ?? 0
    metrics.set(sample.describedObject?.name ?? '', { at, window, value: milliValue(sample.value ?? '0') })
  }
  return { ok: true, value: metrics }
}

/** GetObjectMetric: a custom metric of one object. */
export function* objectMetric(
  io: Io,
  namespace: string,
  metric: MetricName & { readonly plural: string; readonly group: string; readonly object: string },
): Steps<Metered<number>> {
  const { plural, group, object } = metric
  const root = plural === 'namespaces' && group === ''
  const answer = yield* items(io, 'custom', {
    verb: 'get',
    resource: metricsResource('custom.metrics.k8s.io', 'v1beta2', group === '' ? plural : `${plural}.${group}`),
    ...(root ? {} : { namespace }),
    name: root ? namespace : object,
    subresource: metric.name,
    options: ofMetric(metric.labels),
  })
  return answer.ok ? { ok: true, value: milliValue(answer.value[0]!.value ?? '0') } : answer
}

/** GetExternalMetric: all values of an external metric, added up. */
export function* externalMetric(io: Io, namespace: string, metric: MetricName): Steps<Metered<number>> {
  const resource = metricsResource('external.metrics.k8s.io', 'v1beta1', metric.name)
  const options = metric.labels === '' ? {} : { labelSelector: metric.labels }
  const answer = yield* items(io, 'external', { verb: 'list', resource, namespace, options })
  if (!answer.ok) return answer
  return { ok: true, value: answer.value.reduce((sum, sample) => sum + milliValue(sample.value ?? '0'), 0) }
}
