import type { ApiRequest } from '../../api/protocol/request.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { WatchEvent } from '../../api/protocol/watch-event.ts'
import type { CreateCluster } from '../../runtime/cluster/cluster.ts'
import type { Transport } from '../../runtime/client/transport.ts'

/** A mistake in one component, made between it and the API server: what it says, what it takes the answer for, what it hears. */
export interface PlantedBug {
  readonly name: string
  /** The kind of bug: one of those of Sieve (OSDI 2022), or a plain mistake. */
  readonly source: string
  /** The property that must find it: a file of scenarios/properties. */
  readonly property: string
  /** Runs in which it must be found. */
  readonly budget: number
  /** The smallest failure that a human would write down. */
  readonly minimum: Size
  readonly tamper: Tamper
}

/** Faults, holds, steps besides those of the property itself, and objects: nodes and what the script writes. */
export interface Size {
  readonly faults: number
  readonly holds: number
  readonly steps: number
  readonly objects: number
}

export interface Tamper {
  /** Who is wrong: the user that requests come from; everybody without one. */
  readonly who?: string
  /** The request that leaves instead; an answer: none leaves, and that is taken for the answer; a list: all of them leave, the last one's answer counts. */
  readonly request?: (
    request: ApiRequest,
    count: number,
  ) => ApiRequest | { readonly answer: ApiResponse } | readonly ApiRequest[]
  readonly answer?: (response: ApiResponse, request: ApiRequest) => ApiResponse
  /** What is heard instead of an event; undefined: nothing. */
  readonly event?: (event: WatchEvent, request: ApiRequest, count: number) => WatchEvent | undefined
}

export const userOf = ({ credentials }: ApiRequest): string =>
  credentials.kind === 'certificate'
    ? credentials.commonName
    : credentials.kind === 'serviceaccount'
      ? credentials.name
      : credentials.kind

const isAbout = (tamper: Tamper, request: ApiRequest): boolean =>
  tamper.who === undefined || userOf(request) === tamper.who || userOf(request).startsWith(`${tamper.who}:`)

const tampered = (transport: Transport, tamper: Tamper, counter: { requests: number; events: number }): Transport => ({
  send(request, reply) {
    if (!isAbout(tamper, request)) {
      transport.send(request, reply)
      return
    }
    counter.requests += 1
    const changed = tamper.request?.(request, counter.requests) ?? request
    const answered = (response: ApiResponse): void => reply(tamper.answer?.(response, request) ?? response)
    if ('answer' in changed) answered(changed.answer)
    else if (Array.isArray(changed)) {
      const all = changed as readonly ApiRequest[]
      for (const [index, one] of all.entries())
        transport.send(one, index === all.length - 1 ? answered : () => undefined)
    } else transport.send(changed as ApiRequest, answered)
  },
  watch(request, sink) {
    const { event } = tamper
    if (event === undefined || !isAbout(tamper, request)) return transport.watch(request, sink)
    return transport.watch(request, {
      ...sink,
      event(heard) {
        counter.events += 1
        const told = event(heard, request, counter.events)
        if (told !== undefined) sink.event(told)
      },
      closed: (response) => sink.closed(response),
    })
  },
  close: () => transport.close(),
})

/** The same clusters, with the bug in them. */
export const withBug =
  (createCluster: CreateCluster, { tamper }: Pick<PlantedBug, 'tamper'>): CreateCluster =>
  (spec, behaviors, options) => {
    const counter = { requests: 0, events: 0 }
    return createCluster(spec, behaviors, { ...options, tamper: (transport) => tampered(transport, tamper, counter) })
  }
