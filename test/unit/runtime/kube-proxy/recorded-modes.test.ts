import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import { evaluateConnection, type NodeView, type Outcome } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { aNode } from './builders.ts'

// What the real nftables and ipvs proxiers of v1.36.3 make of clusters of the conformance area kube-proxy. The first writes into
// knftables' table in memory, whose chains a packet then follows; of the second these are its virtual and real servers. Beside
// the ports of the Services, each cluster IP is tried on port 9, and 10.96.77.77 is nobody's.

interface Recorded {
  readonly id: string
  readonly nodes: readonly { readonly name: string; readonly ip: string; readonly zone: string }[]
  readonly services: readonly Service[]
  readonly endpointSlices: readonly EndpointSlice[]
  /** node, source, protocol, destination, verdict, backends */
  readonly nftables: readonly (readonly [string, string, string, string, string, readonly string[]])[]
  /** node, protocol, address, persistence in seconds, real servers */
  readonly ipvs: readonly (readonly [string, string, string, number, readonly string[]])[]
}

const recorded = readFileSync(new URL('recorded-modes.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)

const viewsOf = ({ nodes, services, endpointSlices }: Recorded, mode: string): ReadonlyMap<string, NodeView> =>
  new Map(
    nodes.map(({ name, ip, zone }) => [name, aNode(services, endpointSlices, { name, ip, zone, flags: { mode } })]),
  )

const reach = (view: NodeView, protocol: string, source: string, address: string): Outcome => {
  const cut = address.lastIndexOf(':')
  const destination = address.slice(0, cut)
  return evaluateConnection(view, { protocol, source, destination, port: Number(address.slice(cut + 1)) })
}

describe('the modes of kube-proxy', () => {
  it.each(recorded.map((one) => [one.id, one] as const))('nftables: %s', (_, one) => {
    const views = viewsOf(one, 'nftables')
    for (const [node, source, protocol, destination, verdict, backends] of one.nftables) {
      const outcome = reach(views.get(node)!, protocol, source, destination)
      const own =
        outcome.verdict === 'forward'
          ? outcome.backends.map((to) => `${to.endpoint}${to.masquerade ? ' masquerade' : ''}`)
          : []
      expect([node, source, destination, outcome.verdict, own.sort()]).toEqual([
        node,
        source,
        destination,
        verdict,
        [...backends].sort(),
      ])
    }
  })

  it.each(recorded.map((one) => [one.id, one] as const))('ipvs: %s', (_, one) => {
    const views = viewsOf(one, 'ipvs')
    for (const [node, protocol, address, persistence, servers] of one.ipvs) {
      const outcome = reach(views.get(node)!, protocol, '10.244.9.200', address)
      // What loadBalancerSourceRanges keep out never meets the servers.
      if (outcome.verdict === 'drop') continue
      const own =
        outcome.verdict === 'forward'
          ? [outcome.affinitySeconds ?? 0, outcome.backends.map((to) => to.endpoint).sort()]
          : []
      expect([node, address, outcome.verdict, own]).toEqual([
        node,
        address,
        servers.length > 0 ? 'forward' : 'reject',
        servers.length > 0 ? [persistence, [...servers].sort()] : [],
      ])
    }
  })
})
