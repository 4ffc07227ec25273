import type { Node } from '../../api/types/core-v1.generated.ts'
import type { Duration, NodeSpec } from '../../dsl/plan/cluster-spec.ts'
import { createContainerRuntime } from '../container-runtime/create-container-runtime.ts'
import type { ContainerRuntime } from '../container-runtime/cri.ts'
import { engineOf } from '../container-runtime/engines/engine-of.ts'
import type { ContainerLogAnswer, ContainerLogQuestion } from '../apiserver/container-log-source.ts'
import type { KubeProxy } from '../kube-proxy/create-kube-proxy.ts'
import type { Actor } from '../kernel/actor.ts'
import { InvariantError } from '../kernel/invariant-error.ts'
import { staticPod } from '../kubelet/static-manifest.ts'
import { createKubelet } from '../kubelet/kubelet.ts'
import { networkPlugin } from '../network/network-plugin.ts'
import { createPodIps } from '../network/pod-ips.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import { createMachine, type Machine, type Pressure } from '../node/machine.ts'
import type { Machines } from '../cloud/cloud.ts'
import { asNewInstance } from './cloud-objects.ts'
import type { MachineHandle, Process } from './cluster.ts'
import { createProcess } from './create-process.ts'
import { skewedKernel } from './skewed-kernel.ts'
import { nodeAddress, podCidrOf, podNetworkOf } from './node-object.ts'
import { startNodeProxy } from './node-proxy.ts'
import { versionOf } from './start-objects.ts'
import type { World } from './world.ts'

/** The machines of a cluster, each with its container runtime and kubelet. */
export interface Fleet {
  machine(name: string): MachineHandle | undefined
  machines(): readonly string[]
  /** One more machine of the pool: on after its boot time. Its name. */
  add(pool: string): string
  remove(name: string): void
  /** A node's wall clock is ahead by so much. Returns how to heal it. */
  skewClock(node: string, by: Micros): () => void
  /** Something outside the pods takes memory, disk or process numbers until only so much is available. Returns how to heal it. */
  take(node: string, pressure: Pressure, available: number | undefined): () => void
  /** Nodes from which requests can be sent, in order of their names. */
  senders(): readonly Sender[]
  /** The machines that are on, in order of their names. */
  nodes(): readonly FleetNode[]
  /** The machines as a cloud knows them. */
  readonly instances: Machines
  /** The load of memory upon a container is another one. */
  memoryLoaded(node: string, podUid: string, container: string): void
  /** What a node's kubelet answers an API server that asks for a log. */
  containerLog(question: ContainerLogQuestion): ContainerLogAnswer
  /** Who bears a pod's address; undefined: nobody. */
  bearer(address: string): Bearer | undefined
  /** Pods by the addresses of the machines that they share the network with: what listens on a port of a host. */
  host(address: string): FleetHost | undefined
}

export interface FleetHost {
  readonly node: string
  readonly ends: readonly string[]
  readonly runtime: ContainerRuntime
}

/** A node as the source of requests. */
export interface Sender {
  readonly node: string
  readonly ends: readonly string[]
  /** Address of a client on the pods' network of this node. */
  readonly address: string
  /** The machine's own address. */
  readonly host: string
  readonly proxy: KubeProxy
  powered(): boolean
}

export interface FleetNode {
  readonly name: string
  readonly ends: readonly string[]
  readonly runtime: ContainerRuntime
  /** Its kubelet is at work. */
  readonly answers: () => boolean
}

export interface Bearer {
  readonly node: string
  readonly ends: readonly string[]
  readonly runtime: ContainerRuntime
  readonly podUid: string
}

interface Stack {
  readonly handle: MachineHandle
  readonly kubelet: Process
  readonly ends: readonly string[]
  readonly runtime: ContainerRuntime
  readonly sender: Sender | undefined
  readonly skew: { by: Micros }
  readonly machine: Machine
}

const zoneLabel = 'topology.kubernetes.io/zone'

