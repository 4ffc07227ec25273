import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Interference } from './interference.ts'
import type { Transport, WatchHandle, WatchSink } from './transport.ts'

export interface InterferedOptions {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly interference: Interference
  /** Names under which faults meet it. */
  readonly ends: readonly string[]
}

const writing: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** Events are records of what a process did, sent by a part of their own. */
const isWrite = (request: ApiRequest): boolean =>
  writing.has(request.verb) && request.resource.plural !== 'events' && request.options?.dryRun === undefined

const expired = (): Parameters<WatchSink['event']>[0] => ({
  type: 'ERROR',
  status: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'too old resource version: events were lost on their way',
    reason: 'Expired',
    code: 410,
  },
})

/** A connection as faults leave it. While nothing is wrong everything goes straight through. */
export const interferedTransport = (transport: Transport, options: InterferedOptions): Transport => {
  const { kernel, actor, interference, ends } = options
  let closed = false
  /** What waits for the end of a pause: requests that would leave, answers that would be looked at. */
  let waiting: (() => void)[] = []
  const watches = new Set<() => void>()
  let unsubscribe: (() => void) | undefined

  const look = (): void => {
    if (!interference.paused(ends)) {
      const late = waiting
      waiting = []
      for (const go of late) if (!closed) go()
    }
    for (const one of [...watches]) one()
  }
  const listen = (): void => {
    unsubscribe ??= interference.subscribe(look)
  }
  /** Runs it once the process runs. */
  const awake = (go: () => void): void => {
    if (waiting.length > 0 || interference.paused(ends)) {
      listen()
      waiting.push(go)
    } else go()
  }

  const send = (request: ApiRequest, reply: (response: ApiResponse) => void): void => {
    const leave = (): void => {
      const written = isWrite(request)
      if (interference.active && written)
        for (const watch of interference.writeWatches(ends)) if (watch.before(request) === 'dead') return
      transport.send(request, (response) => {
        if (!interference.active && waiting.length === 0) {
          reply(response)
          return
        }
        if (written && response.code >= 200 && response.code < 300)
          for (const watch of interference.writeWatches(ends)) if (watch.after(request) === 'dead') return
        const { cause } = kernel
        awake(() => {
          kernel.cause = cause
          reply(response)
        })
      })
    }
    if (interference.active || waiting.length > 0) awake(leave)
    else leave()
  }

  const watch = (request: ApiRequest, sink: WatchSink): WatchHandle => {
    let ended = false
    let missed = false
    let late: (() => void)[] = []
    let lastArrival: Micros = 0
    let onTheirWay = 0
    // The list that opens a watch is an answer of its own: only what comes after it can be lost.
    let opening = request.options?.sendInitialEvents === true
    const deliver = (go: () => void): void => {
      const trouble = interference.watchTrouble(ends)
      if (late.length > 0 || trouble?.kind === 'hold') late.push(go)
      else if (trouble?.kind === 'drop' && !opening) missed = true
      else if (trouble?.kind === 'delay' || onTheirWay > 0) {
        const by = trouble?.kind === 'delay' ? trouble.by : 0
        lastArrival = Math.max(kernel.now + by, lastArrival)
        onTheirWay += 1
        kernel.at(lastArrival, actor, () => {
          onTheirWay -= 1
          if (!ended) go()
        })
      } else go()
    }
    const lookAgain = (): void => {
      const trouble = interference.watchTrouble(ends)
      if (trouble !== undefined || ended) return
      const queue = late
      late = []
      for (const go of queue) if (!ended) go()
      if (!missed || ended) return
      missed = false
      deliver(() => sink.event(expired()))
    }
    listen()
    watches.add(lookAgain)
    const finish = (): void => {
      ended = true
      watches.delete(lookAgain)
    }
    const handle = transport.watch(request, {
      event(event) {
        const go = (): void => {
          if (event.type === 'BOOKMARK' && event.initialEventsEnd) opening = false
          sink.event(event)
        }
        if (!interference.active && late.length === 0 && onTheirWay === 0) go()
        else deliver(go)
      },
      closed(response) {
        const go = (): void => {
          finish()
          sink.closed(response)
        }
        if (late.length === 0 && onTheirWay === 0) go()
        else deliver(go)
      },
    })
    return {
      close() {
        finish()
        handle.close()
      },
    }
  }

  return {
    send,
    watch,
    close() {
      closed = true
      unsubscribe?.()
      waiting = []
      watches.clear()
      transport.close()
    },
  }
}
