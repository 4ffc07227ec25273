import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import type { Cloud } from '../../cloud/cloud.ts'
import type { Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io } from '../../reconcile/controller.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

const cidrsOf = (node: Node): readonly string[] => node.spec?.podCIDRs ?? []

/** updateNetworkingCondition */
function* setCondition(io: Io, node: Node, created: boolean): Steps<void> {
  const type = 'NetworkUnavailable'
  const [status, reason, message] = created
    ? ['False', 'RouteCreated', 'RouteController created a route']
    : ['True', 'NoRouteCreated', 'RouteController failed to create a route']
  const { conditions = [] } = node.status ?? {}
  const known = conditions.find((one) => one.type === type)
  if (known?.status === status && known.reason === reason) return
  const now = io.timestamp()
  const condition = { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now }
  yield* io.write.patchStatus(node, { conditions: [condition] })
}

/** reconcileNodeRoutes: a route to each node's range of pods, and none to nodes that are gone. */
function* reconcileRoutes(io: Io, { routes }: Cloud): Steps<void> {
  const nodes = io.read.list('v1/Node') as readonly Node[]
  const wanted = new Map(
    nodes.flatMap((node) => cidrsOf(node).map((cidr) => [`${node.metadata.name ?? ''} ${cidr}`, node] as const)),
  )
  for (const route of routes.list()) if (!wanted.has(`${route.node} ${route.cidr}`)) routes.delete(route.name)
  const there = new Set(routes.list().map((route) => `${route.node} ${route.cidr}`))
  for (const [key, { metadata }] of wanted) {
    if (there.has(key)) continue
    const cidr = key.slice(key.indexOf(' ') + 1)
    routes.create({ name: `${metadata.uid ?? ''}-${cidr}`, node: metadata.name ?? '', cidr })
  }
  for (const node of nodes) yield* setCondition(io, node, cidrsOf(node).length > 0)
}

/**
 * cloud-controller-manager's route controller (k8s.io/cloud-provider controllers/route, v0.36), every 10 s.
 * Differs: an interval in which no node came, went or changed its range is no event; the cloud makes every route that it is asked for.
 */
export const routeController = (cloud: Cloud, period: Micros): Controller => {
  const current = (io: { readonly read: Io['read'] }): boolean => {
    const nodes = io.read.list('v1/Node') as readonly Node[]
    const there = new Set(cloud.routes.list().map((route) => `${route.node} ${route.cidr}`))
    const wanted = nodes.flatMap((node) => cidrsOf(node).map((cidr) => `${node.metadata.name ?? ''} ${cidr}`))
    return wanted.length === there.size && wanted.every((one) => there.has(one))
  }
  return {
    name: 'route-controller',
    eventSource: 'route_controller',
    reconciles: 'v1/Node',
    watches: {
      'v1/Node': (_object, io) => {
        if (!current(io)) io.wake('routes')
        return []
      },
    },
    loops: [
      {
        name: 'routes',
        first: 0,
        every: period,
        tag: 'progress',
        idle: current,
        run: (io) => reconcileRoutes(io, cloud),
      },
    ],

    *reconcile() {
      return done
    },
  }
}