/** `startNode` is the object under which a machine's kubelet has joined before t=0. */
export const createFleet = (world: World, startNode: (name: string) => Node | undefined): Fleet => {
  const { kernel, timeline, spec, network, heartbeats, processes } = world
  const trace = timeline
  const stacks = new Map<string, Stack>()
  /** Pod address → node. */
  const homes = new Map<string, string>()
  let senders: readonly Sender[] | undefined
  const plugin = networkPlugin(spec.network)
  const podNetwork = podNetworkOf(spec.pools.reduce((sum, pool) => sum + (pool.max ?? 0), spec.nodes.length))
  /** Machines that are not on yet. */
  const booting = new Map<string, Timer>()
  const counts = new Map<string, number>()
  /** What is there or boots, by name. */
  const specs = new Map<string, NodeSpec>()
  const addresses = new Map<string, string>()
  /** Address of a machine → its name. */
  const hosts = new Map<string, string>()
  let index = 0

  const build = (node: NodeSpec, joined?: Node): Stack => {
    const place = index
    index += 1
    const { name } = node
    const zone = node.labels[zoneLabel]
    const ends = [`node/${name}`, `kubelet/${name}`, ...(zone === undefined ? [] : [`zone/${zone}`])]
    const machine = createMachine({ kernel, trace, spec: spec.cloud === undefined ? node : asNewInstance(node) })
    specs.set(name, node)
    addresses.set(name, nodeAddress(place))
    const engine = engineOf(node.runtime)
    hosts.set(nodeAddress(place), name)
    const range = podCidrOf(place)
    const ips = createPodIps(range)
    const runtime = createContainerRuntime({
      kernel,
      trace,
      machine,
      behavior: world.registries.over(world.behaviors.on(node), { machine, engine }),
      engine,
      load: world.load,
      network: plugin.network,
      allocateIp() {
        const address = ips.allocate()
        if (address === undefined) return { error: plugin.usedUp(ips.usedUp) }
        homes.set(address, name)
        return address
      },
      releaseIp(address) {
        ips.release(address)
        homes.delete(address)
      },
    })
    const actor: Actor = kernel.actor(`kubelet/${name}`)
    const skew = { by: 0 }
    const component = createKubelet({
      kernel: skewedKernel(kernel, skew),
      trace,
      transport: () => world.connect(actor, ends),
      machine,
      runtime,
      heartbeats,
      scheme: () => world.servers[0]!.server.scheme(),
      node: name,
      hostIp: nodeAddress(place),
      flags: spec.flags['kubelet'] ?? {},
      ...(heartbeats.eager === true ? { config: { eagerHeartbeats: true } } : {}),
      version: versionOf(spec),
      ...(joined === undefined ? {} : { joined }),
    })
    const kubelet = createProcess({
      kernel,
      trace,
      name: `kubelet/${name}`,
      component,
      actor,
      changed: (up) => !up && heartbeats.silence(name),
    })
    processes.set(kubelet.name, kubelet)
    const proxy = world.proxies
      ? startNodeProxy(world, { name, zone, podNetwork, joined: joined !== undefined })
      : undefined
    const handle: MachineHandle = {
      name,
      zone,
      get powered() {
        return machine.powered
      },
      powerOff() {
        if (!machine.powered) return
        machine.shutdown.over()
        kubelet.stop('crash')
        proxy?.process.stop('crash')
        proxy?.proxy.flush()
        machine.powerOff()
      },
      powerOn() {
        if (machine.powered) return
        machine.powerOn()
        kubelet.start()
        proxy?.process.start()
      },
      shutDown() {
        machine.shutdown.begin(() => handle.powerOff())
        return () => {
          machine.shutdown.callOff()
          handle.powerOn()
        }
      },
      putManifest(file, manifest) {
        machine.manifests.put(file, manifest)
        const result = staticPod({ name: file, manifest, node: name, seen: '' }, world.scheme.byKind('v1/Pod')!)
        return 'problem' in result ? result.problem : undefined
      },
      removeManifest: (file) => machine.manifests.remove(file),
    }
    const sender = proxy && {
      node: name,
      host: nodeAddress(place),
      ends,
      address: range.replace(/\.0\/24$/, '.1'),
      proxy: proxy.proxy,
      powered: () => machine.powered,
    }
    const stack: Stack = { handle, kubelet, ends, runtime, sender, skew, machine }
    senders = undefined
    stacks.set(name, stack)
    return stack
  }

  for (const node of spec.nodes) {
    build(node, startNode(node.name))
    counts.set(node.pool, (counts.get(node.pool) ?? 0) + 1)
  }
  const lookAtConnections = (): void => {
    for (const [name, { ends }] of stacks)
      heartbeats.connected(
        name,
        world.servers.some((server) => server.up() && network.reachable(ends, server.ends)),
      )
  }
  network.subscribe(lookAtConnections)
  world.onServers(lookAtConnections)

  const drawn = ({ base, spread }: Duration): number =>
    spread === 0 ? base : base - spread + kernel.choose('machine/boot', Math.floor((2 * spread) / 1000) + 1) * 1000

  const add = (poolName: string): string => {
    const pool = spec.pools.find((one) => one.name === poolName)
    if (pool === undefined) throw new InvariantError('cluster', 'no such pool', { pool: poolName })
    const count = counts.get(poolName) ?? 0
    counts.set(poolName, count + 1)
    const name = `${poolName}-${count}`
    const zone = pool.zones.length === 0 ? undefined : pool.zones[count % pool.zones.length]!
    const node: NodeSpec = {
      ...pool.template,
      name,
      labels: {
        ...pool.template.labels,
        'kubernetes.io/hostname': name,
        ...(zone === undefined ? {} : { [zoneLabel]: zone }),
      },
    }
    const on = (): void => {
      booting.delete(name)
      build(node)
    }
    specs.set(name, node)
    booting.set(name, kernel.after(drawn(node.boot), kernel.actor('machines'), on, { label: `machine ${name} boots` }))
    return name
  }

  const remove = (name: string): void => {
    const stack = stacks.get(name)
    if (stack === undefined && !booting.has(name)) return
    kernel.cancel(booting.get(name))
    booting.delete(name)
    stack?.handle.powerOff()
    stacks.delete(name)
    senders = undefined
    processes.delete(`kubelet/${name}`)
    processes.delete(`kube-proxy/${name}`)
    const pool = specs.get(name)?.pool ?? ''
    specs.delete(name)
    // The machines of an autoscaled pool never bear a name again: any of them may go, not only the last.
    if (spec.pools.find((one) => one.name === pool)?.max === undefined)
      counts.set(pool, Math.max(0, (counts.get(pool) ?? 1) - 1))
  }

  return {
    machine: (name) => stacks.get(name)?.handle,
    machines: () => [...stacks.keys(), ...booting.keys()],
    add,
    remove,
    instances: {
      names: (pool) => [...specs.values()].filter((one) => one.pool === pool).map((one) => one.name),
      zone: (name) => specs.get(name)?.labels[zoneLabel],
      pool: (name) => specs.get(name)?.pool,
      address: (name) => addresses.get(name),
      powered: (name) => stacks.get(name)?.handle.powered === true,
      add: (pool) => void add(pool),
      remove,
    },
    skewClock(node, by) {
      const stack = stacks.get(node)
      if (stack === undefined) throw new InvariantError('cluster', 'no such machine', { node })
      stack.skew.by += by
      return () => {
        stack.skew.by -= by
      }
    },
    take(node, pressure, available) {
      const stack = stacks.get(node)
      if (stack === undefined) throw new InvariantError('cluster', 'no such machine', { node })
      return stack.machine.take(pressure, available)
    },
    senders() {
      senders ??= [...stacks]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, stack]) => (stack.sender === undefined ? [] : [stack.sender]))
      return senders
    },
    nodes: () =>
      [...stacks.values()]
        .sort((a, b) => (a.handle.name < b.handle.name ? -1 : 1))
        .map(({ handle, ends, runtime, kubelet }) => ({ name: handle.name, ends, runtime, answers: () => kubelet.up })),
    memoryLoaded: (node, podUid, container) => stacks.get(node)?.runtime.memoryLoaded(podUid, container),
    containerLog({ server, node, podUid, container, previous }) {
      const stack = stacks.get(node)
      const address = `${addresses.get(node) ?? node}:10250`
      if (stack?.handle.powered !== true || !network.reachable([server], stack.ends))
        return { address, unreachable: 'i/o timeout' }
      if (!stack.kubelet.up) return { address, unreachable: 'connect: connection refused' }
      // Newest first; one that has not started has no log yet.
      const runs = stack.runtime
        .podContainers(podUid)
        .filter((one) => one.config.name === container && one.startedAt !== undefined)
      const run = runs[previous ? 1 : 0]
      const lines = run === undefined ? [] : stack.runtime.log(run.id)
      return { lines: lines.map(({ at, text }) => ({ at: kernel.epoch + at, text })) }
    },
    bearer(address) {
      const stack = stacks.get(homes.get(address) ?? '')
      if (stack === undefined) return undefined
      const { runtime, ends } = stack
      for (const podUid of runtime.pods())
        if (runtime.podSandboxes(podUid).some((one) => one.ready && one.ip === address))
          return { node: stack.handle.name, ends, runtime, podUid }
      return undefined
    },
    host(address) {
      const name = hosts.get(address)
      const stack = name === undefined ? undefined : stacks.get(name)
      return stack && { node: stack.handle.name, ends: stack.ends, runtime: stack.runtime }
    },
  }
}
