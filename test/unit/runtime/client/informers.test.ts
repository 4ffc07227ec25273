import { describe, expect, it } from 'vitest'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createInformers } from '../../../../runtime/client/informers.ts'
import { nodeIndex } from '../../../../runtime/client/indexes.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { createFakeTransport, objectNamed, type FakeTransport } from './fake-transport.ts'

const setUp = (): { kernel: Kernel; transport: FakeTransport; informers: ReturnType<typeof createInformers> } => {
  const kernel = createKernel({ seed: 'informers' })
  const transport = createFakeTransport()
  const informers = createInformers({
    kernel,
    actor: kernel.actor('process'),
    transport,
    credentials: { kind: 'anonymous' },
    userAgent: 'test',
    scheme: builtinScheme(),
  })
  return { kernel, transport, informers }
}

const runTo = (kernel: Kernel, until: number): void => {
  while (kernel.step(until));
}

const end = { type: 'BOOKMARK', resourceVersion: '10', initialEventsEnd: true } as const

describe('informers', () => {
  it('asks for the initial events and is synced by the bookmark that ends them', () => {
    const { transport, informers } = setUp()
    const pods = informers.informer('v1/Pod')
    const heard: string[] = []
    pods.addHandler((type, _before, object) => heard.push(`${type} ${object.metadata.name}`))
    informers.start()
    const [watch] = transport.watches
    expect(watch!.request.options).toMatchObject({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' })
    watch!.sink.event({ type: 'ADDED', object: objectNamed('b', '5'), cause: 1 })
    watch!.sink.event({ type: 'ADDED', object: objectNamed('a', '4'), cause: 1 })
    expect(pods.synced).toBe(false)
    expect(heard).toEqual([])
    watch!.sink.event(end)
    expect(pods.synced).toBe(true)
    expect(pods.list().map((pod) => pod.metadata.name)).toEqual(['a', 'b'])
    expect(heard.sort()).toEqual(['added a', 'added b'])
    expect(pods.resourceVersion).toBe('10')
  })

  it('goes on from the last version when the server ends a watch, at once', () => {
    const { kernel, transport, informers } = setUp()
    informers.informer('v1/Pod')
    informers.start()
    transport.watches[0]!.sink.event(end)
    transport.watches[0]!.sink.closed(undefined)
    expect(transport.watches).toHaveLength(2)
    expect(transport.watches[1]!.request.options).toEqual({ allowWatchBookmarks: true, resourceVersion: '10' })
    // Over within a second without an event: then it waits.
    transport.watches[1]!.sink.closed(undefined)
    expect(transport.watches).toHaveLength(2)
    runTo(kernel, 799_999)
    expect(transport.watches).toHaveLength(2)
    runTo(kernel, 1_600_000)
    expect(transport.watches).toHaveLength(3)
  })

  it('relists after 410, tells of what changed meanwhile and of what is gone', () => {
    const { kernel, transport, informers } = setUp()
    const pods = informers.informer('v1/Pod')
    const heard: string[] = []
    informers.start()
    const first = transport.watches[0]!.sink
    first.event({ type: 'ADDED', object: objectNamed('a', '4'), cause: -1 })
    first.event({ type: 'ADDED', object: objectNamed('b', '5'), cause: -1 })
    first.event(end)
    pods.addHandler((type, before, object) =>
      heard.push(`${type} ${object.metadata.name} ${before?.metadata.resourceVersion ?? '-'}`),
    )
    heard.length = 0
    first.event({ type: 'ERROR', status: { code: 410, reason: 'Expired' } })
    expect(transport.watches[0]!.closed).toBe(true)
    runTo(kernel, 2_000_000)
    const second = transport.watches[1]!.sink
    second.event({ type: 'ADDED', object: objectNamed('b', '12'), cause: -1 })
    second.event({ type: 'ADDED', object: objectNamed('c', '13'), cause: -1 })
    second.event({ ...end, resourceVersion: '13' })
    expect(heard).toEqual(['modified b 5', 'added c -', 'deleted a -'])
  })

  it('retries a refused watch with growing pauses', () => {
    const { kernel, transport, informers } = setUp()
    informers.informer('v1/Pod')
    informers.start()
    const times: number[] = []
    for (let round = 0; round < 6; round += 1) {
      transport.watches[round]!.sink.closed({ code: 0, body: { reason: 'Timeout' } as never })
      while (transport.watches.length === round + 1 && kernel.step(1e9));
      times.push(kernel.now)
    }
    const pauses = times.map((time, at) => time - (times[at - 1] ?? 0))
    pauses.forEach((pause, at) => {
      const base = Math.min(800_000 * 2 ** at, 30_000_000)
      expect(pause).toBeGreaterThanOrEqual(base)
      expect(pause).toBeLessThan(2 * base)
    })
  })

  it('keeps indexes at each change', () => {
    const { transport, informers } = setUp()
    const pods = informers.informer('v1/Pod')
    pods.addIndex(nodeIndex)
    informers.start()
    const { sink } = transport.watches[0]!
    sink.event({ type: 'ADDED', object: objectNamed('a', '4', { spec: { nodeName: 'n1' } }), cause: -1 })
    sink.event(end)
    const first = pods.indexed('node', 'n1')
    expect(first.map((pod) => pod.metadata.name)).toEqual(['a'])
    expect(pods.indexed('node', 'n1')).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
    sink.event({ type: 'MODIFIED', object: objectNamed('a', '11', { spec: { nodeName: 'n2' } }), cause: -1 })
    expect(pods.indexed('node', 'n1')).toEqual([])
    expect(pods.indexed('node', 'n2')).toHaveLength(1)
    sink.event({ type: 'DELETED', object: objectNamed('a', '12', { spec: { nodeName: 'n2' } }), cause: -1 })
    expect(pods.indexed('node', 'n2')).toEqual([])
    expect(pods.list('ns')).toEqual([])
  })

  it('is deaf after a stop', () => {
    const { transport, informers } = setUp()
    const pods = informers.informer('v1/Pod')
    informers.start()
    informers.stop()
    transport.watches[0]!.sink.event(end)
    expect(pods.synced).toBe(false)
    expect(transport.watches[0]!.closed).toBe(true)
  })
})
