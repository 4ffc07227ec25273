import type { KubeObject } from '../../api/object.ts'
import { merged } from '../../api/json/merged.ts'
import type { Credentials, RequestOptions } from '../../api/protocol/request.ts'
import type { Resource } from '../../api/protocol/resource.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { Status } from '../../api/types/meta-v1.generated.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, minute, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Transport, WatchHandle } from './transport.ts'

/** Where a reflector puts what it hears. */
export interface ReflectorSink {
  /** The full state, as a bookmark has closed it. */
  replace(objects: readonly KubeObject[], resourceVersion: string): void
  changed(event: WatchEvent & { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' }): void
  /** Everything up to here has been heard. */
  reached(resourceVersion: string): void
}

export interface ReflectorOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly transport: Transport
  readonly credentials: Credentials
  readonly userAgent: string
}

export interface Reflector {
  start(): void
  stop(): void
}

// client-go tools/cache/reflector.go: defaultBackoffInit, -Max, -Reset, -Factor, -Jitter.
const backoffInit: Micros = 800 * millisecond
const backoffMax: Micros = 30 * second
const backoffReset: Micros = 2 * minute
const shortWatch: Micros = second

/**
 * client-go's reflector (ListAndWatch, watchList, watch): one WATCH with sendInitialEvents; after a clean end it goes on from the
 * last resourceVersion at once; after 410, a refusal or a watch that was over within a second it waits its back-off and begins anew.
 * Differs: sends no timeoutSeconds, so that a watch of a cluster at rest is no event.
 */
export const createReflector = (options: ReflectorOptions, what: ReflectorTarget, given: ReflectorSink): Reflector => {
  const { kernel, actor, transport, credentials, userAgent } = options
  const { resource, fieldSelector } = what
  const sink = transport.caches?.tap(what, given) ?? given
  let handle: WatchHandle | undefined
  let timer: Timer | undefined
  let stopped = true
  let turn = 0
  let lastSync = ''
  /** Objects of the initial events, until the bookmark closes them; undefined afterwards. */
  let initial: Map<string, KubeObject> | undefined
  let openedAt: Micros = 0
  let heard = 0
  let delay: Micros = backoffInit
  let delayUsedAt: Micros = 0

  const nextDelay = (): Micros => {
    if (kernel.now - delayUsedAt > backoffReset) delay = backoffInit
    delayUsedAt = kernel.now
    const base = delay
    delay = Math.min(delay * 2, backoffMax)
    return base + Math.floor((base * kernel.choose('reflector/backoff', 1024)) / 1024)
  }

  const again = (mode: 'relist' | 'rewatch', tag: 'progress' | 'housekeeping' = 'progress'): void => {
    timer = kernel.after(nextDelay(), actor, () => open(mode), {
      tag,
      label: `${actor.name} watches ${resource.plural} again`,
    })
  }

  const optionsOf = (mode: 'relist' | 'rewatch'): RequestOptions => {
    const opening =
      fieldSelector === undefined ? { allowWatchBookmarks: true } : { fieldSelector, allowWatchBookmarks: true }
    if (mode === 'rewatch') return merged(opening, { resourceVersion: lastSync })
    const list = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } as const
    return merged(opening, lastSync === '' ? list : { ...list, resourceVersion: lastSync })
  }

  const open = (mode: 'relist' | 'rewatch'): void => {
    turn += 1
    const mine = turn
    openedAt = kernel.now
    heard = 0
    initial = mode === 'relist' ? new Map() : undefined
    const opened = transport.watch(
      {
        verb: 'watch',
        resource,
        credentials,
        userAgent,
        options: optionsOf(mode),
      },
      {
        event(event) {
          if (!stopped && mine === turn) hear(event)
        },
        closed(response) {
          if (!stopped && mine === turn) ended(response)
        },
      },
    )
    if (stopped || mine !== turn) opened.close()
    else handle = opened
  }

  const hear = (event: WatchEvent): void => {
    heard += 1
    if (event.type === 'ERROR') {
      const failed = handle
      handle = undefined
      turn += 1
      failed?.close()
      refused(event.status.code ?? 0, event.status)
      return
    }
    if (event.type === 'BOOKMARK') {
      lastSync = event.resourceVersion
      if (initial !== undefined && event.initialEventsEnd) {
        const objects = [...initial.values()]
        initial = undefined
        sink.replace(objects, event.resourceVersion)
      } else if (initial === undefined) sink.reached(event.resourceVersion)
      return
    }
    if (initial !== undefined) {
      const key = `${event.object.metadata.namespace ?? ''}/${event.object.metadata.name}`
      if (event.type === 'DELETED') initial.delete(key)
      else initial.set(key, event.object)
      return
    }
    lastSync = event.object.metadata.resourceVersion ?? lastSync
    if (event.cause >= 0) kernel.cause = event.cause
    sink.changed(event)
  }

  const ended = (response: ApiResponse | undefined): void => {
    handle = undefined
    if (response !== undefined && (response.code < 200 || response.code >= 300)) {
      refused(response.code, response.body)
      return
    }
    if (initial !== undefined || (heard === 0 && kernel.now - openedAt < shortWatch)) again('relist')
    else open('rewatch')
  }

  const refused = (code: number, status: Partial<Status> | undefined): void => {
    const watching = initial === undefined
    if (code === 410 || status?.reason === 'Expired') {
      if (!watching) lastSync = ''
      again('relist')
    } else if (code === 0 || code === 429) again(watching ? 'rewatch' : 'relist')
    // A kind that is not served (any more) may never come back: nobody waits for it.
    else again('relist', code === 404 ? 'housekeeping' : 'progress')
  }

  return {
    start() {
      if (!stopped) return
      stopped = false
      open('relist')
    },
    stop() {
      stopped = true
      turn += 1
      kernel.cancel(timer)
      timer = undefined
      handle?.close()
      handle = undefined
    },
  }
}

export interface ReflectorTarget {
  readonly resource: Resource
  readonly fieldSelector?: string
}
