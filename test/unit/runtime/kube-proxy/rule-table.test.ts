import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import { createRuleTable, type RuleTable } from '../../../../runtime/kube-proxy/rule-table.ts'
import { anEndpoint, aService, aSlice } from './builders.ts'

const place = { nodeName: 'node-1', zone: '' }

const shown = (table: RuleTable): unknown => ({
  all: table.all(),
  count: table.endpointCount,
  portals: ['10.96.0.1', '10.96.0.2', '198.51.100.1'].map((ip) =>
    table.portals('TCP', ip, 80).map((one) => [one.via, one.rules.port.key]),
  ),
  nodePorts: [30001, 30002].map((port) => table.nodePorts('TCP', port).map((one) => one.rules.port.key)),
})

const service = (at: number): fc.Arbitrary<Service | undefined> =>
  fc
    .option(
      fc.record({
        nodePort: fc.constantFrom(0, 30001, 30002),
        external: fc.boolean(),
        ip: fc.constantFrom('10.96.0.1', '10.96.0.2'),
      }),
      { nil: undefined },
    )
    .map((given) =>
      given === undefined
        ? undefined
        : aService(`svc-${at}`, {
            type: 'NodePort',
            clusterIP: given.ip,
            ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: given.nodePort }],
            externalIPs: given.external ? ['198.51.100.1'] : [],
          }),
    )

const slices = (at: number): fc.Arbitrary<readonly EndpointSlice[]> =>
  fc.array(fc.integer({ min: 2, max: 6 }), { maxLength: 3 }).map((hosts) => [
    aSlice(
      `svc-${at}-0`,
      `svc-${at}`,
      hosts.map((host) => anEndpoint(`10.244.1.${host}`, 'node-1', { conditions: { ready: host !== 2 } })),
    ),
  ])

describe('createRuleTable', () => {
  it('holds after any changes what it would hold if made from what there is now', () => {
    const change = fc.nat(2).chain((at) => fc.record({ at: fc.constant(at), service: service(at), slices: slices(at) }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const grown = createRuleTable('IPv4')
        const last = new Map<number, (typeof changes)[number]>()
        for (const one of changes) {
          grown.rebuild(`default/svc-${one.at}`, { ...one, place })
          last.set(one.at, one)
        }
        const fresh = createRuleTable('IPv4')
        for (const one of last.values()) fresh.rebuild(`default/svc-${one.at}`, { ...one, place })
        expect(shown(grown)).toEqual(shown(fresh))
      }),
    )
  })

  it('says whether rules changed, and touches no other Service', () => {
    const table = createRuleTable('IPv4')
    const other = aService('other', { clusterIP: '10.96.0.9' })
    const web = aService('web')
    const one = [aSlice('web-0', 'web', [anEndpoint('10.244.1.2', 'node-1')])]
    expect(table.rebuild('default/other', { service: other, slices: [], place })).toBe(true)
    const [untouched] = table.of('default/other')
    expect(table.rebuild('default/web', { service: web, slices: one, place })).toBe(true)
    expect(table.rebuild('default/web', { service: web, slices: one, place })).toBe(false)
    const unready = anEndpoint('10.244.1.3', 'node-1', { conditions: { ready: false } })
    const two = [aSlice('web-0', 'web', [anEndpoint('10.244.1.2', 'node-1'), unready])]
    expect(table.rebuild('default/web', { service: web, slices: two, place })).toBe(false)
    expect(table.endpointCount).toBe(2)
    expect(table.of('default/other')[0]).toBe(untouched)
    expect(table.rebuild('default/web', { service: undefined, slices: two, place })).toBe(true)
    expect(table.of('default/web')).toEqual([])
    expect(table.endpointCount).toBe(0)
    expect(table.portals('TCP', '10.96.0.10', 80)).toEqual([])
  })

  it('shares rules between nodes where they are the same, and only there', () => {
    const tables = ['node-1', 'node-2'].map((nodeName) => ({
      table: createRuleTable('IPv4'),
      place: { nodeName, zone: '' },
    }))
    const slices = [aSlice('web-0', 'web', [anEndpoint('10.244.1.2', 'node-1')])]
    const rulesFor = (service: Service): readonly unknown[] =>
      tables.map((node) => {
        node.table.rebuild('default/web', { service, slices, place: node.place })
        return node.table.of('default/web')[0]
      })
    const [a, b] = rulesFor(aService('web'))
    expect(a).toBe(b)
    const [c, d] = rulesFor(aService('web', { internalTrafficPolicy: 'Local' }))
    expect(c).not.toEqual(d)
  })
})
