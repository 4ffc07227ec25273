import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RunningApiServer } from '../../runtime/apiserver/create-api-server.ts'
import type { HttpDoor } from '../../runtime/apiserver/http-door.ts'
import type { HttpRequest, HttpResponse } from '../../runtime/apiserver/http-message.ts'
import { failure, unauthorized } from '../../runtime/apiserver/status.ts'
import type { Cluster } from '../../runtime/cluster/cluster.ts'
import { isAllowedHost } from './allowed-host.ts'
import { answerClock, clockPath } from './answer-clock.ts'
import { credentialsOf } from './credentials-of.ts'
import { doorRequest, takeTimeout } from './door-request.ts'
import type { ClockDriver } from './drive-clock.ts'
import { parseTarget, type Target } from './parse-target.ts'
import { maxBodyBytes, readBody } from './read-body.ts'
import { createWatchStream, type WatchBudget } from './watch-stream.ts'
import { writeAnswer } from './write-answer.ts'

/** What every request of one server needs. */
export interface Handling {
  readonly clock: ClockDriver
  readonly cluster: Cluster
  readonly adminToken: string
  readonly budget: WatchBudget
  readonly now: () => number
  /** The API server that takes a request now; undefined: all are down. */
  readonly door: () => { readonly door: HttpDoor; readonly server: RunningApiServer } | undefined
  /** A handler threw: a bug, to be told. */
  readonly panicked: (error: unknown) => void
}

const plain = (code: number, text: string): HttpResponse => ({ code, text, warnings: [] })

const statusOf = (refusal: ReturnType<typeof failure>): HttpResponse => ({
  code: refusal.response.code,
  body: refusal.response.body,
  warnings: [],
})

const tooLarge = statusOf(
  failure(413, `Request entity too large: limit is ${maxBodyBytes}`, { reason: 'RequestEntityTooLarge' }),
)

const panic = plain(500, 'This request caused apiserver to panic. Look in the logs for details.')

const openWatch = (handling: Handling, door: HttpDoor, http: HttpRequest, { request, response }: Exchange): void => {
  const byWallClock = handling.clock.mode === 'manual' ? undefined : takeTimeout(http)
  // A refusal ends the stream before there is anything to close.
  const opened: { gone: boolean; watch?: { close(): void } } = { gone: false }
  const end = (): void => {
    opened.gone = true
    clearTimeout(timer)
    opened.watch?.close()
  }
  const stream = createWatchStream({
    response,
    budget: handling.budget,
    now: handling.now,
    refused: (answer) => writeAnswer(request, response, answer),
    ended: end,
  })
  const timer =
    byWallClock === undefined ? undefined : setTimeout(() => stream.closed(), byWallClock.seconds * 1000).unref()
  response.on('close', () => stream.stop())
  opened.watch = door.watch(byWallClock?.http ?? http, stream)
  if (opened.gone) opened.watch.close()
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const dispatch = (handling: Handling, target: Target, bytes: Buffer, exchange: Exchange): void => {
  const { request, response } = exchange
  const answer = (one: HttpResponse): void => writeAnswer(request, response, one)
  const credentials = credentialsOf(request)
  if (credentials === undefined) {
    answer(statusOf(unauthorized()))
    return
  }
  if (target.path === clockPath) {
    answer(answerClock(handling, request, target))
    return
  }
  const serving = handling.door()
  // No process listens: what a client sees is a connection that ends.
  if (serving === undefined) {
    response.destroy()
    return
  }
  const { http, watch } = doorRequest(request.method ?? 'GET', target, { headers: request.headers, bytes, credentials })
  handling.clock.pump()
  if (watch) openWatch(handling, serving.door, http, exchange)
  else serving.door.serve(http, answer)
  handling.clock.pump()
}

/** From a request on a socket to the door of the API server and back. Nothing that a client sends may throw past here. */
export const handleRequest = (handling: Handling, request: IncomingMessage, response: ServerResponse): void => {
  const exchange: Exchange = { request, response }
  request.on('error', () => response.destroy())
  response.on('error', () => response.destroy())
  const refuse = (answer: HttpResponse): void => {
    response.setHeader('Connection', 'close')
    writeAnswer(request, response, answer)
    request.resume()
  }
  if (!isAllowedHost(request.headers.host)) {
    refuse(plain(403, 'the Host header names another server\n'))
    return
  }
  const target = parseTarget(request.url ?? '/')
  if (target === undefined) {
    refuse(plain(400, '400 Bad Request'))
    return
  }
  readBody(request, (body) => {
    if ('broken' in body) {
      response.destroy()
      return
    }
    if ('tooLarge' in body) {
      // Who has no name learns nothing, not even a limit.
      refuse(credentialsOf(request) === undefined ? statusOf(unauthorized()) : tooLarge)
      return
    }
    try {
      dispatch(handling, target, body.bytes, exchange)
    } catch (error) {
      // As upstream recovers from a panic of a handler: this request has failed, the others go on.
      handling.panicked(error)
      writeAnswer(request, response, panic)
    }
  })
}
