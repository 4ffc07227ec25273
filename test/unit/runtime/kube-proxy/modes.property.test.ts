import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateConnection, type NodeView } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { service, slices } from './arbitrary-services.ts'
import { aNode } from './builders.ts'

const modes = ['iptables', 'nftables', 'ipvs'] as const
const sources = { pod: '10.244.1.200', outside: '203.0.113.9' }

/** Verdict and backends, each with whether it sees the node. */
const seen = (node: NodeView, source: string, destination: string, port: number): unknown => {
  const outcome = evaluateConnection(node, { protocol: 'TCP', source, destination, port })
  return outcome.verdict === 'forward'
    ? outcome.backends.map((one) => [one.endpoint, one.masquerade]).sort()
    : outcome.verdict
}

const cluster = fc.record({
  services: fc.tuple(service(0), service(1)),
  slices: fc.tuple(slices(0), slices(1)),
  zone: fc.constantFrom('', 'a', 'b'),
})

describe('the three modes', () => {
  it('route every Service with the Cluster policies alike, from pods and from outside', () => {
    fc.assert(
      fc.property(cluster, ({ services, slices, zone }) => {
        const nodes = modes.map((mode) => aNode(services, slices.flat(), { zone, flags: { mode } }))
        for (const one of services) {
          const { spec, status } = one
          if (spec.internalTrafficPolicy === 'Local' || spec.externalTrafficPolicy === 'Local') continue
          if ((spec.loadBalancerSourceRanges ?? []).length > 0) continue
          for (const port of spec.ports ?? []) {
            if (port.protocol !== 'TCP') continue
            const doors: [string, number][] = [[spec.clusterIP!, port.port]]
            for (const ip of spec.externalIPs ?? []) doors.push([ip, port.port])
            for (const { ip, ipMode } of status?.loadBalancer?.ingress ?? [])
              if (ip !== undefined && ipMode !== 'Proxy') doors.push([ip, port.port])
            if (port.nodePort !== undefined) doors.push(['192.168.0.11', port.nodePort])
            for (const [destination, number] of doors)
              for (const source of Object.values(sources)) {
                const [first, ...rest] = nodes.map((node) => seen(node, source, destination, number))
                for (const other of rest)
                  expect({ destination, source, other }).toEqual({ destination, source, other: first })
              }
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('differ in what upstream says they differ', () => {
    const [iptables, nftables, ipvs] = modes.map((mode) => aNode([], [], { flags: { mode } })) as [
      NodeView,
      NodeView,
      NodeView,
    ]
    // Nobody has the address: only nftables keeps the packet from going on.
    expect([iptables, nftables, ipvs].map((node) => seen(node, sources.pod, '10.96.0.99', 80))).toEqual([
      'none',
      'drop',
      'none',
    ])
  })
})
