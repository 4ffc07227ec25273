import type { Pod, Service } from '../../api/types/core-v1.generated.ts'
import { hostOf } from '../kube-proxy/endpoint.ts'
import { openConnection, type Draws } from '../kube-proxy/open-connection.ts'
import type { PolicyPod } from '../network/policy-connection.ts'
import type { TrafficFailure } from '../record/traffic-truth.ts'
import type { TrafficWay } from './cluster.ts'
import type { TrafficOptions } from './create-traffic.ts'
import type { Bearer } from './fleet.ts'
import { createPolicyGuard, policyPod } from '../network/policy-guard.ts'
import type { RequestClient } from './request-clients.ts'
import { requestDoor } from './request-door.ts'

export interface Request {
  readonly client: RequestClient
  readonly service: Service
  readonly way: TrafficWay
  /** Chooses among what is taken in turn. */
  readonly turn: number
}

/** The pod that has taken the request, and the address that it sees as its client's. */
export type RequestAnswer = { readonly failure: TrafficFailure } | { readonly pod: Pod; readonly source: string }

export const failure = (kind: TrafficFailure['kind'], at: string): { readonly failure: TrafficFailure } => ({
  failure: Object.freeze({ kind, at }),
})

const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1))
const opens = (pod: Pod, port: number): boolean =>
  pod.spec.containers.some((one) => (one.ports ?? []).some((open) => open.containerPort === port))

/** A pod as policies see it; undefined: none, or its machine. */
const ownPod = (pod: Pod | undefined): PolicyPod | undefined =>
  pod === undefined || pod.spec.hostNetwork === true ? undefined : policyPod(pod)

/** The whole way of a request: client, door, rules, network, policies, process. */
export const createRequestWay = (options: TrafficOptions): ((request: Request) => RequestAnswer) => {
  const { state, network, paths, plugin } = options
  const passes = createPolicyGuard(state, plugin)
  const doors = { state, senders: paths.senders, balanced: options.balanced, up: options.up }

  /** Pods of the host's network listen on the address of their machine. */
  const hostBearer = (endpoint: string): Bearer | undefined => {
    const host = paths.host(hostOf(endpoint))
    if (host === undefined) return undefined
    const port = portOf(endpoint)
    for (const podUid of host.runtime.pods()) {
      const config = host.runtime.podContainers(podUid)[0]?.config.pod
      const pod = config && (state.get('pods', config.namespace, config.name) as Pod | undefined)
      if (pod?.spec.hostNetwork === true && opens(pod, port)) return { ...host, podUid }
    }
    return undefined
  }

  /** The pod whose process behind the endpoint takes the connection. */
  const taken = (
    { runtime, podUid }: Bearer,
    port: number,
  ): { readonly pod: Pod | undefined; readonly takes: boolean } => {
    const live = runtime.podContainers(podUid)
    const config = live[0]?.config.pod
    const pod = config && (state.get('pods', config.namespace, config.name) as Pod | undefined)
    const listed = pod?.spec.containers.find((one) => (one.ports ?? []).some((open) => open.containerPort === port))
    const container = listed ?? pod?.spec.containers[0]
    const running = live.find((one) => one.config.name === container?.name && one.state === 'running')
    if (pod === undefined || container === undefined || running === undefined) return { pod, takes: false }
    // Without a readiness probe its script says nothing about the container.
    return { pod, takes: container.readinessProbe === undefined || runtime.accepts?.(running.id) !== false }
  }

  return ({ client, service, way, turn }) => {
    const found = requestDoor({ client, service, way, turn }, doors)
    if ('kind' in found) return failure(found.kind, found.at)
    const { door } = found
    const { at, destination, source, protocol } = door
    const draws: Draws = { choose: (_, n) => turn % n, affinity: at.proxy.affinity }
    const connection = { protocol, source, destination, port: door.port }
    const opened = openConnection(at.proxy.view, connection, draws)
    if (opened.verdict !== 'forward')
      return failure(
        opened.verdict === 'reject' ? 'refused' : opened.verdict === 'drop' ? 'dropped' : 'no-route',
        destination,
      )
    const { endpoint, masquerade } = opened.backend
    const host = hostOf(endpoint)
    const port = portOf(endpoint)
    const bearer = paths.bearer(host) ?? hostBearer(endpoint)
    if (bearer === undefined) return failure('no-host', endpoint)
    if (bearer.node !== at.node && !network.reachable(at.ends, bearer.ends)) return failure('timeout', endpoint)
    const { pod, takes } = taken(bearer, port)
    const to = { address: host, pod: ownPod(pod), node: bearer.node }
    // Addresses are changed behind the policies of the node where the packet enters.
    const changed = masquerade && bearer.node !== at.node
    const seen = changed ? { seen: { address: at.host, pod: undefined, node: at.node } } : {}
    const from = { address: source, pod: ownPod(client.pod), node: client.at?.node }
    if (!passes({ from, ...seen, to, protocol, port })) return failure('denied', endpoint)
    if (pod === undefined || !takes) return failure('refused', endpoint)
    return { pod, source: masquerade ? at.host : source }
  }
}
