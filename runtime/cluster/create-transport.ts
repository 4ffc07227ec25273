import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { ApiServer, ServerWatch } from '../apiserver/api-server.ts'
import type { Met } from '../client/interference.ts'
import type { Transport, WatchSink } from '../client/transport.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Ends, Network } from '../network/network.ts'

/** An API server as the network knows it. */
export interface ServerEnd {
  readonly server: ApiServer
  readonly ends: Ends
  readonly up: () => boolean
}

export interface TransportOptions {
  readonly kernel: Kernel
  readonly network: Network
  readonly servers: readonly ServerEnd[]
  readonly actor: Actor
  readonly ends: Ends
  /** Largest addition that is drawn for each way; 0: none. */
  readonly jitter: Micros
  /** Tells of every start and stop of an API server. Returns how to stop listening. */
  readonly onServers: (listener: () => void) => () => void
  /** What a server does to a request before it looks at it; undefined: nothing. */
  readonly meet?: (server: Ends, request: ApiRequest) => Met | undefined
}

/** A connection that hangs is given up after this time: client-go's default for requests of the components. */
const requestTimeout: Micros = 10 * second
/** HTTP/2 health check of client-go: 30s of silence, then a ping that waits 15s. */
const watchTimeout: Micros = 45 * second
const refusalTime: Micros = millisecond

const refusal = (reason: string, message: string): ApiResponse => ({
  code: 0,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: 0 },
})
const refused = refusal('Timeout', 'connection refused')
const timedOut = refusal('Timeout', 'context deadline exceeded')

/**
 * A process's way to the API servers: the first in order that runs and that it can reach. Events and answers that meet a cut
 * wait for its end, until the client gives up.
 */
export const createTransport = (options: TransportOptions): Transport => {
  const { kernel, network, servers, actor, ends, jitter } = options
  let closed = false
  const open = new Set<{ close(): void }>()
  /** What looks again when the network or a server has changed: requests under way and watches. One subscription serves all. */
  const uneasy = new Set<() => void>()
  const lookAgain = (): void => {
    for (const look of [...uneasy]) look()
  }
  const unsubscribe = [network.subscribe(lookAgain), options.onServers(lookAgain)]

  const pick = (): ServerEnd | undefined => servers.find((one) => one.up() && network.reachable(ends, one.ends))

  const wayTime = (end: ServerEnd): Micros =>
    network.delay(ends, end.ends) + (jitter === 0 ? 0 : kernel.choose('latency/network', jitter + 1))

  /** Runs `then` after the way to or from the server; at once when it takes no time. */
  const travel = (end: ServerEnd, then: () => void): void => {
    const delay = wayTime(end)
    if (delay === 0) then()
    else kernel.after(delay, actor, () => !closed && then())
  }

  const send = (request: ApiRequest, reply: (response: ApiResponse) => void): void => {
    if (closed) return
    const end = pick()
    const anyUp = servers.some((one) => one.up())
    if (end === undefined) {
      kernel.after(anyUp ? requestTimeout : refusalTime, actor, () => !closed && reply(anyUp ? timedOut : refused), {
        label: 'a request without an answer',
      })
      return
    }
    let answered = false
    let deadline: Timer | undefined
    const finish = (response: ApiResponse): void => {
      if (answered) return
      answered = true
      kernel.cancel(deadline)
      uneasy.delete(watchTrouble)
      if (!closed) reply(response)
    }
    /** From the first sign of trouble on, the client waits only so long. */
    const watchTrouble = (): void => {
      if (answered || deadline !== undefined) return
      if (!end.up()) kernel.after(refusalTime, actor, () => finish(refused))
      else if (!network.reachable(ends, end.ends))
        deadline = kernel.after(requestTimeout, actor, () => finish(timedOut), { label: 'a request without an answer' })
    }
    uneasy.add(watchTrouble)
    const back = (response: ApiResponse): void => {
      // An answer that meets a cut is lost; the deadline above ends the wait.
      if (!network.reachable(ends, end.ends)) return
      const delay = wayTime(end)
      if (delay === 0 && !kernel.isHeldUp(actor)) finish(response)
      else kernel.after(delay, actor, () => !closed && finish(response))
    }
    travel(end, () => {
      const met = options.meet?.(end.ends, request)
      const serve = (): void => {
        if (met?.refusal !== undefined) back(met.refusal)
        else if (end.up()) end.server.serve(request, back)
      }
      if (met === undefined || met.delay === 0) serve()
      else kernel.after(met.delay, actor, serve, { label: 'a slow API server' })
    })
  }

  const watch = (request: ApiRequest, sink: WatchSink): { close(): void } => {
    let ended = false
    let serverWatch: ServerWatch | undefined
    let waiting: (() => void)[] = []
    /** No event overtakes the one before it, however the delays change. */
    let lastArrival = kernel.now
    let underWay = 0
    const deliverInOrder = (server: ServerEnd, deliver: () => void): void => {
      const at = Math.max(kernel.now + wayTime(server), lastArrival)
      lastArrival = at
      if (at === kernel.now && underWay === 0 && !kernel.isHeldUp(actor)) {
        deliver()
        return
      }
      underWay += 1
      kernel.at(at, actor, () => {
        underWay -= 1
        if (!ended) deliver()
      })
    }
    let giveUp: Timer | undefined
    const handle = {
      close(): void {
        if (ended) return
        ended = true
        kernel.cancel(giveUp)
        uneasy.delete(follow)
        serverWatch?.close()
        open.delete(handle)
      },
    }
    const end = pick()
    function follow(): void {
      if (ended || end === undefined) return
      if (!end.up()) {
        kernel.after(refusalTime, actor, () => stop(undefined))
        return
      }
      const through = network.reachable(ends, end.ends)
      if (!through)
        giveUp ??= kernel.after(watchTimeout, actor, () => stop(undefined), { label: 'a watch that hears nothing' })
      else {
        kernel.cancel(giveUp)
        giveUp = undefined
        const late = waiting
        waiting = []
        for (const deliver of late) deliverInOrder(end, deliver)
      }
    }
    const stop = (response: ApiResponse | undefined): void => {
      if (ended) return
      handle.close()
      if (!closed) sink.closed(response)
    }
    open.add(handle)
    if (end === undefined) {
      const anyUp = servers.some((one) => one.up())
      giveUp = kernel.after(anyUp ? requestTimeout : refusalTime, actor, () => stop(anyUp ? timedOut : refused))
      return handle
    }
    const arrive = (deliver: () => void): void => {
      if (ended) return
      if (!network.reachable(ends, end.ends)) waiting.push(deliver)
      else deliverInOrder(end, deliver)
    }
    uneasy.add(follow)
    travel(end, () => {
      if (ended) return
      const refusal = options.meet?.(end.ends, request)?.refusal
      if (refusal !== undefined) {
        arrive(() => stop(refusal))
        return
      }
      serverWatch = end.server.watch(request, {
        opened(response) {
          if (response !== undefined && response.code >= 300) arrive(() => stop(response))
        },
        event: (event) => arrive(() => sink.event(event)),
        closed: () => arrive(() => stop(undefined)),
      })
    })
    return handle
  }

  return {
    send,
    watch,
    close() {
      closed = true
      for (const stop of unsubscribe) stop()
      uneasy.clear()
      for (const one of [...open]) one.close()
    },
  }
}
