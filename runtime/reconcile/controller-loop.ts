import type { Key, Kind } from '../../api/kind.ts'
import { objectSubject } from '../../api/object-key.ts'
import type { KubeObject } from '../../api/object.ts'
import type { OwnerReference } from '../../api/types/meta-v1.generated.ts'
import { createClient, type Client } from '../client/client.ts'
import { createEventRecorder, type EventRecorder } from '../client/event-recorder.ts'
import { controllerIndex } from '../client/indexes.ts'
import type { Informer } from '../client/informers.ts'
import { keyOf, splitKey } from '../client/object-key.ts'
import { createControllerRateLimiter } from '../client/rate-limiter.ts'
import { timestamp } from '../client/timestamp.ts'
import { createWorkQueue, type WorkQueue } from '../client/work-queue.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Fiber } from '../kernel/fiber.ts'
import type { Timer } from '../kernel/timer.ts'
import { createCacheReader } from './cache-reader.ts'
import type { CacheEvent, Controller, Io, Result } from './controller.ts'
import { createExpectations } from './expectations.ts'
import { createDriver } from './drive-requests.ts'
import type { LoopHost } from './loop-host.ts'
import { createLoopRunner, type LoopRunner } from './loop-runner.ts'
import { together } from './parallel-request.ts'
import { watchAllKinds } from './watch-all.ts'
import { createWriteTracker } from './write-tracker.ts'

/** One controller at work in a process: queue, workers, expectations, memory. A new one is made at each start. */
export interface ControllerLoop {
  /** Nothing happens before; called once the informers have synced. */
  begin(): void
  stop(): void
  readonly queue: WorkQueue
}

