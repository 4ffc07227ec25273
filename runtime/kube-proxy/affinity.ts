import type { Micros } from '../kernel/micros.ts'
import { second } from '../kernel/micros.ts'
import type { PortRules } from './port-rules.ts'

/**
 * The lists of the `recent` matches, one for each endpoint of a service port: who was sent there last, and when. They live in
 * the node's kernel.
 */
export interface Affinity {
  /** The backend, in the order of the rules, whose list has the client within the time; undefined: none. */
  recall(rules: PortRules, backends: readonly string[], client: string): string | undefined
  remember(rules: PortRules, backend: string, client: string): void
}

export const createAffinity = (now: () => Micros): Affinity => {
  const seen = new Map<string, Map<string, Micros>>()
  const listOf = (rules: PortRules, backend: string): string => `${rules.port.key}/${backend}`
  return {
    recall(rules, backends, client) {
      const { affinitySeconds } = rules.port
      if (affinitySeconds === undefined) return undefined
      const since = now() - affinitySeconds * second
      for (const backend of backends) {
        const list = seen.get(listOf(rules, backend))
        const last = list?.get(client)
        if (last === undefined) continue
        if (last >= since) return backend
        // --reap
        list!.delete(client)
      }
      return undefined
    },
    remember(rules, backend, client) {
      if (rules.port.affinitySeconds === undefined) return
      const name = listOf(rules, backend)
      const list = seen.get(name)
      if (list === undefined) seen.set(name, new Map([[client, now()]]))
      else list.set(client, now())
    },
  }
}
