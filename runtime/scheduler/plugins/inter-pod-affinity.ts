import type { Namespace, Node, Pod } from '../../../api/types/core-v1.generated.ts'
import type { PodQuery } from '../cache/match-index.ts'
import { domainSums, type SlotCounter } from '../cache/slot-counter.ts'
import type { TopologyColumn } from '../cache/topology-column.ts'
import { action } from '../cluster-event.ts'
import type { Cycle, Listers, PluginFactory } from '../framework.ts'
import type { Labels } from '../label-matcher.ts'
import { podInfo, termMatches, type AffinityTerm, type PodInfo } from '../pod-info.ts'
import { status } from '../status.ts'

const noAffinity = status('InterPodAffinity', 'UnschedulableAndUnresolvable', "node(s) didn't match pod affinity rules")
const noAntiAffinity = status('InterPodAffinity', 'Unschedulable', "node(s) didn't match pod anti-affinity rules")
const refusedByOthers = status(
  'InterPodAffinity',
  'Unschedulable',
  "node(s) didn't satisfy existing pods anti-affinity rules",
)

/** Pods by value of one topology key (topologyToMatchedTermCount, by key). */
interface Domains {
  readonly column: TopologyColumn
  counts: Int32Array | Float64Array
}

interface State {
  /** Pods whose anti-affinity turns this pod away. */
  readonly existing: Domains[]
  /** Pods that match all of this pod's affinity terms. */
  readonly affinity: Domains[]
  affinityTotal: number
  readonly antiAffinity: Domains[]
  readonly namespaceLabels: Labels
}

const namespaceLabels = (listers: Listers, namespace: string): Labels =>
  (listers.get('v1/Namespace', '', namespace) as Namespace | undefined)?.metadata.labels

/** Whether a placed pod answers to a term of the incoming one: its namespaces are those that exist and are selected now. */
const placedMatches = (listers: Listers, term: AffinityTerm, pod: PodInfo): boolean => {
  if (!term.selector.matches(pod.labels)) return false
  if (term.namespaces.includes(pod.namespace) || term.namespaceSelector.empty) return true
  const namespace = listers.get('v1/Namespace', '', pod.namespace)
  return namespace !== undefined && term.namespaceSelector.matches(namespace.metadata.labels)
}

const domainsOf = (list: Domains[], column: TopologyColumn): Domains => {
  let domains = list.find((one) => one.column === column)
  if (domains === undefined) {
    domains = { column, counts: new Int32Array(Math.max(column.values.size, 8)) }
    list.push(domains)
  }
  return domains
}

/** Adds a counter's sums; returns how much was added. */
const addSums = (list: Domains[], column: TopologyColumn, counter: SlotCounter): number => {
  const sums = domainSums(counter, column)
  const { counts } = domainsOf(list, column)
  let total = 0
  for (let id = 0; id < column.values.size; id += 1) {
    const pods = sums[id] ?? 0
    counts[id]! += pods
    total += pods
  }
  return total
}

const at = (domains: Domains, slot: number): number => {
  const id = domains.column.ids[slot]!
  return id < 0 ? 0 : (domains.counts[id] ?? 0)
}

const change = (list: Domains[], column: TopologyColumn, slot: number, delta: number): number => {
  const id = column.ids[slot]!
  if (id < 0) return 0
  const domains = domainsOf(list, column)
  domains.counts[id]! += delta
  return delta
}

/** podMatchesAllAffinityTerms of the hints: namespaces by name only, unless the selector takes any. */
const matchesAll = (terms: readonly AffinityTerm[], pod: PodInfo): boolean =>
  terms.length > 0 && terms.every((term) => termMatches(term, pod, undefined))

