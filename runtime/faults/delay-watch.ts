import { allOf } from './all-of.ts'
import type { Fault } from './fault.ts'

/** `delay-watch X by 5s`: events arrive so much later, in their order. Of an API server: its watch cache lags behind etcd. */
export const delayWatch: Fault = {
  name: 'delay-watch',
  inject({ cluster, targets, by = 0 }) {
    const servers = targets.filter((target) => target.startsWith('apiserver/'))
    const clients = targets.filter((target) => !target.startsWith('apiserver/'))
    const heals = servers.map((server) => cluster.dials.lagWatchCache(server, by))
    if (clients.length > 0) heals.push(cluster.dials.interference.disturbWatches(clients, { kind: 'delay', by }))
    return allOf(heals)
  },
}
