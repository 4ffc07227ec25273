import type { Endpoint } from './endpoint.ts'
import { usesClusterEndpoints, usesLocalEndpoints, type ServicePort } from './service-port.ts'

/** Where the proxy runs. */
export interface Place {
  readonly nodeName: string
  /** Label topology.kubernetes.io/zone of the node, or ''. */
  readonly zone: string
}

export interface Categories {
  readonly cluster: readonly Endpoint[]
  readonly local: readonly Endpoint[]
  /** Whether anybody in the cluster could be reached. */
  readonly hasAny: boolean
  /** Whether another node would be told the same. */
  readonly everywhere: boolean
}

const none: readonly Endpoint[] = Object.freeze([])
const isReady = (one: Endpoint): boolean => one.ready
const isFallback = (one: Endpoint): boolean => one.serving && one.terminating

/** Any ready endpoint with a node hint, or with a zone hint, makes the answer depend on the place. */
const hinted = (ready: readonly Endpoint[]): boolean =>
  ready.some((one) => one.nodeHints.length > 0 || one.zoneHints.length > 0)

/** topologyModeFromHints and availableForTopology: node hints before zone hints, and only if no ready endpoint lacks them. */
const nearby = (ready: readonly Endpoint[], { nodeName, zone }: Place): readonly Endpoint[] => {
  if (ready.every((one) => one.nodeHints.length > 0)) {
    const own = ready.filter((one) => one.nodeHints.includes(nodeName))
    if (own.length > 0) return own
  }
  if (ready.every((one) => one.zoneHints.length > 0)) {
    const own = ready.filter((one) => one.zoneHints.includes(zone))
    if (own.length > 0) return own
  }
  return ready
}

/** CategorizeEndpoints of pkg/proxy/topology.go: whom the Cluster and the Local policy of a port may choose on this node. */
export const categorizeEndpoints = (endpoints: readonly Endpoint[], port: ServicePort, place: Place): Categories => {
  const usesLocal = usesLocalEndpoints(port)
  const usesCluster = usesClusterEndpoints(port)
  if (endpoints.length === 0) return { cluster: none, local: none, hasAny: false, everywhere: true }
  const ready = endpoints.filter(isReady)
  const depends = hinted(ready)
  let cluster = none
  if (usesCluster) {
    cluster = depends ? nearby(ready, place) : ready
    if (cluster.length === 0) cluster = endpoints.filter(isFallback)
  }
  if (!usesLocal) return { cluster, local: none, hasAny: cluster.length > 0, everywhere: !depends }
  const here = endpoints.filter((one) => one.nodeName === place.nodeName && place.nodeName !== '')
  let local = here.filter(isReady)
  // An endpoint that is ready does not count as one to fall back on, even if it is terminating (publishNotReadyAddresses).
  if (local.length === 0) local = here.filter(isFallback)
  return { cluster, local, hasAny: ready.length > 0 || endpoints.some(isFallback), everywhere: false }
}
