import type { KubeObject } from '../../api/object.ts'
import type { RuntimeContainer } from '../container-runtime/cri.ts'
import { createCustomMetrics } from '../metrics/custom-metrics.ts'
import { createDemand, type Demand } from '../metrics/demand.ts'
import { createMetricsApi, type MetricsApi } from '../metrics/metrics-api.ts'
import { createMetricsServer, type Kubelet, type MetricsServer, type PodSample } from '../metrics/metrics-server.ts'
import type { State } from '../record/state.ts'
import type { UsageHandle } from './cluster.ts'
import type { Fleet } from './fleet.ts'
import type { World } from './world.ts'

/** What containers use, who measures it, and who asks. */
export interface UsageRoom {
  readonly handle: UsageHandle
  readonly demand: Demand
  readonly api: MetricsApi
  /** metrics-server runs from now on. */
  measure(): void
}

/** The way to the machines is known later: they need what rests on them. */
export const createUsage = (
  world: Pick<World, 'kernel' | 'timeline' | 'network' | 'servers'>,
  state: State,
  fleet: () => Fleet,
): UsageRoom => {
  const { kernel, timeline, network } = world
  const demand = createDemand({
    kernel,
    timeline,
    state,
    memoryChanged(pods) {
      for (const { uid, node, container } of pods) fleet().memoryLoaded(node, uid, container)
    },
  })
  const custom = createCustomMetrics()
  let server: MetricsServer | undefined

  /** Of containers that run again in their pod: what the pod had taken before. */
  const bases = new Map<string, number>()
  const takenBy = (uid: string, { id, config }: RuntimeContainer): number => {
    const taken = demand.cpuTime(uid)
    if (config.attempt === 0) return taken
    if (!bases.has(id)) bases.set(id, taken)
    return taken - bases.get(id)!
  }

  const kubelets = (): readonly Kubelet[] =>
    fleet()
      .nodes()
      .map(({ name, ends, runtime, answers }) => ({
        node: name,
        scrape(): readonly PodSample[] | undefined {
          if (!answers() || !network.reachable(['metrics-server'], ends)) return undefined
          return runtime.pods().map((uid) => {
            const [first] = runtime.podSandboxes(uid)
            const live = runtime.podContainers(uid).filter((one) => one.state === 'running')
            const pod = first?.config.pod
            const object = state.get('pods', pod?.namespace, pod?.name ?? '') as PodShape | undefined
            const main = object?.spec?.containers[0]?.name
            return {
              namespace: pod?.namespace ?? '',
              name: pod?.name ?? '',
              containers: live.map((one) => ({
                name: one.config.name,
                startedAt: one.startedAt ?? kernel.now,
                cpuTime: (runtime.cpuTime?.(one.id) ?? 0) + (one.config.name === main ? takenBy(uid, one) : 0),
                memory: runtime.memoryUsage(one.id),
              })),
            }
          })
        },
      }))

  const measure = (): void => {
    if (server !== undefined) return
    server = createMetricsServer(kernel, kubelets)
    server.start()
  }

  return {
    demand,
    measure,
    api: createMetricsApi({
      kernel,
      state,
      server: () => server,
      custom,
      resources: () => world.servers[0]!.server.scheme().resources,
    }),
    handle: {
      load(target, what, curve) {
        measure()
        demand.load(target, what, curve)
      },
      metric: (name, curve, on) => custom.set(name, curve, on),
    },
  }
}

type PodShape = KubeObject & { readonly spec?: { readonly containers: readonly { readonly name: string }[] } }
