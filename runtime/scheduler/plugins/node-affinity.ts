import type { Node, NodeAffinity, NodeSelector } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { nodeMatcher, preferredNodes, type NodeFacts, type WeightedNodeMatcher } from '../label-matcher.ts'
import { status } from '../status.ts'
import { defaultNormalize } from './default-normalize.ts'

const refused = status(
  'NodeAffinity',
  'UnschedulableAndUnresolvable',
  "node(s) didn't match Pod's node affinity/selector",
)
const enforced = status(
  'NodeAffinity',
  'UnschedulableAndUnresolvable',
  "node(s) didn't match scheduler-enforced node affinity",
)
const conflict = status('NodeAffinity', 'UnschedulableAndUnresolvable', 'pod affinity terms conflict')

/** Names that a required affinity limits the nodes to, if every alternative names some; undefined otherwise. */
const namedNodes = (required: NodeSelector): ReadonlySet<string> | undefined => {
  const names = new Set<string>()
  for (const term of required.nodeSelectorTerms) {
    let own: Set<string> | undefined
    for (const field of term.matchFields ?? []) {
      if (field.key !== 'metadata.name' || field.operator !== 'In') continue
      const values = field.values ?? []
      const before = own
      own = new Set(before === undefined ? values : values.filter((name) => before.has(name)))
    }
    if (own === undefined) return undefined
    for (const name of own) names.add(name)
  }
  return names
}

const factsOf = (node: Node): NodeFacts => ({ name: node.metadata.name, labels: node.metadata.labels })

/** pkg/scheduler/framework/plugins/nodeaffinity. */
export const nodeAffinity: PluginFactory = ({ nodes }, args, index) => {
  const added = args['addedAffinity'] as NodeAffinity | undefined
  const addedRequired = added?.requiredDuringSchedulingIgnoredDuringExecution
  const addedMatcher = addedRequired === undefined ? undefined : nodeMatcher(addedRequired)
  const addedTerms = added?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const addedPreferred = addedTerms.length === 0 ? undefined : preferredNodes(addedTerms)
  return {
    name: 'NodeAffinity',
    preFilter({ pod }) {
      const { affinity, nodeSelector } = pod.pod.spec
      const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      if (required === undefined && addedMatcher === undefined && nodeSelector === undefined) return 'skip'
      if (required === undefined || required.nodeSelectorTerms.length === 0) return undefined
      const names = namedNodes(required)
      return names?.size === 0 ? conflict : names
    },
    filter({ pod }, slot) {
      const node = nodes.slots[slot]!
      if (addedMatcher !== undefined && !addedMatcher(node)) return enforced
      const wanted = pod.facts.requiredNode
      return wanted === undefined || wanted(node) ? undefined : refused
    },
    preScore(cycle) {
      const terms = cycle.pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
      if (terms === undefined && addedPreferred === undefined) return 'skip'
      cycle.scoreStates[index] = [...(addedPreferred ?? []), ...preferredNodes(terms ?? [])]
      return undefined
    },
    score(cycle, slots, scores) {
      const preferred = cycle.scoreStates[index] as readonly WeightedNodeMatcher[]
      for (let at = 0; at < slots.length; at += 1) {
        const node = nodes.slots[slots[at]!]!
        let total = 0
        for (const { weight, matches } of preferred) if (matches(node)) total += weight
        scores[at] = total
      }
      return undefined
    },
    normalize: (_cycle, _slots, scores) => defaultNormalize(scores, false),
    events: [
      {
        event: { resource: 'Node', actions: action.add | action.updateNodeLabel },
        hint(pod, before, after) {
          const now = factsOf(after as Node)
          if (addedMatcher !== undefined && !addedMatcher(now)) return 'Skip'
          const wanted = pod.facts.requiredNode
          if (wanted !== undefined && !wanted(now)) return 'Skip'
          if (before === undefined) return 'Queue'
          return wanted === undefined || wanted(factsOf(before as Node)) ? 'Skip' : 'Queue'
        },
      },
    ],
  }
}
