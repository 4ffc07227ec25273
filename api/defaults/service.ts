import type { Defaulters } from './defaulter.ts'
import { change, changeEach, fillNil, fillZero, replace, type Fields } from './fill.ts'

const defaultAffinitySeconds = 10800

const affinityConfig = (spec: Fields): Fields => {
  if (spec['sessionAffinity'] === 'None') {
    return spec['sessionAffinityConfig'] === undefined ? spec : replace(spec, { sessionAffinityConfig: undefined })
  }
  if (spec['sessionAffinity'] !== 'ClientIP') return spec
  const config = spec['sessionAffinityConfig'] as Fields | undefined
  const client = config?.['clientIP'] as Fields | undefined
  if (client?.['timeoutSeconds'] !== undefined) return spec
  return replace(spec, { sessionAffinityConfig: { clientIP: { timeoutSeconds: defaultAffinitySeconds } } })
}

const port = (value: Fields): Fields => {
  const out = fillZero(value, { protocol: 'TCP' })
  const target = out['targetPort']
  return target === undefined || target === 0 || target === '' ? replace(out, { targetPort: out['port'] ?? 0 }) : out
}

const serviceSpec = (value: Fields): Fields => {
  let spec = affinityConfig(fillZero(value, { sessionAffinity: 'None' }))
  spec = changeEach(fillZero(spec, { type: 'ClusterIP' }), 'ports', port)
  const type = spec['type']
  const external =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && ((spec['externalIPs'] as readonly string[] | undefined) ?? []).length > 0)
  if (external) spec = fillZero(spec, { externalTrafficPolicy: 'Cluster' })
  if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP')
    spec = fillNil(spec, { internalTrafficPolicy: 'Cluster' })
  if (type === 'LoadBalancer') spec = fillNil(spec, { allocateLoadBalancerNodePorts: true })
  return spec
}

const ingressMode = (status: Fields | undefined): unknown =>
  status === undefined
    ? status
    : change(status, 'loadBalancer', (balancer) =>
        balancer === undefined
          ? balancer
          : changeEach(balancer, 'ingress', (one) => (one['ip'] === undefined ? one : fillNil(one, { ipMode: 'VIP' }))),
      )

/** pkg/apis/core/v1/defaults.go SetDefaults_Service */
export const serviceDefaulters: Defaulters = {
  'io.k8s.api.core.v1.Service': (value) => {
    const out = change(value, 'spec', (spec) => serviceSpec(spec ?? {}))
    return (out['spec'] as Fields)['type'] === 'LoadBalancer' ? change(out, 'status', ingressMode) : out
  },
}
