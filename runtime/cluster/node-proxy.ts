import { createKubeProxy, type KubeProxy } from '../kube-proxy/create-kube-proxy.ts'
import type { Process } from './cluster.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

export interface NodeProxyPlace {
  readonly name: string
  readonly zone: string | undefined
  readonly podNetwork: string
  /** It ran before the story begins: its first start tells nobody. */
  readonly joined: boolean
}

export interface NodeProxy {
  readonly proxy: KubeProxy
  readonly process: Process
}

/** The kube-proxy of a node, and its process as faults address it. */
export const startNodeProxy = (world: World, place: NodeProxyPlace): NodeProxy => {
  const { kernel, timeline: trace, spec, processes } = world
  const { name: node, zone } = place
  const name = `kube-proxy/${node}`
  const actor = kernel.actor(name)
  const ends = [`node/${node}`, name, ...(zone === undefined ? [] : [`zone/${zone}`])]
  const proxy = createKubeProxy({
    kernel,
    trace,
    transport: () => world.connect(actor, ends),
    node,
    scheme: () => world.servers[0]!.server.scheme(),
    flags: spec.flags['kube-proxy'] ?? {},
    podNetwork: place.podNetwork,
    serviceNetwork: spec.flags['apiserver']?.['service-cluster-ip-range'] ?? '10.96.0.0/16',
    announced: place.joined,
    told: world.toldRules,
  })
  const process = createProcess({ kernel, trace, name, component: proxy, actor })
  processes.set(name, process)
  return { proxy, process }
}
