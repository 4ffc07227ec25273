import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { State } from '../record/state.ts'
import type { TrafficClient, TrafficWay } from './cluster.ts'
import type { Sender } from './fleet.ts'

/** Who opens a connection, and whose rules it meets first. */
export interface RequestClient {
  /** As counts name it; undefined where no load names it. */
  readonly key: string | undefined
  readonly address: string
  /** The node that it is on; undefined: it is outside. */
  readonly at: Sender | undefined
  /** The pod that it is; one on the host's network is its node. */
  readonly pod: Pod | undefined
}

/** A client outside the cluster (TEST-NET-1 of RFC 5737). */
export const outsideAddress = '192.0.2.10'
const outside: RequestClient = Object.freeze({
  key: undefined,
  address: outsideAddress,
  at: undefined,
  pod: undefined,
})

export interface ClientWorld {
  readonly state: State
  senders(): readonly Sender[]
}

const onNodes = new WeakMap<Sender, RequestClient>()
/** The client on the pods' network of a node, which no load names. */
const onNode = (at: Sender): RequestClient => {
  let client = onNodes.get(at)
  if (client === undefined) {
    client = Object.freeze({ key: undefined, address: at.address, at, pod: undefined })
    onNodes.set(at, client)
  }
  return client
}

const isUp = (pod: Pod): boolean => (pod.status.containerStatuses ?? []).some((one) => one.state?.running !== undefined)

const clientOf = (one: TrafficClient, world: ClientWorld, byNode: Map<string, Sender>): readonly RequestClient[] => {
  if (one.resource === 'nodes') {
    const at = byNode.get(one.name)
    return at === undefined || !at.powered() ? [] : [{ key: `nodes/${one.name}`, address: at.host, at, pod: undefined }]
  }
  const { namespace = 'default', name } = one
  const pod = world.state.get('pods', namespace, name) as Pod | undefined
  const at = byNode.get(pod?.spec.nodeName ?? '')
  const address = pod?.status.podIP
  if (pod === undefined || at === undefined || address === undefined || !at.powered() || !isUp(pod)) return []
  const key = `pods/${namespace}/${name}`
  return [{ key, address, at, pod: pod.spec.hostNetwork === true ? undefined : pod }]
}

/** Those who can send now, in the order of their turns: where nobody runs, nobody asks. */
export const requestClients = ({ clients }: TrafficWay, world: ClientWorld): readonly RequestClient[] => {
  if (clients === 'outside') return [outside]
  const senders = world.senders()
  if (clients === 'nodes') return senders.filter((one) => one.powered()).map(onNode)
  const byNode = new Map(senders.map((one) => [one.node, one]))
  return clients().flatMap((one) => clientOf(one, world, byNode))
}
