import { validSelector } from '../../api/selectors/label-selector-from-object.ts'
import type { Invariant } from './invariant.ts'
import { createPlacements } from './placements.ts'

/**
 * PodTopologySpread at the decision; later deletions may unbalance. A pod that may not go everywhere (node selector, affinity,
 * matchLabelKeys, a policy for taints) counts other domains than all of them, and is left out.
 */
export const spreadRespected: Invariant = {
  name: 'spread-respected',
  rows: ['SCH-08'],
  says: 'a pod is placed only where its DoNotSchedule spread constraints allow',
  reads: ['pods', 'nodes', 'verdict'],
  upheld: false,
  track(ledger) {
    const placements = createPlacements(ledger)
    const domains = new Map<string, Map<string, number>>()
    const nodeLabels = new Map<string, Readonly<Record<string, string>>>()
    const domainsOf = (key: string): ReadonlyMap<string, number> => {
      let known = domains.get(key)
      if (known === undefined) {
        known = new Map()
        domains.set(key, known)
        for (const labels of nodeLabels.values()) bump(known, labels[key], 1)
      }
      return known
    }
    const bump = (of: Map<string, number>, domain: string | undefined, by: number): void => {
      if (domain === undefined) return
      const next = (of.get(domain) ?? 0) + by
      if (next === 0) of.delete(domain)
      else of.set(domain, next)
    }
    return {
      change(change) {
        if (change.resource === 'pods') {
          placements.change(change)
          return
        }
        const was = nodeLabels.get(change.subject) ?? {}
        const labels = change.object?.metadata.labels ?? {}
        if (change.object === undefined) nodeLabels.delete(change.subject)
        else nodeLabels.set(change.subject, labels)
        if (was === labels) return
        for (const [key, known] of domains) {
          bump(known, was[key], -1)
          bump(known, labels[key], 1)
        }
      },
      verdict(subject, verdict) {
        const placed = placements.placed(subject, verdict)
        if (placed === undefined) return
        const { pod, node } = placed
        const { topologySpreadConstraints = [], nodeSelector, affinity } = pod.spec
        if (topologySpreadConstraints.length === 0) return
        if (nodeSelector !== undefined || affinity?.nodeAffinity !== undefined) return
        const { namespace } = pod.metadata
        for (const one of topologySpreadConstraints) {
          if (one.whenUnsatisfiable !== 'DoNotSchedule' || one.matchLabelKeys !== undefined) continue
          if (one.nodeTaintsPolicy === 'Honor') continue
          const selector = validSelector(one.labelSelector)
          const { topologyKey, maxSkew, minDomains = 1 } = one
          const counts = placements.counts({
            text: `${namespace} ${topologyKey} ${JSON.stringify(one.labelSelector ?? null)}`,
            topologyKey,
            matches: (other) => other.metadata.namespace === namespace && selector.matches(other.metadata.labels),
          })
          const all = domainsOf(topologyKey)
          const own = node.metadata.labels?.[topologyKey]
          if (own === undefined) {
            ledger.broken(subject, `node/${node.metadata.name} has no label ${topologyKey}`)
            continue
          }
          let least = all.size < minDomains ? 0 : Infinity
          for (const domain of all.keys())
            least = Math.min(
              least,
              (counts.get(domain) ?? 0) - (domain === own && selector.matches(pod.metadata.labels) ? 1 : 0),
            )
          const skew = (counts.get(own) ?? 0) + (selector.matches(pod.metadata.labels) ? 0 : 1) - least
          if (skew > maxSkew)
            ledger.broken(
              subject,
              `placed on ${node.metadata.name} it makes ${topologyKey}=${own} skewed by ${skew}; ${maxSkew} is allowed`,
            )
        }
      },
    }
  },
}
