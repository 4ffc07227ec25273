import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../../../api/types/networking-v1.generated.ts'
import { deniedBy, type PolicyWorld } from '../../../../runtime/network/network-policies.ts'
import type { PolicyEnd } from '../../../../runtime/network/policy-connection.ts'

// The reference turns every rule into the set of all (end, port) pairs that it lets through, and looks the connection up in it.

const spaces = ['a', 'b'] as const
const spaceLabels: Readonly<Record<string, Record<string, string>>> = { a: { team: 'x' }, b: { team: 'y' } }
const ends: readonly PolicyEnd[] = [
  ...spaces.flatMap((namespace, at) =>
    ['web', 'db'].map((app, i): PolicyEnd => ({
      address: `10.244.${at}.${i + 2}`,
      node: `node-${i}`,
      pod: { namespace, labels: { app }, ports: [{ name: app, port: 80 + i, protocol: 'TCP' }] },
    })),
  ),
  { address: '192.168.0.10', node: 'node-0', pod: undefined },
  { address: '192.168.0.11', node: 'node-1', pod: undefined },
  { address: '192.0.2.10', node: undefined, pod: undefined },
  { address: '192.0.2.77', node: undefined, pod: undefined },
]
const doors = [80, 81, 443].flatMap((port) => ['TCP', 'UDP'].map((protocol) => ({ port, protocol })))

const appSelector = fc.constantFrom({}, { matchLabels: { app: 'web' } }, { matchLabels: { app: 'db' } })
const spaceSelector = fc.constantFrom({}, { matchLabels: { team: 'x' } }, { matchLabels: { team: 'y' } })
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector: appSelector }),
  fc.record({ namespaceSelector: spaceSelector }),
  fc.record({ podSelector: appSelector, namespaceSelector: spaceSelector }),
  fc.constantFrom(
    { ipBlock: { cidr: '0.0.0.0/0' } },
    { ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.1.0/24'] } },
    { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.64/26'] } },
    { ipBlock: { cidr: '192.168.0.11/32' } },
  ),
)
const port: fc.Arbitrary<NetworkPolicyPort> = fc.constantFrom<NetworkPolicyPort>(
  {},
  { port: 80 },
  { port: 81, protocol: 'UDP' },
  { port: 80, endPort: 100 },
  { port: 'web' },
  { port: 'db', protocol: 'TCP' },
  { protocol: 'UDP' },
)
const rules = fc.array(
  fc.record({ peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) }),
  { maxLength: 2 },
)
const policy = fc
  .record({
    namespace: fc.constantFrom(...spaces),
    podSelector: appSelector,
    ingress: fc.option(rules, { nil: undefined }),
    egress: fc.option(rules, { nil: undefined }),
    policyTypes: fc.option(fc.subarray(['Ingress', 'Egress'] as const, { minLength: 1 }), { nil: undefined }),
  })
  .map(({ namespace, podSelector, ingress, egress, policyTypes }): NetworkPolicy => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace, uid: 'u', resourceVersion: '1', creationTimestamp: '' },
    spec: {
      podSelector,
      ...(ingress && { ingress: ingress.map(({ peers, ports }) => ({ from: peers, ports })) }),
      ...(egress && { egress: egress.map(({ peers, ports }) => ({ to: peers, ports })) }),
      ...(policyTypes && { policyTypes }),
    },
  }))

const chosen = (selector: { matchLabels?: Record<string, string> }, labels: Record<string, string>): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const within = (cidr: string, address: string): boolean => {
  const [base = '', bits = '0'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(base) / size) === Math.floor(number(address) / size)
}

/** Places in `ends` that a peer means. */
const meant = (one: NetworkPolicyPeer, namespace: string, blocksReachPods: boolean): readonly number[] =>
  ends.flatMap((end, at) => {
    const { pod } = end
    if (one.ipBlock !== undefined) {
      if (pod !== undefined && !blocksReachPods) return []
      const out = (one.ipBlock.except ?? []).some((range) => within(range, end.address))
      return within(one.ipBlock.cidr, end.address) && !out ? [at] : []
    }
    if (pod === undefined) return []
    const there =
      one.namespaceSelector === undefined
        ? pod.namespace === namespace
        : chosen(one.namespaceSelector, spaceLabels[pod.namespace]!)
    return there && chosen(one.podSelector ?? {}, pod.labels) ? [at] : []
  })
const opened = (one: NetworkPolicyPort, to: PolicyEnd): readonly number[] =>
  doors.flatMap((door, at) => {
    if ((one.protocol ?? 'TCP') !== door.protocol) return []
    if (one.port === undefined) return [at]
    if (typeof one.port === 'string')
      return to.pod?.ports.some(
        (named) => named.name === one.port && named.port === door.port && door.protocol === 'TCP',
      )
        ? [at]
        : []
    return door.port >= one.port && door.port <= (one.endPort ?? one.port) ? [at] : []
  })

const reference = (
  policies: readonly NetworkPolicy[],
  given: { from: number; to: number; door: number },
  blocksReachPods: boolean,
): string | undefined => {
  const [from, to] = [ends[given.from]!, ends[given.to]!]
  if (given.from === given.to && from.pod !== undefined) return undefined
  for (const direction of ['Egress', 'Ingress'] as const) {
    const near = direction === 'Egress' ? from : to
    const farAt = direction === 'Egress' ? given.to : given.from
    const far = ends[farAt]!
    if (near.pod === undefined || (far.pod === undefined && far.node === near.node)) continue
    const own = policies.filter(({ metadata, spec }) => {
      const types = spec.policyTypes ?? ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])]
      return (
        metadata.namespace === near.pod!.namespace &&
        chosen(spec.podSelector as object, near.pod!.labels) &&
        (types as string[]).includes(direction)
      )
    })
    if (own.length === 0) continue
    const open = new Set<string>()
    for (const { metadata, spec } of own) {
      const all = direction === 'Egress' ? (spec.egress ?? []) : (spec.ingress ?? [])
      for (const rule of all) {
        const peers = ('to' in rule ? rule.to : 'from' in rule ? rule.from : undefined) ?? []
        const who =
          peers.length === 0
            ? ends.map((_, at) => at)
            : peers.flatMap((one) => meant(one, metadata.namespace!, blocksReachPods))
        const ports = rule.ports ?? []
        const which = ports.length === 0 ? doors.map((_, at) => at) : ports.flatMap((one) => opened(one, to))
        for (const end of who) for (const door of which) open.add(`${end}/${door}`)
      }
    }
    if (!open.has(`${farAt}/${given.door}`)) return direction
  }
  return undefined
}

describe('NetworkPolicies', () => {
  it('let through what the sets of their rules hold', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), fc.boolean(), (policies, blocksReachPods) => {
        const world: PolicyWorld = {
          policies: (namespace) => policies.filter((one) => one.metadata.namespace === namespace),
          namespaceLabels: (name) => spaceLabels[name],
          blocksReachPods,
        }
        for (let from = 0; from < ends.length; from += 1) {
          for (let to = 0; to < ends.length; to += 1) {
            for (let door = 0; door < doors.length; door += 1) {
              const given = { from, to, door }
              const actual = deniedBy({ from: ends[from]!, to: ends[to]!, ...doors[door]! }, world)
              expect({ given, actual }).toEqual({ given, actual: reference(policies, given, blocksReachPods) })
            }
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})
