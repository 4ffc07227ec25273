import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createCustomMetrics, type CustomMetrics } from '../../../../runtime/metrics/custom-metrics.ts'
import { createMetricsApi, type MetricsApi } from '../../../../runtime/metrics/metrics-api.ts'
import type { MetricsServer } from '../../../../runtime/metrics/metrics-server.ts'
import type { State } from '../../../../runtime/record/state.ts'

const pods = ['a', 'b'].map(
  (name) =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: name } },
    }) as unknown as KubeObject,
)
const state = {
  get: (resource: string, _namespace: string, name: string) =>
    resource === 'pods' ? pods.find((one) => one.metadata.name === name) : undefined,
  list: (resource: string) => (resource === 'pods' ? pods : []),
} as unknown as State
const server: MetricsServer = {
  pod: (_, name) =>
    name === 'a'
      ? { at: 0, window: 15_000_000, containers: [{ name: 'app', usage: { cpu: '5m', memory: '1Mi' } }] }
      : undefined,
  node: () => undefined,
  start: () => undefined,
  stop: () => undefined,
}

const api = (running = true): { readonly api: MetricsApi; readonly custom: CustomMetrics } => {
  const custom = createCustomMetrics()
  const options = { kernel: createKernel({ seed: '0' }), state, custom, resources: () => builtinScheme().resources }
  return { custom, api: createMetricsApi({ ...options, server: () => (running ? server : undefined) }) }
}
const ask = (group: string, plural: string, more: Partial<ApiRequest>): ApiRequest =>
  ({
    verb: 'list',
    resource: { group, plural },
    namespace: 'default',
    ...more,
  }) as unknown as ApiRequest
const steady = (amount: number): { from: number; to: number; began: number; over: number } => ({
  from: amount,
  to: amount,
  began: 0,
  over: 0,
})

describe('metrics.k8s.io', () => {
  it('is not there without a metrics-server, nor are other groups', () => {
    expect(api(false).api(ask('metrics.k8s.io', 'pods', {}))).toBeUndefined()
    expect(api().api(ask('apps', 'deployments', {}))).toBeUndefined()
    expect(api().api(ask('metrics.k8s.io', 'services', {}))).toBeUndefined()
  })

  it('lists the pods that are known, by their labels', () => {
    const { body } = api().api(ask('metrics.k8s.io', 'pods', {}))!
    expect(body).toMatchObject({
      kind: 'PodMetricsList',
      items: [{ kind: 'PodMetrics', metadata: { name: 'a', labels: { app: 'a' } }, window: '15s' }],
    })
    const none = api().api(ask('metrics.k8s.io', 'pods', { options: { labelSelector: 'app=b' } }))!
    expect(none.body).toMatchObject({ items: [] })
  })

  it('does not know a pod that has no samples', () => {
    expect(api().api(ask('metrics.k8s.io', 'pods', { verb: 'get', name: 'a' }))).toMatchObject({ code: 200 })
    expect(api().api(ask('metrics.k8s.io', 'pods', { verb: 'get', name: 'b' }))).toMatchObject({
      code: 404,
      body: { message: 'podmetrics.metrics.k8s.io "default/b" not found' },
    })
  })
})

describe('custom.metrics.k8s.io and external.metrics.k8s.io', () => {
  const value = (plural: string, name: string, subresource: string): ApiRequest =>
    ask('custom.metrics.k8s.io', plural, { verb: 'get', name, subresource })

  it('are not there before anything was set', () => {
    expect(api().api(value('services', 'web', 'depth'))).toBeUndefined()
    expect(api().api(ask('external.metrics.k8s.io', 'depth', {}))).toBeUndefined()
  })

  it('give the value of an object; what is said last counts', () => {
    const { api: answer, custom } = api()
    const on = { text: 'service/web', now: () => [{ resource: 'services', namespace: 'default', name: 'web' }] }
    custom.set('depth', steady(1500), on)
    custom.set('depth', steady(2500), on)
    expect(answer(value('services', 'web', 'depth'))!.body).toMatchObject({
      items: [{ describedObject: { kind: 'Service', name: 'web' }, value: '2500m' }],
    })
    expect(answer(value('services', 'db', 'depth'))).toMatchObject({
      code: 404,
      body: { message: 'the server could not find the metric depth for services db' },
    })
  })

  it('give the values of all pods of a selector', () => {
    const { api: answer, custom } = api()
    const now = (): { resource: string; namespace: string; name: string }[] =>
      ['b', 'a', 'gone'].map((name) => ({ resource: 'pods', namespace: 'default', name }))
    custom.set('sessions', steady(7000), { text: 'pods', now })
    expect(answer(value('pods', '*', 'sessions'))!.body).toMatchObject({
      items: [
        { describedObject: { name: 'a' }, value: '7' },
        { describedObject: { name: 'b' }, value: '7' },
      ],
    })
    const chosen = answer({ ...value('pods', '*', 'sessions'), options: { labelSelector: 'app=b' } })!
    expect(chosen.body).toMatchObject({ items: [{ describedObject: { name: 'b' } }] })
    expect(answer(value('pods', '*', 'other'))).toMatchObject({ code: 404 })
  })

  it('give an external metric, and no value of an unknown one', () => {
    const { api: answer, custom } = api()
    custom.set('messages', steady(30_000), undefined)
    const of = (name: string): object => answer(ask('external.metrics.k8s.io', name, {}))!.body
    expect(of('messages')).toMatchObject({ items: [{ metricName: 'messages', value: '30' }] })
    expect(of('others')).toMatchObject({ items: [] })
  })
})
