import { describe, expect, it } from 'vitest'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { ApiRequest } from '../../../../api/protocol/request.ts'
import type { ApiResponse } from '../../../../api/protocol/response.ts'
import type { WatchSink } from '../../../../runtime/client/transport.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'
import { createControllerManager, type ControllerManager } from '../../../../runtime/reconcile/controller-manager.ts'
import { done, type Controller } from '../../../../runtime/reconcile/controller.ts'

const heartbeats = {
  beat: () => undefined,
  silence: () => undefined,
  last: () => undefined,
  beating: () => true,
  subscribe: () => () => undefined,
}

interface World {
  readonly kernel: Kernel
  readonly manager: ControllerManager
  readonly entries: {
    readonly kind: string
    readonly action: string
    readonly subject: string
    readonly cause: number
  }[]
  readonly sent: { readonly request: ApiRequest; readonly reply: (response: ApiResponse) => void }[]
  /** Sinks of the watches by kind, the latest. */
  readonly sinks: Map<string, WatchSink>
  closed: boolean
}

const pod = (name: string, version: string, more: object = {}): never =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion: version, ...more },
  }) as never

const world = (controllers: readonly Controller[]): World => {
  const kernel = createKernel({ seed: 'manager' })
  const entries: { kind: string; action: string; subject: string; cause: number }[] = []
  const trace: Trace = {
    append(...[kind, , action, subject]) {
      entries.push({ kind, action, subject, cause: kernel.cause })
      return entries.length - 1
    },
  }
  const sent: World['sent'] = []
  const sinks = new Map<string, WatchSink>()
  const state = { closed: false }
  const manager = createControllerManager({
    kernel,
    trace,
    name: 'kube-controller-manager',
    controllers,
    heartbeats,
    scheme: builtinScheme(),
    transport: () => ({
      send: (request, reply) => void sent.push({ request, reply }),
      watch(request, sink) {
        sinks.set(request.resource.id, sink)
        return { close: () => undefined }
      },
      close: () => void (state.closed = true),
    }),
  })
  return {
    kernel,
    manager,
    entries,
    sent,
    sinks,
    get closed() {
      return state.closed
    },
  }
}

const run = (kernel: Kernel, until = kernel.now): void => {
  while (kernel.step(until));
}

const sync = (one: World, ...names: string[]): void => {
  for (const sink of one.sinks.values()) {
    for (const name of names) sink.event({ type: 'ADDED', object: pod(name, '5'), cause: 41 })
    sink.event({ type: 'BOOKMARK', resourceVersion: '9', initialEventsEnd: true })
  }
  run(one.kernel)
}

const controllerOf = (over: Partial<Controller>): Controller => ({
  name: 'test-controller',
  reconciles: 'v1/Pod',
  *reconcile() {
    return done
  },
  ...over,
})