export const createControllerLoop = (controller: Controller, host: LoopHost): ControllerLoop => {
  const { kernel, trace, transport, informers, credentials, userAgent } = host
  const actor: Actor = kernel.actor(controller.name)
  const client: Client = createClient({ transport, credentials, userAgent, scheme: host.scheme })
  const recorder: EventRecorder = createEventRecorder({
    kernel,
    trace,
    actor,
    transport,
    credentials,
    userAgent,
    scheme: host.scheme,
    component: controller.eventSource ?? controller.account ?? controller.name,
  })
  const workers = controller.workers ?? 1
  const memory = controller.memory?.()
  const expect = createExpectations(() => kernel.now)
  const writes = createWriteTracker()
  const fibers = new Set<Fiber>()
  const unsubscribe: (() => void)[] = []
  const loops: LoopRunner[] = []
  const asked = new Map<Kind, Informer>()
  /** The waits that results asked for, by key. */
  const looks = new Map<Key, Timer>()
  let begun = false
  let stopped = false
  let active = 0
  let pump: Timer | undefined
  let currentKey: Key | undefined

  const queue = createWorkQueue({
    kernel,
    actor,
    limiter: createControllerRateLimiter(controller.backoff ?? {}),
    onReady: () => wakeWorkers(),
  })
  const requeueTiming = { tag: controller.requeueTag ?? 'progress', label: `${controller.name} looks again` } as const

  const informerOf = (kind: Kind): Informer | undefined => {
    const known = asked.get(kind)
    if (known !== undefined) return known
    if (host.scheme().byKind(kind) === undefined) return undefined
    const informer = informers.informer(kind)
    asked.set(kind, informer)
    // A kind that was named nowhere: the reconcile that read it runs again once its informer has synced.
    if (begun && !informer.synced && currentKey !== undefined) {
      const key = currentKey
      informers.whenSynced(() => queue.add(key))
    }
    return informer
  }
  const read = createCacheReader<KubeObject>(controller.reconciles, informerOf)

  const io: Io = {
    read,
    live: {
      get: (kind, key) => client.get(kind, key),
      list: (kind, where = {}) =>
        client.list(kind, {
          ...(where.namespace === undefined ? {} : { namespace: where.namespace }),
          ...(where.labels === undefined ? {} : { labelSelector: where.labels }),
        }),
    },
    write: {
      create: (object, namespace) => client.create(object, namespace),
      update: (object) => client.update(object),
      updateStatus: (object) => client.updateStatus(object),
      patch: (object, patch, options) => client.patch(object, patch, options),
      patchStatus: (object, status, lock = {}) => client.patch(object, { status }, { ...lock, subresource: 'status' }),
      delete: (object, options) => client.delete(object, options),
      evict: (pod, options) => client.evict(pod, options),
      send: (request) => client.request(request),
    },
    event: (object, type, reason, message) => recorder.event(object, type, reason, message),
    requeue: (key, after) => queue.addAfter(key, after, requeueTiming),
    now: () => kernel.now,
    wall: () => kernel.epoch + kernel.now,
    timestamp: (at = kernel.now) => timestamp(kernel.epoch + at),
    choose: (label, n) => kernel.choose(`${controller.name}/${label}`, n),
    expect,
    heartbeats: host.heartbeats,
    memory,
    wake(name) {
      for (const loop of loops) if (loop.name === name) loop.wake()
    },
    served: (kind) => host.scheme().byKind(kind),
    resources: () => host.scheme().resources,
    together,
  }

  const wakeWorkers = (): void => {
    if (!begun || stopped || pump !== undefined || active >= workers) return
    pump = kernel.at(kernel.now, actor, work)
  }

  const work = (): void => {
    pump = undefined
    while (active < workers && !stopped) {
      const item = queue.take()
      if (item === undefined) return
      active += 1
      reconcile(item.key, item.cause)
    }
  }

  const drive = createDriver({
    kernel,
    actor,
    transport,
    stopped: () => stopped,
    fibers,
  })

  const reconcile = (key: Key, cause: number): void => {
    if (controller.readsItsWrites === true && !writes.seen(key, informerOf)) {
      kernel.cause = cause
      queue.addRateLimited(key)
      ended(key)
      return
    }
    let hop = -1
    const resume = (): void => {
      kernel.cause = hop >= 0 ? hop : cause
      currentKey = key
    }
    resume()
    drive<Result | void>(controller.reconcile(key, io), {
      before() {
        if (hop < 0) {
          kernel.cause = cause
          const resource = host.scheme().byKind(controller.reconciles)
          const { namespace, name } = splitKey(key)
          hop = trace.append(
            'hop',
            actor,
            'reconcile',
            resource === undefined ? key : objectSubject(resource, namespace, name),
          )
        }
        kernel.cause = hop
      },
      answered(request, response) {
        if (controller.readsItsWrites === true) writes.wrote(key, request, response)
        resume()
      },
      resumed: resume,
      finished(result) {
        if (result === undefined || result === 'done') {
          queue.forget(key)
          // A delayed look of an earlier reconcile (a progress deadline) still comes, as upstream, but finds nothing to do.
          queue.outlive(key, looks.get(key))
          looks.delete(key)
        } else if ('requeueAfter' in result) {
          queue.forget(key)
          queue.addAfter(key, result.requeueAfter, requeueTiming)
          const pending = queue.pending(key)
          if (pending !== undefined) looks.set(key, pending)
        } else retry(key)
        ended(key)
      },
      failed(error) {
        const message = error instanceof Error ? error.message : String(error)
        trace.append('hop', actor, 'reconcile-failed', key, Object.freeze({ message }))
        retry(key)
        ended(key)
      },
    })
  }

  const retry = (key: Key): void => {
    if (controller.maxRetries !== undefined && queue.requeues(key) >= controller.maxRetries) queue.forget(key)
    else queue.addRateLimited(key)
  }

  const ended = (key: Key): void => {
    currentKey = undefined
    active -= 1
    queue.done(key)
    if (queue.length > 0) wakeWorkers()
  }

  // Handlers -------------------------------------------------------------------------------------------------------

  const enqueue = (key: Key, event: CacheEvent): void => {
    const delay = controller.delay?.(event) ?? 0
    if (delay > 0) queue.addAfter(key, delay, requeueTiming)
    else queue.add(key)
  }

  /** The cached object that an owner reference means, if it is of the kind that is reconciled: resolveControllerRef. */
  const ownerKey = (object: KubeObject, owner: OwnerReference | undefined): Key | undefined => {
    if (owner === undefined || `${owner.apiVersion}/${owner.kind}` !== controller.reconciles) return undefined
    const { namespace } = object.metadata
    const key = namespace === undefined ? owner.name : `${namespace}/${owner.name}`
    return read.get(key)?.metadata.uid === owner.uid ? key : undefined
  }
  const controllerOf = (object: KubeObject | undefined): OwnerReference | undefined =>
    object?.metadata.ownerReferences?.find((owner) => owner.controller === true)

  const onOwned = (event: CacheEvent): void => {
    const { type, before, object } = event
    if (before !== undefined && before.metadata.resourceVersion === object.metadata.resourceVersion) return
    const key = ownerKey(object, controllerOf(object))
    const beforeKey = before === undefined ? undefined : ownerKey(before, controllerOf(before))
    const leaving = type === 'deleted' || object.metadata.deletionTimestamp !== undefined
    if (controller.expectations === true) {
      if (leaving && key !== undefined) expect.deletionObserved(key, keyOf(object))
      else if (type === 'added' && key !== undefined) expect.creationObserved(key)
    }
    if (beforeKey !== undefined && beforeKey !== key) enqueue(beforeKey, event)
    if (key !== undefined) enqueue(key, event)
  }

  const onOwn = (event: CacheEvent): void => {
    const key = keyOf(event.object)
    const replaced = event.before !== undefined && event.before.metadata.uid !== event.object.metadata.uid
    if (event.type === 'deleted' || replaced) {
      expect.forget(key)
      writes.forget(key)
    }
    enqueue(key, event)
  }

  const watched = controller.watches ?? {}
  const owns = new Set(controller.owns)
  const subscribe = (kind: Kind, handle: (event: CacheEvent) => void): void => {
    const informer = informerOf(kind)
    if (informer === undefined) return
    unsubscribe.push(
      informer.addHandler((type, before, object) => {
        if (stopped) return
        const event: CacheEvent = before === undefined ? { type, object } : { type, before, object }
        if (controller.when?.(event) === false) return
        handle(event)
      }),
    )
  }

  for (const kind of controller.reads ?? []) informerOf(kind)
  for (const kind of owns) informerOf(kind)?.addIndex(controllerIndex)
  for (const [kind, indexes] of Object.entries(controller.indexes ?? {}))
    for (const index of indexes) informerOf(kind)?.addIndex(index)
  for (const kind of new Set([controller.reconciles, ...owns, ...Object.keys(watched)])) {
    const keysOf = watched[kind]
    const own = kind === controller.reconciles && keysOf === undefined
    subscribe(kind, (event) => {
      if (own) onOwn(event)
      if (owns.has(kind)) onOwned(event)
      if (keysOf !== undefined) for (const key of keysOf(event.object, io, event.before)) enqueue(key, event)
    })
  }
  const { watchesAll } = controller
  if (watchesAll !== undefined) {
    watchAllKinds({
      kernel,
      actor,
      scheme: host.scheme,
      watch(kind, changed) {
        if (stopped) return
        subscribe(kind, (event) => {
          changed?.()
          for (const key of watchesAll(event, io)) enqueue(key, event)
        })
      },
    })
  }

  return {
    queue,
    begin() {
      if (begun || stopped) return
      begun = true
      for (const loop of controller.loops ?? []) {
        const runner = createLoopRunner({
          kernel,
          actor,
          loop,
          io,
          drive: (generator, loopEnded) => {
            const cause = kernel.cause
            return drive<void>(generator, {
              before: () => undefined,
              answered() {
                kernel.cause = cause
              },
              finished: loopEnded,
              failed(error) {
                const message = error instanceof Error ? error.message : String(error)
                trace.append('hop', actor, 'loop-failed', loop.name, Object.freeze({ message }))
                loopEnded()
              },
            })
          },
        })
        loops.push(runner)
        runner.start()
      }
      if (queue.length > 0) wakeWorkers()
    },
    stop() {
      stopped = true
      for (const off of unsubscribe.splice(0)) off()
      for (const loop of loops) loop.stop()
      for (const fiber of fibers) fiber.abandon()
      fibers.clear()
      kernel.cancel(pump)
      queue.shutDown()
      recorder.stop()
      transport.close()
    },
  }
}
