import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import { createListeners } from '../kernel/listeners.ts'
import type { Micros } from '../kernel/micros.ts'

/** What becomes of the events of a watch: never heard, heard late, or kept back until the fault is over. */
export type WatchTrouble =
  { readonly kind: 'drop' } | { readonly kind: 'delay'; readonly by: Micros } | { readonly kind: 'hold' }

/** Somebody who looks at each write of a process. `dead`: the process has died over it, and nothing more comes of it. */
export interface WriteWatch {
  before(request: ApiRequest): 'alive' | 'dead'
  after(request: ApiRequest): 'alive' | 'dead'
}

/** What a server does to a request before it looks at it. */
export interface RequestTrouble {
  delay(): Micros
  refuse(request: ApiRequest): ApiResponse | undefined
}

/**
 * What faults do to the talk of processes with the API servers, beyond what a network does. Ends are the names by which
 * scenarios know them (`scheduler`, `kubelet/workers-0`, `controller/deployment`, `apiserver/0`). Every setter returns how to
 * heal it.
 */
export interface Interference {
  /** Whether anything is wrong anywhere: what runs on hot paths asks this first. */
  readonly active: boolean
  disturbWatches(ends: readonly string[], trouble: WatchTrouble): () => void
  /** The processes stand still: nothing leaves them, and nothing that arrives is looked at. */
  pause(ends: readonly string[]): () => void
  followWrites(ends: readonly string[], watch: WriteWatch): () => void
  disturbRequests(servers: readonly string[], trouble: RequestTrouble): () => void
  watchTrouble(ends: readonly string[]): WatchTrouble | undefined
  paused(ends: readonly string[]): boolean
  writeWatches(ends: readonly string[]): readonly WriteWatch[]
  /** All that the servers of that name do to a request: how much longer it takes, and the answer if they refuse it. */
  meet(server: readonly string[], request: ApiRequest): Met | undefined
  /** Tells of every change. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
}

export interface Met {
  readonly delay: Micros
  readonly refusal: ApiResponse | undefined
}

interface Rule<A> {
  readonly ends: readonly string[]
  readonly what: A
}

const meets = (rule: Rule<unknown>, ends: readonly string[]): boolean => ends.some((one) => rule.ends.includes(one))

const none: readonly never[] = Object.freeze([])

export const createInterference = (): Interference => {
  const watches = new Set<Rule<WatchTrouble>>()
  const pauses = new Set<Rule<true>>()
  const writes = new Set<Rule<WriteWatch>>()
  const requests = new Set<Rule<RequestTrouble>>()
  const { add: subscribe, tell } = createListeners()
  let rules = 0

  const add = <A>(to: Set<Rule<A>>, ends: readonly string[], what: A): (() => void) => {
    const rule: Rule<A> = { ends, what }
    to.add(rule)
    rules += 1
    tell()
    return () => {
      if (!to.delete(rule)) return
      rules -= 1
      tell()
    }
  }
  return {
    get active() {
      return rules > 0
    },
    disturbWatches: (ends, trouble) => add(watches, ends, trouble),
    pause: (ends) => add(pauses, ends, true as const),
    followWrites: (ends, watch) => add(writes, ends, watch),
    disturbRequests: (servers, trouble) => add(requests, servers, trouble),
    watchTrouble(ends) {
      if (rules === 0) return undefined
      // A process that stands still hears nothing; what is missed outlasts what is only late.
      let found: WatchTrouble | undefined
      for (const rule of pauses) if (meets(rule, ends)) found = { kind: 'hold' }
      for (const rule of watches) {
        if (!meets(rule, ends)) continue
        const { what } = rule
        if (found === undefined || what.kind === 'drop') found = what
        else if (found.kind === 'delay')
          found = what.kind === 'delay' ? { kind: 'delay', by: found.by + what.by } : what
      }
      return found
    },
    paused(ends) {
      for (const rule of pauses) if (meets(rule, ends)) return true
      return false
    },
    writeWatches: (ends) =>
      writes.size === 0 ? none : [...writes].filter((rule) => meets(rule, ends)).map((rule) => rule.what),
    meet(server, request) {
      if (requests.size === 0) return undefined
      let delay = 0
      let refusal: ApiResponse | undefined
      for (const rule of [...requests]) {
        if (!meets(rule, server)) continue
        delay += rule.what.delay()
        refusal ??= rule.what.refuse(request)
      }
      return { delay, refusal }
    },
    subscribe,
  }
}
