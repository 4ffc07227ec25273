import type { Node, Toleration } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { status } from '../status.ts'
import { defaultNormalize } from './default-normalize.ts'
import { hasUntoleratedTaint, tolerated } from './tolerations.ts'

const refused = status('TaintToleration', 'UnschedulableAndUnresolvable', 'node(s) had untolerated taint(s)')

/** pkg/scheduler/framework/plugins/tainttoleration. What a set of taints means for a pod is found once for all nodes that have it. */
export const taintToleration: PluginFactory = ({ nodes }, _args, index) => {
  const untolerated = (tolerations: readonly Toleration[], set: number): boolean =>
    hasUntoleratedTaint(tolerations, nodes.taintSets[set])
  const intolerable = (tolerations: readonly Toleration[], set: number): number => {
    let total = 0
    for (const taint of nodes.taintSets[set]!) {
      if (taint.effect === 'PreferNoSchedule' && !tolerated(tolerations, taint)) total += 1
    }
    return total
  }
  return {
    name: 'TaintToleration',
    filter(cycle, slot) {
      const set = nodes.columns.taints[slot]!
      if (set === 0) return undefined
      const known = (cycle.states[index] ??= []) as (boolean | undefined)[]
      const verdict = (known[set] ??= untolerated(cycle.pod.facts.tolerations, set))
      return verdict ? refused : undefined
    },
    preScore: () => undefined,
    score(cycle, slots, scores) {
      if (nodes.taintSets.length === 1) return undefined
      const { taints } = nodes.columns
      let own: readonly Toleration[] | undefined
      const known: (number | undefined)[] = []
      for (let at = 0; at < slots.length; at += 1) {
        const set = taints[slots[at]!]!
        if (set === 0) continue
        own ??= cycle.pod.facts.tolerations.filter(
          (one) => (one.effect ?? '') === '' || one.effect === 'PreferNoSchedule',
        )
        scores[at] = known[set] ??= intolerable(own, set)
      }
      return undefined
    },
    normalize: (_cycle, _slots, scores) => defaultNormalize(scores, true),
    events: [
      {
        event: { resource: 'Node', actions: action.add | action.updateNodeTaint },
        hint(pod, before, after) {
          const { tolerations } = pod.facts
          const was = before as Node | undefined
          if (was !== undefined && !hasUntoleratedTaint(tolerations, was.spec?.taints)) return 'Skip'
          return hasUntoleratedTaint(tolerations, (after as Node).spec?.taints) ? 'Skip' : 'Queue'
        },
      },
      {
        event: { resource: 'Pod', actions: action.updatePodToleration },
        hint: (pod, _before, after) => (after?.metadata.uid === pod.uid ? 'Queue' : 'Skip'),
      },
    ],
  }
}
