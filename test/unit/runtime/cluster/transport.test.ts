import { describe, expect, it } from 'vitest'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { WatchEvent } from '../../../../api/protocol/watch-event.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { ApiServer, ServerWatchSink } from '../../../../runtime/apiserver/api-server.ts'
import { createTransport } from '../../../../runtime/cluster/create-transport.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createNetwork } from '../../../../runtime/network/network.ts'

const pods = builtinScheme().byKind('v1/Pod')!
const request: ApiRequest = {
  verb: 'get',
  resource: pods,
  namespace: 'default',
  name: 'a',
  credentials: { kind: 'anonymous' },
  userAgent: 'test',
}
const ok: ApiResponse = { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {} } }
const bookmark = (n: number): WatchEvent => ({ type: 'BOOKMARK', resourceVersion: String(n), initialEventsEnd: false })

const setUp = (jitter = 0) => {
  const kernel = createKernel({ seed: 's' })
  const network = createNetwork()
  const up = [true, true]
  const listeners: (() => void)[] = []
  const sinks: ServerWatchSink[] = []
  const served: number[] = []
  const serverOf = (index: number): ApiServer => ({
    name: `apiserver/${index}`,
    start: () => undefined,
    stop: () => undefined,
    serve(_, reply) {
      served.push(index)
      kernel.after(10, kernel.actor(`apiserver/${index}`), () => up[index] === true && reply(ok))
    },
    watch(_, sink) {
      sinks.push(sink)
      return { close: () => undefined }
    },
  })
  const transport = createTransport({
    kernel,
    network,
    servers: [0, 1].map((index) => ({ server: serverOf(index), ends: [`apiserver/${index}`], up: () => up[index]! })),
    actor: kernel.actor('kubelet/a'),
    ends: ['node/a'],
    jitter,
    onServers(listener) {
      listeners.push(listener)
      return () => undefined
    },
  })
  const answers: string[] = []
  const send = (): void => transport.send(request, (response) => answers.push(`${kernel.now} ${response.code}`))
  const run = (until: number): void => {
    while (kernel.step(until)) continue
    kernel.idleUntil(Math.max(until, kernel.now))
  }
  const crash = (index: number): void => {
    up[index] = false
    for (const listener of listeners) listener()
  }
  return { kernel, network, transport, answers, send, run, sinks, served, crash }
}

describe('transport', () => {
  it('goes to the first server, and on to the second when that is down', () => {
    const { send, run, answers, served, crash } = setUp()
    send()
    run(100)
    crash(0)
    send()
    run(200)
    expect(answers).toEqual(['10 200', '110 200'])
    expect(served).toEqual([0, 1])
  })

  it('is refused at once when all servers are down, also in the middle of a request', () => {
    const { send, run, answers, crash } = setUp()
    send()
    run(5)
    crash(0)
    crash(1)
    run(100)
    send()
    run(5_000)
    expect(answers).toEqual(['1005 0', '1100 0'])
  })

  it('waits ten seconds behind a cut; an answer after that is not heard', () => {
    const { send, run, answers, network } = setUp()
    send()
    run(5)
    const heal = network.cut('node/a', 'apiserver/*')
    send()
    run(20_000_000)
    heal()
    run(30_000_000)
    expect(answers).toEqual(['10000005 0', '10000005 0'])
  })

  it('adds the delay of each way', () => {
    const { send, run, answers, network } = setUp()
    network.slow('node/a', 'apiserver/0', 300)
    send()
    run(10_000)
    expect(answers).toEqual(['610 200'])
  })

  it('hears nothing any more once it is closed', () => {
    const { send, run, answers, transport, sinks } = setUp()
    const events: WatchEvent[] = []
    transport.watch(request, { event: (event) => events.push(event), closed: () => answers.push('closed') })
    send()
    transport.close()
    sinks[0]!.event(bookmark(1))
    run(1_000_000)
    expect(answers).toEqual([])
    expect(events).toEqual([])
  })

  it('holds the events of a watch back during a short cut, and ends it after a long one', () => {
    const { kernel, run, transport, sinks, network } = setUp()
    const seen: string[] = []
    const sink = {
      event: (event: WatchEvent) =>
        seen.push(`${kernel.now} ${(event as { resourceVersion: string }).resourceVersion}`),
      closed: () => seen.push(`${kernel.now} closed`),
    }
    transport.watch(request, sink)
    sinks[0]!.event(bookmark(1))
    const heal = network.cut('node/a', '*')
    sinks[0]!.event(bookmark(2))
    sinks[0]!.event(bookmark(3))
    run(30_000_000)
    heal()
    sinks[0]!.event(bookmark(4))
    network.cut('node/a', '*')
    sinks[0]!.event(bookmark(5))
    run(200_000_000)
    expect(seen).toEqual(['0 1', '30000000 2', '30000000 3', '30000000 4', '75000000 closed'])
  })

  it('keeps events in order whatever the jitter', () => {
    const { run, transport, sinks } = setUp(1000)
    const seen: string[] = []
    transport.watch(request, {
      event: (event) => seen.push((event as { resourceVersion: string }).resourceVersion),
      closed: () => undefined,
    })
    run(10_000)
    for (let index = 0; index < 50; index += 1) sinks[0]!.event(bookmark(index))
    run(1_000_000)
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => String(index)))
  })
})
