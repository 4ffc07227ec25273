import { matchesRequiredNodeAffinity } from '../../api/selectors/node-selector.ts'
import { validSelector } from '../../api/selectors/label-selector-from-object.ts'
import type { Invariant } from './invariant.ts'
import { createPlacements } from './placements.ts'

/** Terms with a namespaceSelector or matchLabelKeys are left out, and so is the affinity to other pods (its first pod may match itself). */
export const affinityRespected: Invariant = {
  name: 'affinity-respected',
  rows: ['SCH-05', 'SCH-07'],
  says: 'a pod is placed only on nodes that its selector and required affinity match, and away from pods that it must not meet',
  reads: ['pods', 'verdict'],
  upheld: false,
  track(ledger) {
    const placements = createPlacements(ledger)
    return {
      change: (change) => placements.change(change),
      verdict(subject, verdict) {
        const placed = placements.placed(subject, verdict)
        if (placed === undefined) return
        const { pod, node } = placed
        const { name } = node.metadata
        if (!matchesRequiredNodeAffinity(pod, node).match)
          ledger.broken(subject, `it was placed on ${name}, which its node selector or affinity does not match`)
        for (const term of pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
          if (
            term.namespaceSelector !== undefined ||
            term.matchLabelKeys !== undefined ||
            term.mismatchLabelKeys !== undefined
          )
            continue
          const spaces = term.namespaces ?? [pod.metadata.namespace ?? '']
          const selector = validSelector(term.labelSelector)
          const domain = node.metadata.labels?.[term.topologyKey]
          if (domain === undefined) continue
          const counts = placements.counts({
            text: `${spaces.join(',')} ${term.topologyKey} ${JSON.stringify(term.labelSelector ?? null)}`,
            topologyKey: term.topologyKey,
            matches: (other) =>
              spaces.includes(other.metadata.namespace ?? '') && selector.matches(other.metadata.labels),
          })
          const self = spaces.includes(pod.metadata.namespace ?? '') && selector.matches(pod.metadata.labels) ? 1 : 0
          if ((counts.get(domain) ?? 0) > self)
            ledger.broken(
              subject,
              `it was placed on ${name}, and ${term.topologyKey}=${domain} holds a pod that it must not meet`,
            )
        }
      },
    }
  },
}