describe('controller manager', () => {
  it('reconciles nothing before its informers have synced, then every object, as its service account', () => {
    const one = world([
      controllerOf({
        workers: 2,
        *reconcile(key, io) {
          yield* io.write.patch(io.read.get('v1/Pod', key)!, { metadata: {} })
        },
      }),
    ])
    one.manager.start()
    run(one.kernel)
    expect(one.sent).toEqual([])
    sync(one, 'a', 'b', 'c')
    // Two workers: the third key waits.
    expect(one.sent.map(({ request }) => request.name)).toEqual(['a', 'b'])
    expect(one.sent[0]!.request.credentials).toEqual({
      kind: 'serviceaccount',
      namespace: 'kube-system',
      name: 'test-controller',
    })
    one.sent[0]!.reply({ code: 200, body: pod('a', '10') })
    run(one.kernel)
    expect(one.sent.map(({ request }) => request.name)).toEqual(['a', 'b', 'c'])
  })

  it('writes a hop only for a reconcile that asks something, and remembers what queued it', () => {
    const one = world([
      controllerOf({
        *reconcile(key, io) {
          if (key === 'ns/a') yield* io.live.get('v1/Pod', key)
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a', 'b')
    one.sent[0]!.reply({ code: 200, body: pod('a', '10') })
    run(one.kernel)
    expect(one.entries.filter(({ kind }) => kind === 'hop')).toHaveLength(1)
    one.sinks.get('v1/Pod')!.event({ type: 'MODIFIED', object: pod('a', '11'), cause: 77 })
    run(one.kernel)
    expect(one.entries.at(-1)).toEqual({ kind: 'hop', action: 'reconcile', subject: 'pods/ns/a', cause: 77 })
  })

  it('tries again after a throw, a retry and a requeue, each in its time', () => {
    const times: number[] = []
    const results = ['throw', 'retry', 'requeue', 'done']
    const one = world([
      controllerOf({
        *reconcile(_key, io) {
          times.push(io.now())
          const next = results.shift()
          if (next === 'throw') throw new Error('oops')
          if (next === 'retry') return { retry: 'not yet' }
          return next === 'requeue' ? { requeueAfter: 1_000_000 } : done
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    run(one.kernel, 10_000_000)
    expect(times).toEqual([0, 5_000, 15_000, 1_015_000])
    expect(one.entries.map(({ action }) => action)).toEqual(['reconcile-failed'])
  })

  it('gives up a key after its retries', () => {
    let count = 0
    const one = world([
      controllerOf({
        maxRetries: 3,
        *reconcile() {
          count += 1
          return { retry: 'never' }
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    run(one.kernel, 100_000_000)
    expect(count).toBe(4)
  })

  it('drops everything in a crash: a late answer changes nothing, a start is a new process', () => {
    let memories = 0
    const seen: string[] = []
    const one = world([
      controllerOf({
        memory: () => (memories += 1),
        *reconcile(key, io) {
          yield* io.live.get('v1/Pod', key)
          seen.push(key)
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    one.manager.stop('crash')
    expect(one.closed).toBe(true)
    expect(one.manager.running).toBe(false)
    one.sent[0]!.reply({ code: 200, body: pod('a', '10') })
    run(one.kernel, 1_000_000)
    expect(seen).toEqual([])
    one.manager.start()
    sync(one, 'a')
    one.sent[1]!.reply({ code: 200, body: pod('a', '10') })
    expect(seen).toEqual(['ns/a'])
    expect(memories).toBe(2)
  })

  it('stops and starts one controller by either name', () => {
    const counts = { test: 0, other: 0 }
    const one = world([
      controllerOf({
        *reconcile() {
          counts.test += 1
        },
      }),
      controllerOf({
        name: 'other-controller',
        *reconcile() {
          counts.other += 1
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    one.manager.controller('test')!.stop('crash')
    one.sinks.get('v1/Pod')!.event({ type: 'MODIFIED', object: pod('a', '11'), cause: -1 })
    run(one.kernel)
    expect(counts).toEqual({ test: 1, other: 2 })
    one.manager.controller('test-controller')!.start()
    run(one.kernel)
    expect(counts).toEqual({ test: 2, other: 2 })
    expect(one.manager.controller('nobody')).toBeUndefined()
  })

  it('asks several things side by side, and answers in their order', () => {
    const got: boolean[] = []
    const one = world([
      controllerOf({
        *reconcile(_key, io) {
          const answers = yield* io.together(['x', 'y'].map((name) => io.live.get('v1/Pod', `ns/${name}`)))
          got.push(...answers.map((answer) => answer.ok))
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    expect(one.sent).toHaveLength(2)
    // The call that was started last goes out first, as goroutines do.
    const requestOf = (name: string): (typeof one.sent)[number] =>
      one.sent.find(({ request }) => request.name === name)!
    expect(one.sent.map(({ request }) => request.name)).toEqual(['y', 'x'])
    requestOf('y').reply({ code: 404, body: { reason: 'NotFound' } })
    expect(got).toEqual([])
    requestOf('x').reply({ code: 200, body: pod('x', '1') })
    expect(got).toEqual([true, false])
  })

  it('waits until the caches have seen its own writes, where it says so', () => {
    let started = 0
    const one = world([
      controllerOf({
        readsItsWrites: true,
        *reconcile(key, io) {
          started += 1
          if (started === 1) yield* io.write.patch(io.read.get('v1/Pod', key)!, {})
        },
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    one.sent[0]!.reply({ code: 200, body: pod('a', '20') })
    one.sinks.get('v1/Pod')!.event({ type: 'MODIFIED', object: pod('a', '15'), cause: -1 })
    run(one.kernel, 1_000)
    expect(started).toBe(1)
    one.sinks.get('v1/Pod')!.event({ type: 'MODIFIED', object: pod('a', '20'), cause: -1 })
    run(one.kernel, 10_000)
    expect(started).toBeGreaterThan(1)
  })

  it('parks an idle loop and wakes it in its own phase', () => {
    const times: number[] = []
    const one = world([
      controllerOf({
        watches: {
          'v1/Pod': (_object, io) => {
            io.wake('look')
            return []
          },
        },
        loops: [
          {
            name: 'look',
            first: 0,
            every: 1_000,
            *run(io) {
              times.push(io.now())
            },
            idle: () => true,
          },
        ],
      }),
    ])
    one.manager.start()
    sync(one, 'a')
    run(one.kernel, 5_500)
    expect(times).toEqual([0])
    one.kernel.idleUntil(5_500)
    one.sinks.get('v1/Pod')!.event({ type: 'MODIFIED', object: pod('a', '11'), cause: -1 })
    run(one.kernel, 20_000)
    expect(times).toEqual([0, 6_000])
  })
})