/** pkg/scheduler/framework/plugins/interpodaffinity. Counts come from indexes by term, not from the pods one by one. */
export const interPodAffinity: PluginFactory = ({ nodes, listers }, args, index) => {
  const hardWeight = (args['hardPodAffinityWeight'] as number | undefined) ?? 1
  const ignorePreferred = args['ignorePreferredTermsOfExistingPods'] === true

  const allOf = (terms: readonly AffinityTerm[]): PodQuery => ({
    text: `affinity ${terms.map((one) => one.text).join(' ')}`,
    namespace: undefined,
    matches: (pod) => terms.every((term) => placedMatches(listers, term, pod)),
  })

  const update = (cycle: Cycle, pod: PodInfo, slot: number, delta: number): void => {
    const state = cycle.states[index] as State
    const { requiredAffinity, requiredAntiAffinity } = cycle.pod.facts
    for (const term of pod.facts.requiredAntiAffinity) {
      if (termMatches(term, cycle.pod, state.namespaceLabels))
        change(state.existing, nodes.topology(term.topologyKey), slot, delta)
    }
    if (requiredAffinity.length > 0 && requiredAffinity.every((term) => placedMatches(listers, term, pod))) {
      for (const term of requiredAffinity) {
        state.affinityTotal += change(state.affinity, nodes.topology(term.topologyKey), slot, delta)
      }
    }
    for (const term of requiredAntiAffinity) {
      if (placedMatches(listers, term, pod)) change(state.antiAffinity, nodes.topology(term.topologyKey), slot, delta)
    }
  }

  const scoresOf = (pod: PodInfo): readonly Domains[] => {
    const result: Domains[] = []
    let touched = false
    const add = (term: AffinityTerm, counter: SlotCounter, weight: number): void => {
      const column = nodes.topology(term.topologyKey)
      const sums = domainSums(counter, column)
      for (let id = 0; id < column.values.size; id += 1) {
        const pods = sums[id] ?? 0
        if (pods === 0) continue
        touched = true
        domainsOf(result, column).counts[id]! += pods * weight
      }
    }
    for (const term of pod.facts.preferredAffinity) add(term, nodes.podCounter(allOf([term])), term.weight)
    for (const term of pod.facts.preferredAntiAffinity) add(term, nodes.podCounter(allOf([term])), -term.weight)
    const labels = namespaceLabels(listers, pod.namespace)
    const ofOthers = (
      kind: Parameters<typeof nodes.placedTerms>[0],
      weightOf: (term: AffinityTerm) => number,
    ): void => {
      for (const { term, counter } of nodes.placedTerms(kind).values()) {
        if (termMatches(term, pod, labels)) add(term, counter, weightOf(term))
      }
    }
    if (hardWeight > 0) ofOthers('requiredAffinity', () => hardWeight)
    ofOthers('preferredAffinity', (term) => term.weight)
    ofOthers('preferredAntiAffinity', (term) => -term.weight)
    return touched ? result : []
  }

  return {
    name: 'InterPodAffinity',
    preFilter(cycle) {
      const { pod } = cycle
      const { requiredAffinity, requiredAntiAffinity } = pod.facts
      const placed = nodes.placedTerms('requiredAntiAffinity')
      if (placed.size === 0 && requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) return 'skip'
      const labels = namespaceLabels(listers, pod.namespace)
      const state: State = { existing: [], affinity: [], affinityTotal: 0, antiAffinity: [], namespaceLabels: labels }
      let others = 0
      for (const { term, counter } of placed.values()) {
        if (termMatches(term, pod, labels)) others += addSums(state.existing, nodes.topology(term.topologyKey), counter)
      }
      if (others === 0 && requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) return 'skip'
      if (requiredAffinity.length > 0) {
        const counter = nodes.podCounter(allOf(requiredAffinity))
        for (const term of requiredAffinity) {
          state.affinityTotal += addSums(state.affinity, nodes.topology(term.topologyKey), counter)
        }
      }
      for (const term of requiredAntiAffinity) {
        addSums(state.antiAffinity, nodes.topology(term.topologyKey), nodes.podCounter(allOf([term])))
      }
      cycle.states[index] = state
      return undefined
    },
    addPod: (cycle, pod, slot) => update(cycle, pod, slot, 1),
    removePod: (cycle, pod, slot) => update(cycle, pod, slot, -1),
    filter(cycle, slot) {
      const state = cycle.states[index] as State
      const { pod } = cycle
      if (pod.facts.requiredAffinity.length > 0) {
        let met = true
        for (const domains of state.affinity) {
          if (domains.column.ids[slot]! < 0) return noAffinity
          if (at(domains, slot) <= 0) met = false
        }
        // The first of a group that wants to be together: nobody to join yet, and it would join itself.
        if (
          !met &&
          !(state.affinityTotal === 0 && pod.facts.requiredAffinity.every((term) => placedMatches(listers, term, pod)))
        ) {
          return noAffinity
        }
      }
      for (const domains of state.antiAffinity) if (at(domains, slot) > 0) return noAntiAffinity
      for (const domains of state.existing) if (at(domains, slot) > 0) return refusedByOthers
      return undefined
    },
    preScore(cycle) {
      const { preferredAffinity, preferredAntiAffinity } = cycle.pod.facts
      if (ignorePreferred && preferredAffinity.length === 0 && preferredAntiAffinity.length === 0) return 'skip'
      const scores = scoresOf(cycle.pod)
      if (scores.length === 0) return 'skip'
      cycle.scoreStates[index] = scores
      return undefined
    },
    score(cycle, slots, scores) {
      const own = cycle.scoreStates[index] as readonly Domains[]
      for (let i = 0; i < slots.length; i += 1) {
        let total = 0
        for (const domains of own) total += at(domains, slots[i]!)
        scores[i] = total
      }
      return undefined
    },
    normalize(_cycle, _slots, scores) {
      let least = Number.MAX_SAFE_INTEGER
      let most = Number.MIN_SAFE_INTEGER
      for (let i = 0; i < scores.length; i += 1) {
        least = Math.min(least, scores[i]!)
        most = Math.max(most, scores[i]!)
      }
      const range = most - least
      for (let i = 0; i < scores.length; i += 1) {
        scores[i] = range > 0 ? Math.trunc(100 * ((scores[i]! - least) / range)) : 0
      }
    },
    events: [
      {
        event: { resource: 'Pod', actions: action.add | action.updatePodLabel | action.delete },
        hint(pod, before, after) {
          const was = before as Pod | undefined
          const now = after as Pod | undefined
          if (was !== undefined && now?.metadata.uid === pod.uid) return 'Queue'
          const unplaced = (one: Pod | undefined): boolean =>
            one !== undefined && (one.spec.nodeName ?? '') === '' && (one.status?.nominatedNodeName ?? '') === ''
          if (unplaced(now) || unplaced(was)) return 'Skip'
          const { requiredAffinity, requiredAntiAffinity } = pod.facts
          const matched = (terms: readonly AffinityTerm[], one: Pod): boolean => matchesAll(terms, podInfo(one))
          if (was !== undefined && now !== undefined) {
            if (!matched(requiredAffinity, was) && matched(requiredAffinity, now)) return 'Queue'
            return matched(requiredAntiAffinity, was) && !matched(requiredAntiAffinity, now) ? 'Queue' : 'Skip'
          }
          if (now !== undefined) return matched(requiredAffinity, now) ? 'Queue' : 'Skip'
          if (matched(requiredAntiAffinity, was!)) return 'Queue'
          return matchesAll(podInfo(was!).facts.requiredAntiAffinity, pod) ? 'Queue' : 'Skip'
        },
      },
      {
        event: { resource: 'Node', actions: action.add | action.updateNodeLabel },
        hint(pod, before, after) {
          const was = (before as Node | undefined)?.metadata.labels
          const now = (after as Node).metadata.labels
          for (const { topologyKey } of pod.facts.requiredAffinity) {
            const value = now?.[topologyKey]
            if (value !== undefined && (before === undefined || was?.[topologyKey] !== value)) return 'Queue'
          }
          for (const { topologyKey } of pod.facts.requiredAntiAffinity) {
            if (before === undefined) return 'Queue'
            const value = was?.[topologyKey]
            if (value !== undefined && now?.[topologyKey] !== value) return 'Queue'
          }
          return 'Skip'
        },
      },
    ],
  }
}
