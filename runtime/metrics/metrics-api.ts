import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import { timestamp } from '../client/timestamp.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { second } from '../kernel/micros.ts'
import type { State } from '../record/state.ts'
import type { CustomMetrics, Described } from './custom-metrics.ts'
import type { MetricsServer, Usage } from './metrics-server.ts'

export interface MetricsApiOptions {
  readonly kernel: Kernel
  readonly state: State
  /** undefined: no metrics-server runs. */
  readonly server: () => MetricsServer | undefined
  readonly custom: CustomMetrics
  readonly resources: () => readonly Resource[]
}

/** Answers for the groups that API servers of their own serve behind kube-aggregator; undefined: the group is not there. */
export type MetricsApi = (request: ApiRequest) => ApiResponse | undefined

const ok = (body: object): ApiResponse => ({ code: 200, body: Object.freeze(body) })
const refused = (code: number, reason: string, message: string): ApiResponse => ({
  code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
})
const list = (kind: string, apiVersion: string, items: readonly object[]): ApiResponse =>
  ok({ kind, apiVersion, metadata: {}, items })

/** `pods`, `deployments.apps`, as the state files objects. */
const described = (resource: string, namespace: string | undefined, name: string): Described => ({
  resource,
  namespace,
  name,
})

export const createMetricsApi = ({ kernel, state, server, custom, resources }: MetricsApiOptions): MetricsApi => {
  const wall = (at: number): string => timestamp(kernel.epoch + at)

  const selects = (request: ApiRequest): ((object: KubeObject) => boolean) => {
    const text = request.options?.labelSelector ?? ''
    const selector = text === '' ? undefined : parseLabelSelector(text)
    if (selector === undefined || 'error' in selector) return () => true
    return (object) => selector.matches(object.metadata.labels ?? {})
  }

  const head = (kind: string, { metadata }: KubeObject, { at, window }: Usage): object => ({
    kind,
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      creationTimestamp: wall(kernel.now),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    },
    timestamp: wall(at),
    window: `${window / second}s`,
  })

  const usageOf = (metrics: MetricsServer, object: KubeObject, nodes: boolean): object | undefined => {
    const { namespace = '', name } = object.metadata
    const usage = nodes ? metrics.node(name) : metrics.pod(namespace, name)
    if (usage === undefined) return undefined
    return nodes
      ? { ...head('NodeMetrics', object, usage), usage: usage.containers[0]!.usage }
      : { ...head('PodMetrics', object, usage), containers: usage.containers }
  }

  /** metrics.k8s.io: metrics-server. */
  const resource = (request: ApiRequest): ApiResponse | undefined => {
    const metrics = server()
    if (metrics === undefined) return undefined
    const { plural } = request.resource
    if (plural !== 'pods' && plural !== 'nodes') return undefined
    const nodes = plural === 'nodes'
    const kind = nodes ? 'NodeMetrics' : 'PodMetrics'
    if (request.verb === 'list') {
      const chosen = state.list(plural, nodes ? undefined : request.namespace).filter(selects(request))
      const items = chosen.flatMap((object) => usageOf(metrics, object, nodes) ?? [])
      return list(`${kind}List`, 'metrics.k8s.io/v1beta1', items)
    }
    if (request.verb !== 'get') return undefined
    const name = request.name ?? ''
    const object = state.get(plural, nodes ? undefined : request.namespace, name)
    const found = object === undefined ? undefined : usageOf(metrics, object, nodes)
    if (found !== undefined) return ok(found)
    const full = nodes ? name : `${request.namespace ?? ''}/${name}`
    return refused(404, 'NotFound', `${kind.toLowerCase()}.metrics.k8s.io "${full}" not found`)
  }

  /** custom.metrics.k8s.io: an adapter to a monitoring system. */
  const customValues = ({
    resource: asked,
    namespace,
    name = '',
    subresource = '',
    ...request
  }: ApiRequest): ApiResponse => {
    const { plural } = asked
    const full = resources().find(({ group, plural: own }) => (group === '' ? own : `${own}.${group}`) === plural)
    const place = full?.namespaced === false ? undefined : namespace
    const labels = request.options?.labelSelector ?? ''
    const selector = labels === '' ? undefined : parseLabelSelector(labels)
    const objects =
      name === '*'
        ? custom.objects(subresource, plural, place).filter((one) => {
            const object = state.get(plural, place, one.name)
            if (object === undefined) return false
            return selector === undefined || 'error' in selector || selector.matches(object.metadata.labels ?? {})
          })
        : [described(plural, place, name)]
    const items = objects.flatMap((object) => {
      const value = custom.of(subresource, object, kernel.now)
      if (value === undefined) return []
      return {
        describedObject: {
          kind: full?.kind ?? '',
          ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
          name: object.name,
          apiVersion: `/${full?.version ?? 'v1'}`,
        },
        metric: { name: subresource, selector: null },
        timestamp: wall(kernel.now),
        value,
      }
    })
    if (items.length > 0) return list('MetricValueList', 'custom.metrics.k8s.io/v1beta2', items)
    const message =
      name === '*'
        ? `the server could not find the metric ${subresource} for ${plural}`
        : `the server could not find the metric ${subresource} for ${plural} ${name}`
    return refused(404, 'NotFound', message)
  }

  /** external.metrics.k8s.io; what is not known has no values. */
  const external = ({ resource: { plural } }: ApiRequest): ApiResponse => {
    const value = custom.external(plural, kernel.now)
    const items =
      value === undefined ? [] : [{ metricName: plural, metricLabels: {}, timestamp: wall(kernel.now), value }]
    return list('ExternalMetricValueList', 'external.metrics.k8s.io/v1beta1', items)
  }

  return (request) => {
    switch (request.resource.group) {
      case 'metrics.k8s.io':
        return resource(request)
      case 'custom.metrics.k8s.io':
        return custom.any ? customValues(request) : undefined
      case 'external.metrics.k8s.io':
        return custom.any ? external(request) : undefined
      default:
        return undefined
    }
  }
}
