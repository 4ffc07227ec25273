import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import { evaluateConnection } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { iptablesText } from '../../../../runtime/kube-proxy/iptables-text.ts'
import { aNode, anEndpoint, aService, aSlice } from './builders.ts'
import { walkIptables } from './iptables-walk.ts'

const policy = fc.constantFrom('Cluster', 'Local')
const ranges = fc.subarray(['203.0.113.0/24', '192.168.0.0/24', '10.244.0.0/16', '198.51.100.0/24'])

const service = (at: number): fc.Arbitrary<Service> =>
  fc
    .record({
      type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
      internal: policy,
      external: policy,
      externalIPs: fc.subarray([`198.51.100.20${at}`, `192.168.0.1${at + 1}`]),
      ranges,
      affinity: fc.boolean(),
      ports: fc.subarray(['http', 'dns'], { minLength: 1 }),
      ipMode: fc.constantFrom('VIP', 'Proxy', undefined),
    })
    .map(({ type, internal, external, externalIPs, ranges, affinity, ports, ipMode }) =>
      aService(
        `svc-${at}`,
        {
          type,
          clusterIP: `10.96.0.1${at}`,
          ports: ports.map((name, i) => ({
            name,
            port: 80 + i,
            protocol: name === 'dns' ? 'UDP' : 'TCP',
            ...(type === 'ClusterIP' ? {} : { nodePort: 30_080 + 10 * at + i }),
          })),
          internalTrafficPolicy: internal,
          externalTrafficPolicy: external,
          externalIPs,
          ...(type === 'LoadBalancer' ? { loadBalancerSourceRanges: ranges, healthCheckNodePort: 31_000 + at } : {}),
          ...(affinity
            ? { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }
            : {}),
        },
        type === 'LoadBalancer'
          ? { loadBalancer: { ingress: [{ ip: `198.51.100.1${at}`, ...(ipMode === undefined ? {} : { ipMode }) }] } }
          : {},
      ),
    )

const slices = (at: number): fc.Arbitrary<EndpointSlice[]> =>
  fc
    .array(
      fc.record({
        host: fc.integer({ min: 2, max: 9 }),
        node: fc.integer({ min: 1, max: 2 }),
        ready: fc.boolean(),
        serving: fc.boolean(),
        terminating: fc.boolean(),
        zones: fc.subarray(['a', 'b']),
        nodes: fc.subarray(['node-1', 'node-2']),
      }),
      { maxLength: 6 },
    )
    .chain((endpoints) => fc.tuple(fc.constant(endpoints), fc.boolean()))
    .map(([endpoints, split]) => {
      const made = endpoints.map(({ host, node, ready, serving, terminating, zones, nodes }) =>
        anEndpoint(`10.244.${node}.${10 * at + host}`, `node-${node}`, {
          conditions: { ready, serving, terminating },
          hints: { forZones: zones.map((name) => ({ name })), forNodes: nodes.map((name) => ({ name })) },
        }),
      )
      const ports = {
        ports: [
          { name: 'http', port: 8080, protocol: 'TCP' },
          { name: 'dns', port: 5353, protocol: 'UDP' },
        ],
      }
      const half = split ? 3 : made.length
      return [
        aSlice(`svc-${at}-0`, `svc-${at}`, made.slice(0, half), ports),
        aSlice(`svc-${at}-1`, `svc-${at}`, made.slice(half), ports),
      ]
    })

const flags = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  { 'masquerade-all': 'true' },
  { 'cluster-cidr': '' },
  { 'iptables-localhost-nodeports': 'false' },
  { 'nodeport-addresses': '192.168.0.0/24' },
  { 'nodeport-addresses': '172.16.0.0/12' },
  { 'nodeport-addresses': '127.0.0.0/8' },
)

const sources = [
  '10.244.1.200',
  '10.244.1.3',
  '192.168.0.11',
  '127.0.0.1',
  '203.0.113.9',
  '198.51.100.10',
  '192.168.0.12',
]

describe('evaluateConnection', () => {
  it('says what a packet meets that follows the written tables rule by rule', () => {
    const cluster = fc.record({
      services: fc.tuple(service(0), service(1)),
      slices: fc.tuple(slices(0), slices(1)),
      zone: fc.constantFrom('', 'a', 'b', 'c'),
      flags,
    })
    fc.assert(
      fc.property(cluster, (given) => {
        const node = aNode(given.services, given.slices.flat(), { zone: given.zone, flags: given.flags })
        const text = iptablesText(node)
        const destinations = [
          '10.96.0.10',
          '10.96.0.11',
          '198.51.100.10',
          '198.51.100.11',
          '198.51.100.200',
          '198.51.100.201',
        ]
        for (const source of sources) {
          for (const destination of [...destinations, '192.168.0.11', '192.168.0.12', '127.0.0.1']) {
            for (const [protocol, port] of [
              ['TCP', 80],
              ['UDP', 80],
              ['UDP', 81],
              ['TCP', 30_080],
              ['UDP', 30_091],
              ['TCP', 31_000],
            ] as const) {
              const packet = { source, destination, protocol, port }
              const walked = walkIptables(text, node.addresses, packet)
              const outcome = evaluateConnection(node, packet)
              expect({ packet, verdict: outcome.verdict }).toEqual({ packet, verdict: walked.verdict })
              const backends = outcome.verdict === 'forward' ? outcome.backends : []
              const own = Object.fromEntries(backends.map((one) => [one.endpoint, one.masquerade]))
              const theirs = Object.fromEntries(
                Object.entries(walked.endpoints).map(([name, [, masquerade]]) => [name, masquerade]),
              )
              expect({ packet, own }).toEqual({ packet, own: theirs })
              for (const { endpoint, probability } of backends) {
                expect(probability).toBeCloseTo(walked.endpoints[endpoint]![0], 12)
              }
            }
          }
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
