import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Network } from '../network/network.ts'
import type { NetworkPlugin } from '../network/network-plugin.ts'
import type { State } from '../record/state.ts'
import type { Served, TrafficFailure, TrafficTruth } from '../record/traffic-truth.ts'
import type { Traffic, TrafficWay } from './cluster.ts'
import type { Fleet } from './fleet.ts'
import { createRequestWay, failure } from './request-way.ts'
import { requestClients, type RequestClient } from './request-clients.ts'

export interface TrafficOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly state: State
  readonly network: Network
  readonly paths: Pick<Fleet, 'senders' | 'bearer' | 'host'>
  readonly plugin: NetworkPlugin
  /** The nodes behind a load balancer that the cloud has made. */
  readonly balanced: (address: string) => readonly string[] | undefined
  /** Whether a process runs. */
  readonly up: (process: string) => boolean
}

/** Requests closer together than this are sent at one instant. */
const finest: Micros = 10 * millisecond
/** How long a source without demand waits until it looks at its ramp again. */
const pause: Micros = 100 * millisecond

const anyNode: TrafficWay = { label: '', clients: 'nodes', port: undefined, through: undefined }

/** What is counted of the requests to one Service. */
interface Tally {
  readonly subject: string
  requests: number
  errors: number
  clients: Readonly<Record<string, { readonly requests: number; readonly errors: number }>> | undefined
  /** Pods that have been reached, by uid. */
  readonly reached: Set<string>
}

/** What of one load goes on between its requests. */
interface Source {
  readonly tally: Tally
  readonly way: TrafficWay
  readonly rate: (at: Micros) => number
  /** Requests since the load began: chooses sender and backend in turn. */
  sent: number
  /** Part of a request that is due. */
  owed: number
  timer: Timer | undefined
}

/** What one instant's requests have brought. */
interface Round {
  failure: TrafficFailure | undefined
  served: readonly Served[] | undefined
}

/**
 * Clients that open a new connection for each request: on the pods' networks of all nodes in turn, or those that a load names.
 * Each goes through the rules of its own node as they stand, to a pod that takes it or does not.
 * Differs: backends are taken in turn and not by chance, so that the same endpoints are met in every run.
 */
export const createTraffic = (options: TrafficOptions): Traffic => {
  const { kernel, trace, state, paths } = options
  const actor = kernel.actor('traffic')
  const sources = new Map<string, Source>()
  const tallies = new Map<string, Tally>()
  const open = createRequestWay(options)
  /** Who saw whom, each pair once: told again and again. */
  const pairs = new Map<string, readonly Served[]>()

  const seen = (pod: Pod, source: string): readonly Served[] => {
    const { namespace = '', name, uid = '' } = pod.metadata
    const key = `${uid}/${source}`
    let pair = pairs.get(key)
    if (pair === undefined) {
      pair = Object.freeze([Object.freeze({ namespace, pod: name, source })])
      pairs.set(key, pair)
    }
    return pair
  }

  /** Where several clients take turns, each meets every backend in turn. */
  const backendTurn = (turn: number, clients: number): number => (turn % clients) + Math.floor(turn / clients)

  const request = (source: Source, service: Service | undefined, clients: readonly RequestClient[]): Round => {
    const { tally, way } = source
    const turn = source.sent
    source.sent += 1
    tally.requests += 1
    const client = clients[turn % Math.max(1, clients.length)]
    const answer =
      service === undefined || client === undefined
        ? failure('no-route', 'nobody')
        : open({ client, service, way, turn: backendTurn(turn, clients.length) })
    const failed = 'failure' in answer
    if (failed) tally.errors += 1
    if (client?.key !== undefined) {
      const before = tally.clients?.[client.key] ?? { requests: 0, errors: 0 }
      const now = Object.freeze({ requests: before.requests + 1, errors: before.errors + (failed ? 1 : 0) })
      tally.clients = Object.freeze({ ...tally.clients, [client.key]: now })
    }
    if (failed) return { failure: answer.failure, served: undefined }
    const { uid = '', namespace = '', name } = answer.pod.metadata
    if (!tally.reached.has(uid)) {
      tally.reached.add(uid)
      trace.append('hop', actor, 'request:served', `pods/${namespace}/${name}`)
    }
    return { failure: undefined, served: seen(answer.pod, answer.source) }
  }

  const both = (a: readonly Served[] | undefined, b: readonly Served[] | undefined): readonly Served[] | undefined => {
    if (a === undefined || b === undefined || a === b) return a ?? b
    return a.includes(b[0]!) ? a : Object.freeze([...a, ...b])
  }

  const tick = (source: Source, key: { readonly namespace: string; readonly name: string }): void => {
    const { tally } = source
    const rate = source.rate(kernel.now)
    const gap = rate > 0 ? Math.max(finest, Math.round(second / rate)) : pause
    source.timer = kernel.after(gap, actor, () => tick(source, key), {
      label: `requests to ${key.name}`,
      tag: 'housekeeping',
    })
    if (rate <= 0) return
    source.owed += (rate * gap) / second
    const count = Math.floor(source.owed + 1e-9)
    if (count === 0) return
    source.owed -= count
    const service = state.get('services', key.namespace, key.name) as Service | undefined
    const clients = requestClients(source.way, { state, senders: paths.senders })
    // A client that does not run sends nothing; without nodes there is nobody either, but somebody would ask.
    if (clients.length === 0 && source.way.clients !== 'nodes') return
    const errors = tally.errors
    let round: Round = { failure: undefined, served: undefined }
    for (let sent = 0; sent < count; sent += 1) {
      const one = request(source, service, clients)
      round = { failure: one.failure ?? round.failure, served: both(round.served, one.served) }
    }
    const data: TrafficTruth = Object.freeze({
      requests: tally.requests,
      errors: tally.errors,
      ...(round.failure === undefined ? {} : { failure: round.failure }),
      ...(round.served === undefined ? {} : { served: round.served }),
      ...(tally.clients === undefined ? {} : { clients: tally.clients }),
    })
    trace.append('truth', actor, tally.errors > errors ? 'fail' : 'serve', tally.subject, data)
  }

  return {
    load(key, rate, way = anyNode) {
      const subject = `traffic/${key.namespace}/${key.name}`
      const id = `${subject} ${way.label}`
      const before = sources.get(id)
      kernel.cancel(before?.timer)
      let tally = tallies.get(subject)
      if (tally === undefined) {
        tally = { subject, requests: 0, errors: 0, clients: undefined, reached: new Set() }
        tallies.set(subject, tally)
      }
      const source: Source = { tally, way, rate, sent: before?.sent ?? 0, owed: 0, timer: undefined }
      sources.set(id, source)
      source.timer = kernel.after(0, actor, () => tick(source, key), {
        label: `requests to ${key.name}`,
        tag: 'housekeeping',
      })
    },
  }
}
