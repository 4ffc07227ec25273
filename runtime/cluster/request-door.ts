import type { Node, Service, ServicePort } from '../../api/types/core-v1.generated.ts'
import type { State } from '../record/state.ts'
import type { TrafficWay } from './cluster.ts'
import type { Sender } from './fleet.ts'
import type { RequestClient } from './request-clients.ts'

/** Where a connection meets the rules of Services, and what it is addressed to. */
export interface RequestDoor {
  readonly at: Sender
  readonly source: string
  readonly protocol: string
  readonly destination: string
  readonly port: number
}

export interface DoorWorld {
  readonly state: State
  senders(): readonly Sender[]
  /** The nodes behind a load balancer that the cloud has made. */
  balanced(address: string): readonly string[] | undefined
  /** Whether a process runs. */
  up(process: string): boolean
}

export type DoorAnswer = { readonly door: RequestDoor } | { readonly kind: 'no-route' | 'timeout'; readonly at: string }

const leaving = 'ToBeDeletedByClusterAutoscaler'

/**
 * What a balancer's probe of a node finds: for the Local policy the health check node port, else kube-proxy's /healthz, which
 * fails on a node that is about to go. Differs: a balancer knows it at once, where a real one probes every few seconds.
 */
const healthy = (at: Sender, service: Service, world: DoorWorld): boolean => {
  if (!at.powered() || !world.up(`kube-proxy/${at.node}`)) return false
  if (service.spec.externalTrafficPolicy === 'Local')
    return at.proxy.health(`${service.metadata.namespace ?? ''}/${service.metadata.name}`).code === 200
  const node = world.state.get('nodes', undefined, at.node) as Node | undefined
  return (
    node?.metadata.deletionTimestamp === undefined && !(node?.spec.taints ?? []).some((taint) => taint.key === leaving)
  )
}

const portOf = ({ spec }: Service, wanted: string | undefined): ServicePort | undefined =>
  wanted === undefined ? spec.ports?.[0] : spec.ports?.find((one) => one.name === wanted || String(one.port) === wanted)

interface Asked {
  readonly client: RequestClient
  readonly service: Service
  readonly way: TrafficWay
  /** Which of several nodes a client outside turns to. */
  readonly turn: number
}

/** By its node port, on the client's own node, or from outside on all nodes in turn. */
const nodePortDoor = ({ client, turn }: Asked, port: ServicePort, world: DoorWorld): DoorAnswer => {
  const { protocol = 'TCP' } = port
  const senders = world.senders()
  const at = client.at ?? senders[turn % Math.max(1, senders.length)]
  if (port.nodePort === undefined || at === undefined) return { kind: 'no-route', at: `port ${port.port}` }
  const destination = at.host
  return at.powered()
    ? { door: { at, source: client.address, destination, protocol, port: port.nodePort } }
    : { kind: 'timeout', at: `${destination}:${port.nodePort}` }
}

/** By its load balancer: what is inside the cluster meets the address on its own node, what is outside one of the healthy nodes. */
const balancerDoor = (asked: Asked, port: ServicePort, world: DoorWorld): DoorAnswer => {
  const { client, service, turn } = asked
  const { protocol = 'TCP' } = port
  const [ingress] = service.status?.loadBalancer?.ingress ?? []
  const address = ingress?.ip
  if (address === undefined) return { kind: 'no-route', at: `service/${service.metadata.name}` }
  const virtual = (ingress?.ipMode ?? 'VIP') === 'VIP'
  if (client.at !== undefined && virtual)
    return { door: { at: client.at, source: client.address, destination: address, protocol, port: port.port } }
  const hosts = world.balanced(address)
  const behind = world
    .senders()
    .filter((one) => (hosts === undefined || hosts.includes(one.node)) && healthy(one, service, world))
  const at = behind[turn % Math.max(1, behind.length)]
  if (at === undefined) return { kind: 'timeout', at: `${address}:${port.port}` }
  if (virtual) return { door: { at, source: client.address, destination: address, protocol, port: port.port } }
  if (port.nodePort === undefined) return { kind: 'timeout', at: `${address}:${port.port}` }
  // A balancer that is a proxy opens a connection of its own.
  return { door: { at, source: address, destination: at.host, protocol, port: port.nodePort } }
}

/** The door of the Service that a request takes. */
export const requestDoor = (asked: Asked, world: DoorWorld): DoorAnswer => {
  const { client, service, way } = asked
  const { spec } = service
  const port = portOf(service, way.port)
  const through =
    way.through ?? (client.at !== undefined ? 'ClusterIP' : spec.type === 'LoadBalancer' ? 'LoadBalancer' : 'NodePort')
  if (port === undefined) return { kind: 'no-route', at: `service/${service.metadata.name}` }
  const { protocol = 'TCP' } = port
  if (through === 'NodePort') return nodePortDoor(asked, port, world)
  if (through === 'LoadBalancer') return balancerDoor(asked, port, world)
  const { clusterIP = '' } = spec
  if (clusterIP === '' || clusterIP === 'None')
    return { kind: 'no-route', at: `service/${service.metadata.name} has no cluster IP` }
  // A cluster IP is an address inside the cluster only.
  if (client.at === undefined) return { kind: 'no-route', at: clusterIP }
  return { door: { at: client.at, source: client.address, destination: clusterIP, protocol, port: port.port } }
}
