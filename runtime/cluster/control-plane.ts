import { featureGates } from '../../api/feature-gates.ts'
import { createApiServer, type ApiServerSettings } from '../apiserver/create-api-server.ts'
import { createClusterEtcd } from './create-cluster-etcd.ts'
import type { Dials } from './dials.ts'
import { createLaggingView, type LaggingView } from '../etcd/lagging-view.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import type { StartState } from '../etcd/start-state.ts'
import { startControllerManagers } from './start-controller-managers.ts'
import { startScheduler } from './start-scheduler.ts'
import { startStorage } from './start-storage.ts'
import { createWebhookHost } from './webhook-servers.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

const flightLimits = (flags: Readonly<Record<string, string>>): Pick<ApiServerSettings, 'flights'> => {
  const reading = flags['max-requests-inflight']
  const writing = flags['max-mutating-requests-inflight']
  if (reading === undefined && writing === undefined) return {}
  return {
    flights: {
      ...(reading === undefined ? {} : { reading: Number(reading) }),
      ...(writing === undefined ? {} : { writing: Number(writing) }),
    },
  }
}

/** The API server's flags as its options. */
const serverSettings = (flags: Readonly<Record<string, string>>): ApiServerSettings => {
  const topologyLabels = featureGates(flags)('PodTopologyLabelsAdmission') !== false
  const disabled = [
    ...(flags['disable-admission-plugins']?.split(',') ?? []),
    ...(topologyLabels ? [] : ['PodTopologyLabels']),
  ]
  const range = flags['service-cluster-ip-range']
  return {
    ...(disabled.length === 0 ? {} : { disableAdmission: disabled }),
    ...(range === undefined ? {} : { serviceRange: range }),
    ...flightLimits(flags),
  }
}

/** Starts etcd, the API servers, the controllers and the scheduler. */
export const createControlPlane = (
  world: World,
  start: StartState,
): Pick<Dials, 'slowEtcd' | 'compactEtcd' | 'lagWatchCache'> => {
  const { kernel, timeline, spec, scheme, latencies, heartbeats, processes } = world
  const trace = timeline

  const etcd = createClusterEtcd(world, start)
  const views = new Map<string, LaggingView>()

  for (let index = 0; index < spec.apiserver.replicas; index += 1) {
    const name = `apiserver/${index}`
    const member = etcd.client(index)
    const view = createLaggingView(world.manager.tamperEtcd?.(member) ?? member, {
      kernel,
      actor: kernel.actor(name),
      separate: spec.apiserver.replicas > 1,
    })
    views.set(name, view)
    const server = createApiServer({
      kernel,
      trace,
      etcd: view.etcd,
      name,
      scheme,
      latency: latencies.apiserver,
      watchDelay: latencies.watchDelivery,
      features: spec.features,
      options: {
        heartbeats,
        webhooks: createWebhookHost(world, name),
        tokens: world.tokens,
        aggregated: world.aggregated,
        containerLogs: world.containerLogs,
        ...serverSettings(spec.flags['apiserver'] ?? {}),
      },
    })
    const process = createProcess({
      kernel,
      trace,
      name,
      component: server,
      actor: kernel.actor(name),
      changed: () => world.serversChanged(),
    })
    processes.set(name, process)
    world.servers.push({ server, ends: [name], up: () => process.up })
  }

  startControllerManagers(world)
  startScheduler(world)
  startStorage(world)

  return {
    slowEtcd: (members, by) => etcd.slow(members, by),
    compactEtcd: () => etcd.compact(),
    lagWatchCache(server, by) {
      const view = views.get(server)
      if (view === undefined) throw new InvariantError('cluster', 'no such API server', { server })
      return view.lag(by)
    },
  }
}
