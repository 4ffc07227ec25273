import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateConnection } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { iptablesText } from '../../../../runtime/kube-proxy/iptables-text.ts'
import { service, slices } from './arbitrary-services.ts'
import { aNode } from './builders.ts'
import { walkIptables } from './iptables-walk.ts'

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
