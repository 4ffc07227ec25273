import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node, Service } from '../../../../api/types/core-v1.generated.ts'
import type { Endpoint } from '../../../../api/types/discovery-v1.generated.ts'
import {
  addHints,
  createTopologyCache,
  hintsEnabled,
  overloadedServices,
  zoneRatios,
  type HintedSlices,
  type TopologyCache,
} from '../../../../runtime/controllers/endpointslice/topology-hints.ts'

const node = (zone: string | undefined, cpu: string, parts: { ready?: string; labels?: object } = {}): Node =>
  ({
    metadata: {
      name: 'n',
      labels: { ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }), ...parts.labels },
    },
    status: { allocatable: { cpu }, conditions: [{ type: 'Ready', status: parts.ready ?? 'True' }] },
  }) as never

const endpoint = (zone: string | undefined, hint?: string, ready = true): Endpoint => ({
  addresses: ['10.0.0.1'],
  conditions: { ready },
  ...(zone === undefined ? {} : { zone }),
  ...(hint === undefined ? {} : { hints: { forZones: [{ name: hint }] } }),
})

const slice = (...endpoints: readonly Endpoint[]): HintedSlices['create'][number] =>
  ({ kind: 'EndpointSlice', metadata: { name: 's' }, addressType: 'IPv4', endpoints }) as never
const slices = (parts: Partial<HintedSlices>): HintedSlices => ({ create: [], update: [], unchanged: [], ...parts })

const of = { key: 'default/web', addressType: 'IPv4' } as const
const cacheOf = (ratios: Readonly<Record<string, number>>): TopologyCache => {
  const cache = createTopologyCache()
  cache.ratios = new Map(Object.entries(ratios))
  return cache
}
const hintsOf = (plan: { readonly create: HintedSlices['create']; readonly update: HintedSlices['update'] }) =>
  [...plan.create, ...plan.update].flatMap((one) =>
    (one.endpoints ?? []).map((each) => each.hints?.forZones?.[0]?.name),
  )

describe('shares of the zones', () => {
  it.each([
    ['two zones', [node('a', '3'), node('b', '1')], { a: 0.75, b: 0.25 }],
    [
      'a node that is not ready does not count',
      [node('a', '1'), node('b', '1'), node('b', '2', { ready: 'False' })],
      { a: 0.5, b: 0.5 },
    ],
    [
      'nor one of the control plane',
      [node('a', '1'), node('b', '1'), node('b', '8', { labels: { 'node-role.kubernetes.io/control-plane': '' } })],
      { a: 0.5, b: 0.5 },
    ],
    ['a node without a zone spoils all', [node('a', '1'), node('b', '1'), node(undefined, '1')], undefined],
    ['so does one without CPU', [node('a', '1'), node('b', '0')], undefined],
    ['one zone is none', [node('a', '1'), node('a', '2')], undefined],
    ['milli-CPU', [node('a', '500m'), node('b', '1500m')], { a: 0.25, b: 0.75 }],
  ] as const)('%s', (_, nodes, expected) => {
    const ratios = zoneRatios(nodes)
    expect(ratios === undefined ? undefined : Object.fromEntries(ratios)).toEqual(expected)
  })
})

describe('hints', () => {
  it.each([
    ['an even spread keeps its zones', { a: 0.5, b: 0.5 }, [endpoint('a'), endpoint('b')], ['a', 'b']],
    ['a zone that is short is given one', { a: 0.5, b: 0.5 }, [endpoint('a'), endpoint('a')], ['b', 'a']],
    [
      'endpoints that are not ready get none',
      { a: 0.5, b: 0.5 },
      [endpoint('a'), endpoint('b'), endpoint('a', undefined, false)],
      ['a', 'b', undefined],
    ],
  ] as const)('%s', (_, ratios, endpoints, expected) => {
    const plan = addHints(cacheOf(ratios), of, slices({ create: [slice(...endpoints)] }))
    expect(hintsOf(plan)).toEqual(expected)
    expect(plan.events.map((event) => event.reason)).toEqual(['TopologyAwareHintsEnabled'])
  })

  it.each([
    [
      'too few endpoints',
      cacheOf({ a: 0.5, b: 0.5 }),
      [endpoint('a')],
      'Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4',
    ],
    [
      'nothing known of nodes',
      createTopologyCache(),
      [endpoint('a')],
      'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4',
    ],
    [
      'an endpoint without a zone',
      cacheOf({ a: 0.5, b: 0.5 }),
      [endpoint('a'), endpoint(undefined)],
      'One or more endpoints do not have a zone specified, addressType: IPv4',
    ],
    [
      'shares that cannot be met',
      cacheOf({ a: 0.35, b: 0.35, c: 0.3 }),
      [endpoint('a'), endpoint('b'), endpoint('c'), endpoint('a')],
      'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (4 endpoints, 3 zones), addressType: IPv4',
    ],
  ] as const)('none, and why: %s', (_, cache, endpoints, message) => {
    const stale = slice(endpoint('b', 'b', false))
    const plan = addHints(cache, of, slices({ create: [slice(...endpoints)], unchanged: [stale] }))
    expect(hintsOf(plan)).toEqual([...endpoints.map(() => undefined), undefined])
    expect(plan.events).toEqual([{ type: 'Warning', reason: 'TopologyAwareHintsDisabled', message }])
  })

  it('right ones are left alone, and told of once', () => {
    const cache = cacheOf({ a: 0.5, b: 0.5 })
    addHints(cache, of, slices({ create: [slice(endpoint('a'), endpoint('b'))] }))
    const plan = addHints(cache, of, slices({ unchanged: [slice(endpoint('a', 'a'), endpoint('b', 'b'))] }))
    expect(plan).toEqual({ create: [], update: [], events: [] })
  })

  it('a Service is overloaded once a zone has fewer than its share', () => {
    const cache = cacheOf({ a: 0.5, b: 0.5 })
    addHints(cache, of, slices({ create: [slice(endpoint('a'), endpoint('b'))] }))
    expect(overloadedServices(cache)).toEqual([])
    cache.ratios = new Map([
      ['a', 0.3],
      ['b', 0.4],
      ['c', 0.3],
    ])
    expect(overloadedServices(cache)).toEqual(['default/web'])
  })

  it('every ready endpoint is hinted to a zone that is known, and no zone gets more than it may', () => {
    const zones = ['a', 'b', 'c']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...zones), { minLength: 3, maxLength: 30 }), (placed) => {
        const plan = addHints(
          cacheOf({ a: 1 / 3, b: 1 / 3, c: 1 / 3 }),
          of,
          slices({ create: [slice(...placed.map((zone) => endpoint(zone)))] }),
        )
        const hints = hintsOf(plan)
        if (plan.events[0]?.reason !== 'TopologyAwareHintsEnabled') return hints.every((one) => one === undefined)
        const minimum = Math.ceil((placed.length / 3) * (1 / 1.2))
        return zones.every(
          (zone) => hints.filter((one) => one === zone).length >= Math.min(minimum, Math.floor(placed.length / 3)),
        )
      }),
    )
  })

  it.each([
    [{ 'service.kubernetes.io/topology-mode': 'Auto' }, true],
    [{ 'service.kubernetes.io/topology-mode': 'auto' }, true],
    [{ 'service.kubernetes.io/topology-mode': 'AUTO' }, false],
    [
      { 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'Disabled' },
      false,
    ],
    [undefined, false],
  ])('%j asks for them: %s', (annotations, expected) => {
    expect(hintsEnabled({ metadata: { annotations } } as unknown as Service)).toBe(expected)
  })
})
