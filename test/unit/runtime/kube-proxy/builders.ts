import type { Service } from '../../../../api/types/core-v1.generated.ts'
import type { Endpoint, EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import type { NodeView } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { proxyConfig, type ProxyConfig } from '../../../../runtime/kube-proxy/proxy-config.ts'
import { createRuleTable } from '../../../../runtime/kube-proxy/rule-table.ts'

export const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const one of Object.values(value)) freeze(one)
  }
  return value
}

export const aService = (name: string, spec: Partial<Service['spec']> = {}, status: object = {}): Service =>
  freeze({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', resourceVersion: '1' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.10',
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      ...spec,
    },
    status,
  } as unknown as Service)

export const anEndpoint = (address: string, nodeName: string, more: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [address],
  nodeName,
  conditions: { ready: true, serving: true, terminating: false },
  ...more,
})

export const aSlice = (
  name: string,
  service: string,
  endpoints: readonly Endpoint[],
  more: object = {},
): EndpointSlice =>
  freeze({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    ...more,
  } as unknown as EndpointSlice)

export const configOf = (flags: Readonly<Record<string, string>> = {}): ProxyConfig => {
  const answer = proxyConfig(flags)
  if (!answer.ok) throw new Error(answer.message)
  return answer.config
}

export interface NodeOptions {
  readonly name?: string
  readonly ip?: string
  readonly zone?: string
  readonly flags?: Readonly<Record<string, string>>
}

export const aNode = (
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  options: NodeOptions = {},
): NodeView => {
  const { name = 'node-1', ip = '192.168.0.11', zone = '', flags = {} } = options
  const table = createRuleTable('IPv4')
  for (const service of services) {
    const own = slices.filter(
      (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
    )
    table.rebuild(`default/${service.metadata.name}`, { service, slices: own, place: { nodeName: name, zone } })
  }
  return { table, config: configOf(flags), addresses: [ip], nodeIP: ip }
}
