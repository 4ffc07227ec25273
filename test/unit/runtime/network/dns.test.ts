import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pod, Service } from '../../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import { clusterAnswer, type NamedCluster } from '../../../../runtime/network/dns/cluster-names.ts'
import { lookUp, type DnsService } from '../../../../runtime/network/dns/look-up.ts'
import { resolvConf, searchNames } from '../../../../runtime/network/dns/resolv-conf.ts'

const service = (name: string, spec: object): Service =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec }) as unknown as Service
const slice = (name: string, endpoints: readonly object[]): EndpointSlice =>
  ({
    metadata: { name, namespace: 'default' },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    endpoints,
  }) as unknown as EndpointSlice

const services = new Map([
  ['web', service('web', { clusterIP: '10.96.0.20', clusterIPs: ['10.96.0.20'], ports: [{ name: 'http', port: 80 }] })],
  ['db', service('db', { clusterIP: 'None' })],
  ['idle', service('idle', { clusterIP: 'None' })],
  ['far', service('far', { type: 'ExternalName', externalName: 'db.internal.' })],
])
const slices = [
  slice('db', [
    { addresses: ['10.244.0.3'], hostname: 'db-1', conditions: { ready: true } },
    { addresses: ['10.244.0.2'], hostname: 'db-0', conditions: {} },
    { addresses: ['10.244.0.9'], hostname: 'db-9', conditions: { ready: false } },
  ]),
  slice('web', [{ addresses: ['10.244.1.7'] }]),
]
const cluster: NamedCluster = {
  service: (namespace, name) => (namespace === 'default' ? services.get(name) : undefined),
  slices: (namespace, name) => (namespace === 'default' ? slices.filter((one) => one.metadata.name === name) : []),
  hasNamespace: (name) => ['default', 'other'].includes(name),
}

describe("CoreDNS's answers", () => {
  it.each<[string, string]>([
    ['web.default.svc.cluster.local.', '10.96.0.20'],
    ['WEB.default.svc.cluster.local.', '10.96.0.20'],
    ['_http._tcp.web.default.svc.cluster.local.', '10.96.0.20'],
    ['_grpc._tcp.web.default.svc.cluster.local.', 'NXDOMAIN'],
    ['a.b.c.web.default.svc.cluster.local.', 'NXDOMAIN'],
    ['web.other.svc.cluster.local.', 'NXDOMAIN'],
    ['web.nowhere.svc.cluster.local.', 'NXDOMAIN'],
    ['db.default.svc.cluster.local.', '10.244.0.2 10.244.0.3'],
    ['db-1.db.default.svc.cluster.local.', '10.244.0.3'],
    ['db-9.db.default.svc.cluster.local.', 'NXDOMAIN'],
    ['10-244-1-7.web.default.svc.cluster.local.', '10.244.1.7'],
    ['idle.default.svc.cluster.local.', 'NXDOMAIN'],
    ['far.default.svc.cluster.local.', 'db.internal'],
    ['x.far.default.svc.cluster.local.', 'NXDOMAIN'],
    ['default.svc.cluster.local.', 'NODATA'],
    ['nowhere.svc.cluster.local.', 'NXDOMAIN'],
    ['svc.cluster.local.', 'NODATA'],
    ['cluster.local.', 'NODATA'],
    ['10-244-3-4.default.pod.cluster.local.', '10.244.3.4'],
    ['10-244-3-4.nowhere.pod.cluster.local.', 'NXDOMAIN'],
    ['web-0.default.pod.cluster.local.', 'NXDOMAIN'],
    ['web.default.cluster.local.', 'NXDOMAIN'],
    ['example.com.', 'example.com'],
    ['web.', 'NXDOMAIN'],
    ['web.nowhere.', 'NXDOMAIN'],
  ])('%s is %s', (name, expected) => {
    const answer = clusterAnswer(name, cluster)
    expect(answer.status === 'NOERROR' ? answer.addresses.join(' ') : answer.status).toBe(expected)
  })
})

const pod = (spec: object = {}): Pod =>
  ({ metadata: { name: 'p', namespace: 'default' }, spec: { containers: [], ...spec }, status: {} }) as unknown as Pod
const dns: DnsService = { address: '10.96.0.10', reached: 'answers', cluster }

describe('a look-up in a pod', () => {
  it.each<[string, object, string, string]>([
    ['in its own namespace', {}, 'web', 'NOERROR 1'],
    ['in another, then three times in vain', {}, 'api.other', 'NXDOMAIN 4'],
    ['of a name outside', {}, 'example.com', 'NOERROR 4'],
    ['of a name outside with a dot at its end', {}, 'example.com.', 'NOERROR 1'],
    ['of many dots as it stands first', {}, 'a.b.c.d.example.com', 'NOERROR 1'],
    ['with fewer ndots', { dnsConfig: { options: [{ name: 'ndots', value: '1' }] } }, 'example.com', 'NOERROR 1'],
    ['on the host network, where nobody knows the cluster', { hostNetwork: true }, 'web', 'NXDOMAIN 1'],
    [
      'on the host network with the cluster first',
      { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
      'web',
      'NOERROR 1',
    ],
    ['with the policy Default', { dnsPolicy: 'Default' }, 'web.default.svc.cluster.local', 'NXDOMAIN 1'],
    ['without any name server', { dnsPolicy: 'None' }, 'web', 'timeout 1'],
    [
      'with name servers and search domains of its own',
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.96.0.10'], searches: ['default.svc.cluster.local'] } },
      'web',
      'NOERROR 1',
    ],
    [
      'of which ndots says the order',
      {
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['10.96.0.10'],
          searches: ['svc.cluster.local'],
          options: [{ name: 'ndots', value: '1' }],
        },
      },
      'web.default',
      'NOERROR 2',
    ],
  ])('%s', (_, spec, name, expected) => {
    const { status, asked } = lookUp(pod(spec), name, dns)
    expect(`${status} ${asked.length}`).toBe(expected)
  })

  it.each(['refused', 'timeout'] as const)('ends with %s where the DNS does not answer', (reached) => {
    expect(lookUp(pod(), 'web', { ...dns, reached })).toEqual({
      status: reached,
      addresses: [],
      asked: ['web.default.svc.cluster.local.'],
    })
  })

  it('asks for the plain name exactly once, whatever the dots', () => {
    const label = fc.stringMatching(/^[a-z]{1,5}$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), fc.nat(6), (labels, ndots) => {
        const name = labels.join('.')
        const conf = { ...resolvConf(pod(), '10.96.0.10'), ndots }
        const asked = searchNames(name, conf)
        expect(asked.filter((one) => one === `${name}.`)).toHaveLength(1)
        expect(asked[0] === `${name}.`).toBe(labels.length - 1 >= ndots)
        expect(asked).toHaveLength(1 + conf.searches.length)
      }),
      { numRuns: 50 },
    )
  })
})
