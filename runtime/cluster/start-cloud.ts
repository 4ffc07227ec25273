import type { Credentials } from '../../api/protocol/request.ts'
import { clusterAutoscaler } from '../autoscaler/controller.ts'
import { autoscalerSettings } from '../autoscaler/settings.ts'
import { createCloud } from '../cloud/create-cloud.ts'
import type { Cloud, Machines } from '../cloud/cloud.ts'
import { cloudControllers } from '../controllers/registry.ts'
import { createControllerManager } from '../reconcile/controller-manager.ts'
import type { Controller } from '../reconcile/controller.ts'
import { rfc3339Seconds } from '../apiserver/timestamps.ts'
import { second } from '../kernel/micros.ts'
import { templateNode } from './cloud-objects.ts'
import { createProcess } from './create-process.ts'
import { versionOf } from './start-objects.ts'
import type { World } from './world.ts'

interface Program {
  /** As scenarios call it. */
  readonly name: string
  /** As upstream calls it: actor and service account. */
  readonly full: string
  readonly controllers: readonly Controller[]
  readonly flags: Readonly<Record<string, string>>
}

const start = (world: World, { name, full, controllers, flags }: Program): void => {
  const { kernel, timeline: trace, heartbeats, processes } = world
  const actor = kernel.actor(full)
  const credentials: Credentials = { kind: 'serviceaccount', namespace: 'kube-system', name: full }
  const component = createControllerManager({
    kernel,
    trace,
    transport: () => world.connect(actor, [name]),
    name: full,
    controllers,
    heartbeats,
    scheme: () => world.servers[0]!.server.scheme(),
    flags,
    options: { credentials, credentialsOf: () => credentials },
  })
  processes.set(name, createProcess({ kernel, trace, name, component, actor }))
}

/** The cloud around the cluster, cloud-controller-manager, and the cluster autoscaler where a pool has a range. */
export const startCloud = (world: World, machines: Machines): Cloud | undefined => {
  const { kernel, spec } = world
  if (spec.cloud === undefined) return undefined
  const cloud = createCloud({
    kernel,
    spec: spec.cloud,
    pools: spec.pools,
    machines,
    template: (pool, zone) =>
      templateNode(pool, zone, {
        version: versionOf(spec),
        time: rfc3339Seconds(Math.floor((kernel.epoch + kernel.now) / second)),
        flags: spec.flags['kubelet'] ?? {},
      }),
  })
  const manager = 'cloud-controller-manager'
  const flags = spec.flags[manager] ?? {}
  const routed = spec.flags['controller-manager']?.['allocate-node-cidrs'] === 'true'
  start(world, { name: manager, full: manager, controllers: cloudControllers(cloud, flags, routed), flags })
  if (cloud.groups().length === 0) return cloud
  const settings = autoscalerSettings(spec.flags['autoscaler'] ?? {})
  const autoscaler = clusterAutoscaler(cloud, settings)
  // --kube-client-qps, --kube-client-burst
  const limits = { 'kube-api-qps': '5', 'kube-api-burst': '10' }
  start(world, { name: 'autoscaler', full: 'cluster-autoscaler', controllers: [autoscaler], flags: limits })
  return cloud
}
