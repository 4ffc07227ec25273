import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import type { Draws } from '../kube-proxy/open-connection.ts'
import { hostOf } from '../kube-proxy/endpoint.ts'
import { openConnection } from '../kube-proxy/open-connection.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Network } from '../network/network.ts'
import type { State } from '../record/state.ts'
import type { TrafficFailure, TrafficTruth } from '../record/traffic-truth.ts'
import type { Traffic } from './cluster.ts'
import type { Bearer, Sender } from './fleet.ts'

export interface TrafficOptions {
  readonly kernel: Kernel
  readonly trace: Trace
  readonly state: State
  readonly network: Network
  readonly paths: {
    senders(): readonly Sender[]
    bearer(address: string): Bearer | undefined
  }
}

/** Requests closer together than this are sent at one instant. */
const finest: Micros = 10 * millisecond
/** How long a source without demand waits until it looks at its ramp again. */
const pause: Micros = 100 * millisecond

type Answer = { readonly failure: TrafficFailure } | { readonly pod: Pod }

/** What of one load goes on between its requests. */
interface Source {
  readonly subject: string
  readonly rate: (at: Micros) => number
  /** Requests since the load began: chooses sender and backend in turn. */
  sent: number
  /** Part of a request that is due. */
  owed: number
  requests: number
  errors: number
  /** Pods that have been reached. */
  readonly reached: Set<string>
  timer: Timer | undefined
}

/**
 * Clients on the pods' networks of all nodes in turn, which open a new connection for each request: through the rules of their
 * own node as they stand, to a pod that takes it or does not.
 * Differs: backends are taken in turn and not by chance, so that the same endpoints are met in every run.
 */
export const createTraffic = (options: TrafficOptions): Traffic => {
  const { kernel, trace, state, network, paths } = options
  const actor = kernel.actor('traffic')
  const sources = new Map<string, Source>()

  const openAt = (sender: Sender, service: Service, turn: number): Answer => {
    const destination = service.spec.clusterIP ?? ''
    const port = service.spec.ports?.[0]
    if (destination === '' || destination === 'None' || port === undefined)
      return failure('no-route', `service/${service.metadata.name} has no cluster IP`)
    const draws: Draws = { choose: (_, n) => turn % n, affinity: sender.proxy.affinity }
    const connection = { protocol: port.protocol ?? 'TCP', source: sender.address, destination, port: port.port }
    const opened = openConnection(sender.proxy.view, connection, draws)
    if (opened.verdict !== 'forward')
      return failure(
        opened.verdict === 'reject' ? 'refused' : opened.verdict === 'drop' ? 'dropped' : 'no-route',
        destination,
      )
    const { endpoint } = opened.backend
    const bearer = paths.bearer(hostOf(endpoint))
    if (bearer === undefined) return failure('no-host', endpoint)
    if (bearer.ends !== sender.ends && !network.reachable(sender.ends, bearer.ends)) return failure('timeout', endpoint)
    return answerOf(bearer, service.metadata.namespace ?? '', endpoint)
  }

  /** Whether the process behind the endpoint takes the connection. */
  const answerOf = ({ runtime, podUid }: Bearer, namespace: string, endpoint: string): Answer => {
    const live = runtime.podContainers(podUid)
    const name = live[0]?.config.pod.name
    const pod = name === undefined ? undefined : (state.get('pods', namespace, name) as Pod | undefined)
    const port = Number(endpoint.slice(endpoint.lastIndexOf(':') + 1))
    const listed = pod?.spec.containers.find((one) => (one.ports ?? []).some((open) => open.containerPort === port))
    const container = listed ?? pod?.spec.containers[0]
    const running = live.find((one) => one.config.name === container?.name && one.state === 'running')
    if (pod === undefined || container === undefined || running === undefined) return failure('refused', endpoint)
    // Without a readiness probe its script says nothing about the container.
    if (container.readinessProbe !== undefined && runtime.accepts?.(running.id) === false)
      return failure('refused', endpoint)
    return { pod }
  }

  const request = (source: Source, service: Service | undefined): void => {
    const senders = paths.senders().filter((one) => one.powered())
    source.requests += 1
    const turn = source.sent
    source.sent += 1
    const sender = senders[turn % Math.max(1, senders.length)]
    const answer =
      service === undefined || sender === undefined
        ? failure('no-route', 'nobody')
        : openAt(sender, service, (turn % senders.length) + Math.floor(turn / senders.length))
    if ('failure' in answer) {
      source.errors += 1
      last = answer.failure
      return
    }
    const { uid = '', namespace = '', name } = answer.pod.metadata
    if (source.reached.has(uid)) return
    source.reached.add(uid)
    trace.append('hop', actor, 'request:served', `pods/${namespace}/${name}`)
  }
  let last: TrafficFailure | undefined

  const tick = (source: Source, key: { readonly namespace: string; readonly name: string }): void => {
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
    const errors = source.errors
    last = undefined
    for (let sent = 0; sent < count; sent += 1) request(source, service)
    const data: TrafficTruth = Object.freeze({
      requests: source.requests,
      errors: source.errors,
      ...(last === undefined ? {} : { failure: last }),
    })
    trace.append('truth', actor, source.errors > errors ? 'fail' : 'serve', source.subject, data)
  }

  return {
    load(key, rate) {
      const subject = `traffic/${key.namespace}/${key.name}`
      const before = sources.get(subject)
      kernel.cancel(before?.timer)
      const source: Source = {
        subject,
        rate,
        sent: before?.sent ?? 0,
        owed: 0,
        requests: before?.requests ?? 0,
        errors: before?.errors ?? 0,
        reached: before?.reached ?? new Set(),
        timer: undefined,
      }
      sources.set(subject, source)
      source.timer = kernel.after(0, actor, () => tick(source, key), {
        label: `requests to ${key.name}`,
        tag: 'housekeeping',
      })
    },
  }
}

const failure = (kind: TrafficFailure['kind'], at: string): { readonly failure: TrafficFailure } => ({
  failure: Object.freeze({ kind, at }),
})
