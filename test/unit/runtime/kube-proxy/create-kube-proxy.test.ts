import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { Endpoint, EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { evaluateConnection } from '../../../../runtime/kube-proxy/evaluate-connection.ts'
import { createKubeProxy, type KubeProxy } from '../../../../runtime/kube-proxy/create-kube-proxy.ts'
import { openConnection } from '../../../../runtime/kube-proxy/open-connection.ts'
import type { RulesTruth } from '../../../../runtime/kube-proxy/rules-truth.ts'
import { createTimeline, type TimelineWriter } from '../../../../runtime/record/create-timeline.ts'
import { createFakeTransport, type FakeTransport } from '../client/fake-transport.ts'
import { aNode, anEndpoint, aService, aSlice, freeze } from './builders.ts'

const second = 1_000_000

interface World {
  readonly kernel: Kernel
  readonly timeline: TimelineWriter
  readonly proxy: KubeProxy
  /** The connection of the last start. */
  transport(): FakeTransport
  /** Lists what there is to the watch of a kind. */
  list(plural: string, ...objects: readonly KubeObject[]): void
  tell(plural: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void
  runTo(time: number): void
  /** [instant, changed services → backends of the Cluster policy] of each entry about rules. */
  syncs(): readonly (readonly [number, Readonly<Record<string, readonly string[] | undefined>>])[]
}

const node = (
  labels: Record<string, string> = {},
  addresses = [{ type: 'InternalIP', address: '192.168.0.11' }],
): KubeObject =>
  freeze({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', labels },
    spec: {},
    status: { addresses },
  } as unknown as KubeObject)

const slice = (endpoints: readonly Endpoint[], more: object = {}): KubeObject => aSlice('web-0', 'web', endpoints, more)
const at = (host: number, more: Partial<Endpoint> = {}): Endpoint => anEndpoint(`10.244.1.${host}`, 'node-1', more)

const world = (flags: Readonly<Record<string, string>> = {}): World => {
  const kernel = createKernel({ seed: 'kube-proxy' })
  const timeline = createTimeline(kernel)
  const transports: FakeTransport[] = []
  const transport = (): FakeTransport => transports[transports.length - 1]!
  const proxy = createKubeProxy({
    kernel,
    trace: timeline,
    node: 'node-1',
    scheme: builtinScheme(),
    flags,
    transport() {
      transports.push(createFakeTransport())
      return transport()
    },
  })
  const watchOf = (plural: string): FakeTransport['watches'][number] => {
    const found = transport().watches.find((one) => one.request.resource.plural === plural && !one.closed)
    if (found === undefined) throw new Error(`nobody watches ${plural}`)
    return found
  }
  return {
    kernel,
    timeline,
    proxy,
    transport,
    list(plural, ...objects) {
      for (const object of objects) watchOf(plural).sink.event({ type: 'ADDED', object, cause: -1 })
      watchOf(plural).sink.event({ type: 'BOOKMARK', resourceVersion: '10', initialEventsEnd: true })
    },
    tell: (plural, type, object) => watchOf(plural).sink.event({ type, object, cause: -1 }),
    runTo(time) {
      while (kernel.step(time));
      kernel.idleUntil(time)
    },
    syncs: () =>
      timeline.about('rules/node-1').map((entry) => {
        const { changed } = timeline.data(entry) as RulesTruth
        const backends = Object.entries(changed).map(([name, rules]) => [name, rules[0]?.cluster] as const)
        return [timeline.time(entry), Object.fromEntries(backends)] as const
      }),
  }
}

/** Started, with a Service of one endpoint; everything synced. */
const settled = (flags: Readonly<Record<string, string>> = {}): World => {
  const made = world(flags)
  made.proxy.start()
  made.list('nodes', node())
  made.runTo(0)
  made.list('services', aService('web'))
  made.list('endpointslices', slice([at(2)]))
  made.runTo(10 * second)
  return made
}

const verdict = ({ proxy }: World, source = '10.244.1.200'): string =>
  evaluateConnection(proxy.view, { protocol: 'TCP', source, destination: '10.96.0.10', port: 80 }).verdict

describe('createKubeProxy', () => {
  it('watches its own node, then what it proxies, and tells of its start', () => {
    const made = world()
    made.proxy.start()
    expect(made.transport().watches.map((one) => one.request.resource.plural)).toEqual(['nodes'])
    expect(made.transport().watches[0]!.request.options).toMatchObject({ fieldSelector: 'metadata.name=node-1' })
    made.list('nodes', node())
    made.runTo(0)
    const services = made.transport().watches[1]!.request
    expect(services.resource.plural).toBe('services')
    expect(services.options).toMatchObject({ fieldSelector: 'spec.clusterIP!=None' })
    expect(services.resource.fieldSelectors).toContain('spec.clusterIP')
    expect(made.transport().watches[2]!.request.resource.plural).toBe('endpointslices')
    expect(made.transport().sent.map((one) => one.body)).toMatchObject([
      { kind: 'Event', reason: 'Starting', action: 'StartKubeProxy', regarding: { kind: 'Node', name: 'node-1' } },
    ])
  })

  it('writes no rules before Services and slices have both been heard', () => {
    const made = world()
    made.proxy.start()
    made.list('nodes', node())
    made.runTo(0)
    made.list('services', aService('web'))
    made.runTo(30_000)
    expect(made.syncs()).toEqual([])
    expect(verdict(made)).toBe('none')
    made.list('endpointslices', slice([at(2)]))
    made.runTo(second)
    // It asks ten times a second whether its caches are filled.
    expect(made.syncs()).toEqual([[100_000, { 'default/web': ['10.244.1.2:8080'] }]])
    expect(verdict(made)).toBe('forward')
  })

  it('writes a first change at once, and what comes within the second after it together', () => {
    const made = settled()
    made.tell('endpointslices', 'MODIFIED', slice([at(2), at(3)]))
    made.runTo(10 * second + 300_000)
    made.tell('endpointslices', 'MODIFIED', slice([at(3)]))
    made.runTo(10 * second + 600_000)
    made.tell('endpointslices', 'MODIFIED', slice([at(3), at(4)]))
    made.runTo(20 * second)
    expect(made.syncs().slice(1)).toEqual([
      [10 * second, { 'default/web': ['10.244.1.2:8080', '10.244.1.3:8080'] }],
      [11 * second, { 'default/web': ['10.244.1.3:8080', '10.244.1.4:8080'] }],
    ])
  })

  it('rests as long as its flag says', () => {
    const made = settled({ sync: '2s' })
    made.tell('endpointslices', 'MODIFIED', slice([at(3)]))
    made.runTo(10 * second + 1)
    made.tell('endpointslices', 'MODIFIED', slice([at(4)]))
    made.runTo(20 * second)
    expect(made.syncs().map(([time]) => time)).toEqual([0, 10 * second, 12 * second])
  })

  it('has nothing to do while nothing changes', () => {
    const made = settled()
    expect(made.kernel.nextAt()).toBeUndefined()
    expect(made.kernel.settled).toBe(true)
  })

  it('tells nothing where the rules stay what they were, yet rests after looking', () => {
    const made = settled()
    made.tell('endpointslices', 'MODIFIED', slice([at(2), at(3, { conditions: { ready: false } })]))
    made.runTo(10 * second + 1)
    made.tell('endpointslices', 'MODIFIED', slice([at(3)]))
    made.runTo(20 * second)
    expect(made.syncs().slice(1)).toEqual([[11 * second, { 'default/web': ['10.244.1.3:8080'] }]])
  })

  it('does not look where a Service changes in what does not concern it', () => {
    const made = settled()
    const web = aService('web')
    made.tell('services', 'MODIFIED', freeze({ ...web, metadata: { ...web.metadata, labels: { a: 'b' } } }))
    expect(made.kernel.nextAt()).toBeUndefined()
  })

  it('takes the rules of a deleted Service away', () => {
    const made = settled()
    made.tell('services', 'DELETED', aService('web'))
    made.runTo(20 * second)
    expect(made.syncs().slice(1)).toEqual([[10 * second, { 'default/web': undefined }]])
    expect(verdict(made)).toBe('none')
  })

  it('rejects when the last slice is gone', () => {
    const made = settled()
    made.tell('endpointslices', 'DELETED', slice([at(2)]))
    made.runTo(20 * second)
    expect(verdict(made)).toBe('reject')
  })

  it.each([
    ['a Service of another proxy', 'services', { 'service.kubernetes.io/service-proxy-name': 'mine' }],
    ['a slice of a headless Service', 'endpointslices', { 'service.kubernetes.io/headless': '' }],
  ])('does not see %s', (_what, plural, labels) => {
    const made = settled()
    const object = plural === 'services' ? aService('web') : slice([at(2)])
    const labelled = freeze({
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
    })
    made.tell(plural, 'MODIFIED', labelled)
    made.runTo(20 * second)
    expect(verdict(made)).toBe(plural === 'services' ? 'none' : 'reject')
  })

  it('follows the zone of its node', () => {
    const made = settled()
    const hinted = ['a', 'b'].map((zone, i) => at(2 + i, { hints: { forZones: [{ name: zone }] } }))
    made.tell('endpointslices', 'MODIFIED', slice(hinted))
    made.runTo(15 * second)
    made.tell('nodes', 'MODIFIED', node({ 'topology.kubernetes.io/zone': 'b' }))
    made.runTo(20 * second)
    expect(made.syncs().slice(1)).toEqual([
      [10 * second, { 'default/web': ['10.244.1.2:8080', '10.244.1.3:8080'] }],
      [15 * second, { 'default/web': ['10.244.1.3:8080'] }],
    ])
  })

  it('waits for the address of its node, and goes on without one after half a minute', () => {
    const late = world()
    late.proxy.start()
    late.list('nodes')
    late.runTo(2_500_000)
    late.tell('nodes', 'ADDED', node())
    late.runTo(2_999_999)
    expect(late.transport().watches).toHaveLength(1)
    late.runTo(3 * second)
    expect(late.transport().watches).toHaveLength(3)
    expect(late.proxy.view.nodeIP).toBe('192.168.0.11')

    const never = world()
    never.proxy.start()
    never.list('nodes', node({}, []))
    never.runTo(29_999_999)
    expect(never.transport().watches).toHaveLength(1)
    never.runTo(30 * second)
    expect(never.transport().watches).toHaveLength(3)
    expect(never.proxy.view.nodeIP).toBe('127.0.0.1')
  })

  it('leaves its rules behind when it dies, and does nothing more', () => {
    const made = settled()
    made.tell('endpointslices', 'MODIFIED', slice([at(3)]))
    made.proxy.stop('crash')
    made.runTo(20 * second)
    expect(made.syncs()).toHaveLength(1)
    expect(verdict(made)).toBe('forward')
    expect(made.transport().watches.every((one) => one.closed)).toBe(true)
  })

  it('comes back and changes only what is different by then', () => {
    const made = settled()
    made.proxy.stop('graceful')
    made.proxy.start()
    made.list('nodes', node())
    made.runTo(10 * second)
    made.list('services', aService('other', { clusterIP: '10.96.0.20' }))
    made.list('endpointslices', aSlice('other-0', 'other', [at(9)]))
    made.runTo(20 * second)
    expect(made.syncs().slice(1)).toEqual([
      [10 * second, { 'default/other': ['10.244.1.9:8080'], 'default/web': undefined }],
    ])
    expect(verdict(made)).toBe('none')
  })

  it('says nothing when it comes back to what it left', () => {
    const made = settled()
    made.proxy.stop('crash')
    made.proxy.start()
    made.list('nodes', node())
    made.runTo(10 * second)
    made.list('services', aService('web'))
    made.list('endpointslices', slice([at(2)]))
    made.runTo(20 * second)
    expect(made.syncs()).toHaveLength(1)
  })

  it('has no rules after the node lost its power', () => {
    const made = settled()
    made.proxy.stop('crash')
    made.proxy.flush()
    expect(verdict(made)).toBe('none')
    expect(made.syncs().slice(1)).toEqual([[10 * second, { 'default/web': undefined }]])
    made.proxy.flush()
    expect(made.syncs()).toHaveLength(2)
  })

  it('forgets who was with a backend that was gone in between', () => {
    const made = settled()
    const sticky = aService('web', {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
    })
    made.tell('services', 'MODIFIED', sticky)
    made.tell('endpointslices', 'MODIFIED', slice([at(2), at(3)]))
    made.runTo(12 * second)
    const packet = { protocol: 'TCP', source: '10.244.1.200', destination: '10.96.0.10', port: 80 }
    const connect = (pick: number): string => {
      const draws = { choose: (_label: string, n: number): number => pick % n, affinity: made.proxy.affinity }
      const opened = openConnection(made.proxy.view, packet, draws)
      return opened.verdict === 'forward' ? opened.backend.endpoint : opened.verdict
    }
    expect([connect(1), connect(0)]).toEqual(['10.244.1.3:8080', '10.244.1.3:8080'])
    made.tell('endpointslices', 'MODIFIED', slice([at(2)]))
    made.runTo(14 * second)
    made.tell('endpointslices', 'MODIFIED', slice([at(2), at(3)]))
    made.runTo(16 * second)
    expect(connect(0)).toBe('10.244.1.2:8080')
  })

  it('comes to the rules of what there is, whatever came in between and when', () => {
    const hosts = fc.subarray([2, 3, 4, 5])
    const step = fc.record({
      wait: fc.nat(1_500_000),
      which: fc.constantFrom('a', 'b'),
      hosts,
      gone: fc.boolean(),
      crash: fc.nat(9),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const made = settled()
        made.tell('services', 'ADDED', aService('b', { clusterIP: '10.96.0.11' }))
        const now = new Map<string, KubeObject>()
        now.set('web-0', slice([at(2)]))
        let time = 10 * second
        for (const { wait, which, hosts, gone, crash } of steps) {
          time += wait
          made.runTo(time)
          const service = which === 'a' ? 'web' : 'b'
          const object = aSlice(
            `${service}-0`,
            service,
            hosts.map((host) => at(host)),
          )
          const known = now.has(object.metadata.name)
          if (gone && !known) continue
          made.tell('endpointslices', gone ? 'DELETED' : known ? 'MODIFIED' : 'ADDED', object)
          if (gone) now.delete(object.metadata.name)
          else now.set(object.metadata.name, object)
          if (crash > 0) continue
          made.proxy.stop('crash')
          made.proxy.start()
          made.list('nodes', node())
          made.runTo(time)
          made.list('services', aService('web'), aService('b', { clusterIP: '10.96.0.11' }))
          made.list('endpointslices', ...now.values())
        }
        made.runTo(time + 5 * second)
        const fresh = aNode([aService('web'), aService('b', { clusterIP: '10.96.0.11' })], [
          ...now.values(),
        ] as EndpointSlice[])
        expect(made.proxy.view.table.all()).toEqual(fresh.table.all())
        expect(made.kernel.nextAt()).toBeUndefined()
        const times = made.syncs().map(([at]) => at)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })

  it('warns in the mode ipvs before it tells of its start, and lets syncs follow each other at once', () => {
    const made = settled({ mode: 'ipvs' })
    expect(made.transport().sent.map((one) => one.body)).toMatchObject([
      { type: 'Warning', reason: 'IPVSDeprecation', action: 'StartKubeProxy' },
      { type: 'Normal', reason: 'Starting' },
    ])
    const names = made.transport().sent.map((one) => (one.body as KubeObject).metadata.name)
    expect(new Set(names).size).toBe(2)
    made.tell('endpointslices', 'MODIFIED', slice([at(3)]))
    made.runTo(10 * second + 300_000)
    made.tell('endpointslices', 'MODIFIED', slice([at(4)]))
    made.runTo(20 * second)
    expect(made.syncs().map(([time]) => time)).toEqual([0, 10 * second, 10 * second + 300_000])
  })

  it('answers the health check node port by what it has synced, as long as it runs', () => {
    const local = (endpoints: readonly Endpoint[]): World => {
      const made = world()
      made.proxy.start()
      made.list('nodes', node())
      made.runTo(0)
      const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31_000 } as const
      made.list('services', aService('web', spec))
      made.list('endpointslices', slice(endpoints))
      expect(made.proxy.health('default/web').code).toBe(503)
      made.runTo(10 * second)
      return made
    }
    const made = local([at(2), at(3)])
    expect(made.proxy.health('default/web')).toEqual({ code: 200, localEndpoints: 2 })
    expect(made.proxy.health('default/other').code).toBe(503)
    // Who terminates still serves, and is not counted: the balancer is to go elsewhere.
    const leaving = { conditions: { ready: false, serving: true, terminating: true } }
    made.tell('endpointslices', 'MODIFIED', slice([at(2, leaving)]))
    made.runTo(11 * second)
    expect(made.proxy.health('default/web')).toEqual({ code: 503, localEndpoints: 0 })
    made.tell('endpointslices', 'MODIFIED', slice([at(2)]))
    made.runTo(13 * second)
    expect(made.proxy.health('default/web').code).toBe(200)
    made.proxy.stop('crash')
    expect(made.proxy.health('default/web').code).toBe(503)
    expect(local([anEndpoint('10.244.2.2', 'node-2')]).proxy.health('default/web').code).toBe(503)
  })

  it('refuses flags that it does not know', () => {
    expect(() => world({ mode: 'userspace' })).toThrow(
      'kube-proxy: proxy mode userspace is none of iptables, ipvs, nftables',
    )
  })

  it('ties its entries to what caused them', () => {
    const made = settled()
    const actor = made.kernel.actor('etcd')
    const entry = made.timeline.append('step', actor, 'write', 'endpointslices/default/web-0')
    const watch = made.transport().watches.find((one) => one.request.resource.plural === 'endpointslices')!
    watch.sink.event({ type: 'MODIFIED', object: slice([at(3)]), cause: entry })
    made.runTo(20 * second)
    const last = made.timeline.about('rules/node-1').at(-1)!
    expect(made.timeline.cause(last)).toBe(entry)
    expect(made.timeline.actor(last)).toBe('kube-proxy/node-1')
    expect(made.timeline.kind(last)).toBe('truth')
  })
})
