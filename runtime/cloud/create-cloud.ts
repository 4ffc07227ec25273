import type { CloudSpec, PoolSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Node } from '../../api/types/core-v1.generated.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { sleeping } from '../reconcile/forked-request.ts'
import {
  cloudLatency,
  type Cloud,
  type CloudAnswer,
  type CloudCall,
  type LoadBalancers,
  type Machines,
  type NodeGroup,
  type Route,
} from './cloud.ts'

export interface CloudOptions {
  readonly kernel: Kernel
  readonly spec: CloudSpec
  readonly pools: readonly PoolSpec[]
  readonly machines: Machines
  readonly template: (pool: PoolSpec, zone: number) => Node
}

/** `spec.providerID` of an instance's node. */
export const providerIdOf = (name: string, zone: string | undefined): string => `kscn://${zone ?? ''}/${name}`

/** Documentation addresses (RFC 5737), one for each balancer in the order in which they are made. */
const addressOf = (count: number): string => `203.0.113.${(count % 254) + 1}`

const createBalancers = ({ kernel, spec }: Pick<CloudOptions, 'kernel' | 'spec'>): LoadBalancers => {
  const balancers = new Map<string, { readonly address: string; hosts: readonly string[] }>()
  let made = 0
  let calls = 0
  const drawn = (): number => {
    const { base, spread } = spec.loadBalancer
    if (spread === 0) return base
    return Math.max(0, base - spread + kernel.choose('cloud/load-balancer', Math.floor((2 * spread) / 1000) + 1) * 1000)
  }
  /** A call about a balancer: it takes its time, and may fail. */
  function* call<A>(time: number, act: () => CloudAnswer<A>): CloudCall<A> {
    const fails = calls >= spec.after && calls < spec.after + spec.failures
    calls += 1
    yield* sleeping(time)
    return fails ? { ok: false, message: 'the cloud has no capacity for load balancers' } : act()
  }
  return {
    get: (name) => balancers.get(name)?.address,
    hostsAt: (address) => [...balancers.values()].find((one) => one.address === address)?.hosts,
    ensure(name, hosts) {
      const known = balancers.get(name)
      return call(known === undefined ? drawn() : cloudLatency, () => {
        const address = known?.address ?? addressOf(made)
        if (known === undefined) made += 1
        balancers.set(name, { address, hosts })
        return { ok: true, value: address }
      })
    },
    update: (name, hosts) =>
      call(cloudLatency, () => {
        const known = balancers.get(name)
        if (known === undefined) return { ok: false, message: `load balancer ${name} not found` }
        known.hosts = hosts
        return { ok: true, value: undefined }
      }),
    ensureDeleted: (name) =>
      call(cloudLatency, () => {
        balancers.delete(name)
        return { ok: true, value: undefined }
      }),
  }
}

const createGroup = (pool: PoolSpec, { machines, template }: CloudOptions): NodeGroup => ({
  id: pool.name,
  min: pool.min ?? 0,
  max: pool.max ?? 0,
  targetSize: () => machines.names(pool.name).length,
  instances: () => machines.names(pool.name),
  template: (zone) => template(pool, zone),
  increaseSize(by) {
    const size = machines.names(pool.name).length + by
    if (pool.quota !== undefined && size > pool.quota)
      return `quota exceeded: ${size} machines wanted in ${pool.name}, the limit is ${pool.quota}`
    for (let count = 0; count < by; count += 1) machines.add(pool.name)
    return undefined
  },
  deleteInstances(names) {
    for (const name of names) machines.remove(name)
  },
})

/** A cloud whose instances are the machines of the pools. */
export const createCloud = (options: CloudOptions): Cloud => {
  const { machines, pools } = options
  const routes = new Map<string, Route>()
  const groups = pools.filter((pool) => pool.max !== undefined).map((pool) => createGroup(pool, options))
  return {
    instance(node) {
      const { name } = node.metadata
      const pool = name === undefined ? undefined : machines.pool(name)
      if (name === undefined || pool === undefined) return undefined
      const zone = machines.zone(name)
      const address = machines.address(name)
      return {
        providerId: providerIdOf(name, zone),
        type: pool,
        zone,
        addresses: [
          ...(address === undefined ? [] : [{ type: 'InternalIP', address }]),
          { type: 'Hostname', address: name },
        ],
        shutDown: !machines.powered(name),
      }
    },
    balancers: createBalancers(options),
    routes: {
      list: () => [...routes.values()],
      create: (route) => void routes.set(route.name, route),
      delete: (name) => void routes.delete(name),
    },
    groups: () => groups,
  }
}
