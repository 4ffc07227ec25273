import { second, type Micros } from '../kernel/micros.ts'
import type { PortRules } from './port-rules.ts'

/**
 * The lists of the `recent` matches, one for each endpoint chain of a service port: who was sent there last, and when. They
 * live in the node's kernel as long as the chain does.
 */
export interface Affinity {
  /** The backend, in the order of the rules, whose list has the client within the time; undefined: none. */
  recall(rules: PortRules, backends: readonly string[], client: string): string | undefined
  remember(rules: PortRules, backend: string, client: string): void
  /** The rules of a Service have changed: a list goes with its chain. */
  follow(before: readonly PortRules[], now: readonly PortRules[]): void
}

type Lists = Map<string, Map<string, Micros>>

export const createAffinity = (now: () => Micros): Affinity => {
  /** Service port → backend → client → last connection. */
  const ports = new Map<string, Lists>()
  return {
    recall({ port }, backends, client) {
      const lists = port.affinitySeconds === undefined ? undefined : ports.get(port.key)
      if (lists === undefined || port.affinitySeconds === undefined) return undefined
      const since = now() - port.affinitySeconds * second
      for (const backend of backends) {
        const list = lists.get(backend)
        const last = list?.get(client)
        if (last === undefined) continue
        if (last >= since) return backend
        // --reap
        list!.delete(client)
      }
      return undefined
    },
    remember({ port }, backend, client) {
      if (port.affinitySeconds === undefined) return
      let lists = ports.get(port.key)
      if (lists === undefined) {
        lists = new Map()
        ports.set(port.key, lists)
      }
      const list = lists.get(backend)
      if (list === undefined) lists.set(backend, new Map([[client, now()]]))
      else list.set(client, now())
    },
    follow(before, after) {
      if (ports.size === 0) return
      for (const { port, cluster, local } of before) {
        const lists = ports.get(port.key)
        if (lists === undefined) continue
        const rules = after.find((one) => one.port.key === port.key)
        if (rules?.port.affinitySeconds === undefined) {
          ports.delete(port.key)
          continue
        }
        const kept = new Set([...rules.cluster, ...rules.local])
        for (const backend of [...cluster, ...local]) if (!kept.has(backend)) lists.delete(backend)
      }
    },
  }
}
