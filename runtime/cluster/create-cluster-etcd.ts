import { wholeValue } from '../../api/quantity/quantity-values.ts'
import { createEtcd } from '../etcd/create-etcd.ts'
import { createMembers } from '../etcd/create-members.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { StartState } from '../etcd/start-state.ts'
import type { Micros } from '../kernel/micros.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

/** The etcd of a cluster, as its composition sees it. */
export interface ClusterEtcd {
  /** What the API server of that number connects to. */
  client(index: number): Etcd
  compact(): void
  /** The disks of these members are slower by so much: all of them, and commits take longer; some, and those lag. Returns how to heal it. */
  slow(members: readonly string[], by: Micros): () => void
}

/** One member, or several with roles. Members hear each other and the API servers over the network. */
export const createClusterEtcd = (world: World, start: StartState): ClusterEtcd => {
  const { kernel, timeline: trace, spec, latencies, network, processes, heartbeats } = world
  const fsync = latencies.etcdCommit
  if (spec.etcd.members === 1) {
    const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync, start })
    processes.set(
      'etcd/0',
      createProcess({
        kernel,
        trace,
        name: 'etcd/0',
        component: etcd,
        actor: kernel.actor('etcd/0'),
        changed: (up) => heartbeats.stored(up),
      }),
    )
    return { client: () => etcd, compact: () => etcd.compact(etcd.revision), slow: (_members, by) => etcd.slow(by) }
  }
  const names = Array.from({ length: spec.etcd.members }, (_, index) => `etcd/${index}`)
  const quota = spec.flags['etcd']?.['quota-backend-bytes']
  const reaches = (from: string, to: string): boolean => network.reachable([from], [to])
  const members = createMembers({
    kernel,
    trace,
    names,
    fsync,
    start,
    reaches,
    ...(quota === undefined ? {} : { quota: wholeValue(quota) }),
  })
  for (const member of members.members) {
    const { name } = member
    processes.set(name, createProcess({ kernel, trace, name, component: member, actor: kernel.actor(name) }))
  }
  network.subscribe(() => members.changed())
  members.subscribe(() => heartbeats.stored(members.leader() !== undefined))
  return {
    client: (index) => members.client(index % names.length, (member) => reaches(`apiserver/${index}`, member)),
    compact: () => members.compact(members.client(0, () => true).revision),
    slow(slowed, by) {
      if (names.every((name) => slowed.includes(name))) return members.slow(by)
      const heals = members.members.filter((member) => slowed.includes(member.name)).map((member) => member.lag(by))
      return () => {
        for (const heal of heals) heal()
      }
    },
  }
}
