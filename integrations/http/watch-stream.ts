import type { ServerResponse } from 'node:http'
import type { HttpWatchSink } from '../../runtime/apiserver/http-door.ts'
import type { HttpResponse } from '../../runtime/apiserver/http-message.ts'
import { jsonText } from './json-text.ts'
import { setHeaders } from './response-headers.ts'

/** Live events that may wait for a client; the client that lets more pile up is cut off, as upstream's cacher does. */
const maxWaiting = 1_000
/** Events of all watches together that may wait, the lists that open a watch included. */
const maxWaitingInAll = 500_000
/** A client that has something to read and takes nothing for so long is cut off. */
const patience = 30_000
/** Bytes handed to a socket before it says that it is full. */
const socketBytes = 64 * 1024

/** What all watches of a server hold together. */
export interface WatchBudget {
  waiting: number
  readonly streams: Set<{ readonly since: () => number; readonly cut: () => void }>
}

export const createWatchBudget = (): WatchBudget => ({ waiting: 0, streams: new Set() })

/** Cuts off whoever has read nothing for longest, until the rest have room again. */
const makeRoom = (budget: WatchBudget): void => {
  while (budget.waiting > maxWaitingInAll) {
    let worst: { readonly since: () => number; readonly cut: () => void } | undefined
    for (const stream of budget.streams) if (worst === undefined || stream.since() < worst.since()) worst = stream
    if (worst === undefined) return
    worst.cut()
  }
}

export interface WatchStream extends HttpWatchSink {
  /** The client has gone, or the server ends. */
  stop(): void
}

export interface WatchStreamOptions {
  readonly response: ServerResponse
  readonly budget: WatchBudget
  readonly now: () => number
  /** Answers in place of a stream: the watch was refused. */
  readonly refused: (answer: HttpResponse) => void
  /** Nobody listens any more. */
  readonly ended: () => void
}

/**
 * The events of a watch on their way to one client, a line of JSON each. They wait as objects and become text when the socket
 * takes them, so that a thousand watchers that never read cost references, not bytes.
 */
export const createWatchStream = ({ response, budget, now, refused, ended }: WatchStreamOptions): WatchStream => {
  let queue: unknown[] = []
  let head = 0
  /** Of the events that waited when the watch was opened: they are its list, however long. */
  let initial = 0
  let opening = true
  let over = false
  let closing = false
  let lastProgress = now()
  let watchdog: NodeJS.Timeout | undefined

  const size = (): number => queue.length - head

  const release = (): void => {
    if (over) return
    over = true
    clearInterval(watchdog)
    budget.waiting -= size()
    budget.streams.delete(self)
    queue = []
    head = 0
    ended()
  }

  const cut = (): void => {
    release()
    response.destroy()
  }
  const self = { since: () => lastProgress, cut }

  const drain = (): void => {
    if (over) return
    let text = ''
    while (size() > 0 && response.writableLength + text.length < socketBytes) {
      text += jsonText(queue[head])
      queue[head] = undefined
      head += 1
      budget.waiting -= 1
      if (initial > 0) initial -= 1
    }
    if (head > 1024 && head * 2 > queue.length) {
      queue = queue.slice(head)
      head = 0
    }
    if (text !== '') {
      response.write(text, () => {
        lastProgress = now()
        drain()
      })
    }
    if (size() === 0 && closing) {
      release()
      response.end()
    }
  }

  return {
    opened(answer) {
      if (answer.code !== 200) {
        release()
        refused(answer)
        return
      }
      setHeaders(response, answer)
      response.statusCode = 200
      response.setHeader('Content-Type', 'application/json')
      response.flushHeaders()
      budget.streams.add(self)
      watchdog = setInterval(() => {
        if ((size() > 0 || response.writableLength > 0) && now() - lastProgress > patience) cut()
        else if (size() === 0 && response.writableLength === 0) lastProgress = now()
      }, patience / 3)
      watchdog.unref()
      // What is told in the same breath is the list; what comes later is news.
      queueMicrotask(() => {
        opening = false
      })
    },
    event(event) {
      if (over) return
      if (size() === 0 && response.writableLength === 0) lastProgress = now()
      queue.push(event)
      budget.waiting += 1
      if (opening) initial += 1
      if (size() - initial > maxWaiting) {
        cut()
        return
      }
      if (budget.waiting > maxWaitingInAll) makeRoom(budget)
      drain()
    },
    closed() {
      closing = true
      drain()
    },
    stop: release,
  }
}
