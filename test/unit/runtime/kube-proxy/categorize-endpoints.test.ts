import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { categorizeEndpoints } from '../../../../runtime/kube-proxy/categorize-endpoints.ts'
import type { Endpoint } from '../../../../runtime/kube-proxy/endpoint.ts'
import { servicePorts } from '../../../../runtime/kube-proxy/service-port.ts'
import { aService } from './builders.ts'

const endpoint: fc.Arbitrary<Endpoint> = fc.record({
  text: fc.integer({ min: 2, max: 250 }).map((n) => `10.244.0.${n}:80`),
  nodeName: fc.constantFrom('n1', 'n2', undefined),
  ready: fc.boolean(),
  serving: fc.boolean(),
  terminating: fc.boolean(),
  zoneHints: fc.subarray(['a', 'b']),
  nodeHints: fc.subarray(['n1', 'n2']),
})

const portWith = (
  internal: 'Cluster' | 'Local',
  external: 'Cluster' | 'Local',
): ReturnType<typeof servicePorts>[number] =>
  servicePorts(
    aService('web', {
      type: 'NodePort',
      ports: [{ name: 'http', port: 80, nodePort: 30080 }],
      internalTrafficPolicy: internal,
      externalTrafficPolicy: external,
    }),
    'IPv4',
  )[0]!

/** The rules in words, one endpoint at a time (design: endpoint selection). */
const inWords = (all: readonly Endpoint[], node: string, zone: string): { cluster: Endpoint[]; local: Endpoint[] } => {
  const ready = all.filter((one) => one.ready)
  const terminating = all.filter((one) => !one.ready && one.serving && one.terminating)
  let cluster = ready.length > 0 ? ready : all.filter((one) => one.serving && one.terminating)
  const everyNode = ready.every((one) => one.nodeHints.length > 0)
  const everyZone = ready.every((one) => one.zoneHints.length > 0)
  const forNode = ready.filter((one) => one.nodeHints.includes(node))
  const forZone = ready.filter((one) => one.zoneHints.includes(zone))
  if (everyNode && forNode.length > 0) cluster = forNode
  else if (everyZone && forZone.length > 0) cluster = forZone
  const here = ready.filter((one) => one.nodeName === node)
  return { cluster, local: here.length > 0 ? here : terminating.filter((one) => one.nodeName === node) }
}

describe('categorizeEndpoints', () => {
  it('chooses as the words say', () => {
    const policy = fc.constantFrom('Cluster' as const, 'Local' as const)
    const place = fc.record({ nodeName: fc.constantFrom('n1', 'n3'), zone: fc.constantFrom('', 'a', 'c') })
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 5 }), policy, policy, (all, internal, external) => {
        fc.assert(
          fc.property(place, (where) => {
            const given = categorizeEndpoints(all, portWith(internal, external), where)
            const expected = inWords(all, where.nodeName, where.zone)
            const usesLocal = internal === 'Local' || external === 'Local'
            expect(given.cluster).toEqual(expected.cluster)
            expect(given.local).toEqual(usesLocal ? expected.local : [])
            expect(given.hasAny).toBe(all.some((one) => one.ready || (one.serving && one.terminating)))
          }),
          { numRuns: 4 },
        )
      }),
    )
  })

  it('knows when another node is told the same', () => {
    const plain: Endpoint = {
      text: '10.244.0.2:80',
      nodeName: 'n1',
      ready: true,
      serving: true,
      terminating: false,
      zoneHints: [],
      nodeHints: [],
    }
    const place = { nodeName: 'n1', zone: 'a' }
    const everywhere = (all: readonly Endpoint[], external: 'Cluster' | 'Local' = 'Cluster'): boolean =>
      categorizeEndpoints(all, portWith('Cluster', external), place).everywhere
    expect(everywhere([plain])).toBe(true)
    expect(everywhere([])).toBe(true)
    expect(everywhere([{ ...plain, zoneHints: ['a'] }])).toBe(false)
    expect(everywhere([plain], 'Local')).toBe(false)
  })
})
