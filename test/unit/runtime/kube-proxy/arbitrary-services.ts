import fc from 'fast-check'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import { anEndpoint, aService, aSlice } from './builders.ts'

const policy = fc.constantFrom('Cluster', 'Local')
const ranges = fc.subarray(['203.0.113.0/24', '192.168.0.0/24', '10.244.0.0/16', '198.51.100.0/24'])

export const service = (at: number): fc.Arbitrary<Service> =>
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

export const slices = (at: number): fc.Arbitrary<EndpointSlice[]> =>
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
