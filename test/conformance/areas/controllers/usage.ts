import { parseLabelSelector } from '../../../../api/selectors/parse-label-selector.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { Scheme } from '../../../../api/scheme/scheme.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import type { Etcd } from '../../../../runtime/etcd/etcd.ts'

/** The scripted metrics.k8s.io: from a `setMetrics` on, running pods of a prefix use so much. */
export interface Usage {
  set(prefix: string, usage: unknown): void
  /** Answers a request about pod metrics; undefined for any other. */
  answer(request: ApiRequest, now: string): ApiResponse | undefined
}

export const createUsage = (etcd: Etcd, scheme: Scheme): Usage => {
  const usage = new Map<string, unknown>()
  const pods = scheme.byKind('v1/Pod')!
  const used = (name: string): unknown => [...usage].find(([prefix]) => name.startsWith(`${prefix}-`))?.[1]
  const metricsOf = (pod: Pod, now: string): object[] => {
    const { name, namespace, labels } = pod.metadata
    const each = used(name ?? '')
    if (pod.status?.phase !== 'Running' || each === undefined) return []
    const containers = (pod.spec?.containers ?? []).map((container) => ({ name: container.name, usage: each }))
    return [{ metadata: { name, namespace, labels }, timestamp: now, window: '1s', containers }]
  }
  return {
    set: (prefix, value) => usage.set(prefix, value),
    answer(request, now) {
      if (request.resource.group !== 'metrics.k8s.io') return undefined
      const selector = parseLabelSelector(request.options?.labelSelector ?? '')
      if ('error' in selector) throw new Error(selector.error)
      const items: object[] = []
      etcd.table(pods).scan(`${request.namespace ?? ''}/`, '', (row) => {
        if (selector.matches(row.value.metadata.labels ?? {})) items.push(...metricsOf(row.value as Pod, now))
      })
      const metadata = { resourceVersion: '' }
      return {
        code: 200,
        body: { kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata, items } as never,
      }
    },
  }
}
