import type { Node, Pod, TopologySpreadConstraint } from '../../../api/types/core-v1.generated.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { domainSums } from '../cache/slot-counter.ts'
import type { TopologyColumn } from '../cache/topology-column.ts'
import { action } from '../cluster-event.ts'
import type { Cycle, PluginFactory } from '../framework.ts'
import type { Labels } from '../label-matcher.ts'
import { podInfo, type PodInfo } from '../pod-info.ts'
import { status } from '../status.ts'
import { naturalLogarithm } from './natural-logarithm.ts'
import {
  defaultSelector,
  readConstraints,
  spreadQuery,
  type SpreadConstraint,
  type WhenUnsatisfiable,
} from './spread-constraint.ts'
import { hasUntoleratedTaint } from './tolerations.ts'

const text = "node(s) didn't match pod topology spread constraints"
const skewed = status('PodTopologySpread', 'Unschedulable', text)
const unlabelled = status('PodTopologySpread', 'UnschedulableAndUnresolvable', `${text} (missing required label)`)

const hostname = 'kubernetes.io/hostname'

const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
]

/** A hard constraint during one attempt: pods by domain, and which domains there are. */
interface Hard {
  readonly constraint: SpreadConstraint
  readonly column: TopologyColumn
  counts: Int32Array
  present: Uint8Array
  /** Pods in the emptiest domain, or 0 while there are fewer domains than asked; undefined: to be counted anew. */
  least: number | undefined
  readonly self: number
}

interface Soft {
  readonly constraints: readonly SpreadConstraint[]
  readonly columns: readonly TopologyColumn[]
  /** Pods by domain, the nodes without the label last; by node for hostname. */
  readonly counts: readonly (Int32Array | undefined)[]
  readonly weights: readonly number[]
  readonly ignored: Uint8Array | undefined
}

const leastOf = (hard: Hard): number => {
  let least = 2147483647
  let domains = 0
  for (let id = 0; id < hard.present.length; id += 1) {
    if (hard.present[id] === 0) continue
    domains += 1
    if (hard.counts[id]! < least) least = hard.counts[id]!
  }
  return domains < hard.constraint.minDomains ? 0 : least
}

const hasKeys = (labels: Labels, constraints: readonly SpreadConstraint[]): boolean =>
  constraints.every((one) => labels?.[one.topologyKey] !== undefined)

/** pkg/scheduler/framework/plugins/podtopologyspread. */
export const podTopologySpread: PluginFactory = ({ nodes, listers }, args, index) => {
  const system = args['defaultingType'] !== 'List'
  const defaults = system ? systemDefaults : ((args['defaultConstraints'] ?? []) as readonly TopologySpreadConstraint[])

  /** matchNodeInclusionPolicies. */
  const included = (constraint: SpreadConstraint, pod: PodInfo, slot: number): boolean => {
    const { requiredNode, tolerations } = pod.facts
    if (constraint.honorAffinity && requiredNode !== undefined && !requiredNode(nodes.slots[slot]!)) return false
    return !constraint.honorTaints || !hasUntoleratedTaint(tolerations, nodes.taintSets[nodes.columns.taints[slot]!])
  }
  const unlimited = (constraint: SpreadConstraint, pod: PodInfo): boolean =>
    (!constraint.honorAffinity || pod.facts.requiredNode === undefined) && !constraint.honorTaints

  const constraintsOf = (pod: PodInfo, kind: WhenUnsatisfiable): readonly SpreadConstraint[] => {
    const own = pod.pod.spec.topologySpreadConstraints
    if (own !== undefined && own.length > 0) return readConstraints(own, kind, pod.labels)
    const wanted = defaults.filter((one) => one.whenUnsatisfiable === kind)
    if (wanted.length === 0) return []
    const selector = defaultSelector(listers, pod)
    return selector.empty ? [] : readConstraints(wanted, kind, pod.labels).map((one) => ({ ...one, selector }))
  }

  const hardState = (pod: PodInfo, constraints: readonly SpreadConstraint[]): readonly Hard[] => {
    const columns = constraints.map((one) => nodes.topology(one.topologyKey))
    const counters = constraints.map((one) => nodes.podCounter(spreadQuery(pod.namespace, one.selector)))
    const everywhere = columns.every((one) => one.missing === 0)
    const order = nodes.order()
    return constraints.map((constraint, at) => {
      const column = columns[at]!
      const counter = counters[at]!
      const size = column.values.size
      const self = constraint.selector.matches(pod.labels) ? 1 : 0
      const present = new Uint8Array(size)
      if (everywhere && unlimited(constraint, pod)) {
        for (let id = 0; id < size; id += 1) if (column.nodes[id]! > 0) present[id] = 1
        const counts = domainSums(counter, column).slice(0, size)
        return { constraint, column, counts, present, least: undefined, self }
      }
      const counts = new Int32Array(size)
      for (const slot of order) {
        if (!columns.every((one) => one.ids[slot]! >= 0) || !included(constraint, pod, slot)) continue
        const id = column.ids[slot]!
        present[id] = 1
        counts[id]! += counter.counts[slot] ?? 0
      }
      return { constraint, column, counts, present, least: undefined, self }
    })
  }

  /** updateWithPod: a pod that preemption takes away, puts back, or that is nominated. */
  const update = (cycle: Cycle, pod: PodInfo, slot: number, delta: number): void => {
    if (pod.namespace !== cycle.pod.namespace) return
    const hard = cycle.states[index] as readonly Hard[]
    if (hard.some((one) => one.column.ids[slot]! < 0)) return
    for (const one of hard) {
      if (!one.constraint.selector.matches(pod.labels) || !included(one.constraint, cycle.pod, slot)) continue
      const id = one.column.ids[slot]!
      one.counts[id]! += delta
      one.present[id] = 1
      one.least = undefined
    }
  }

  const softState = (pod: PodInfo, slots: Int32Array): Soft | undefined => {
    const constraints = constraintsOf(pod, 'ScheduleAnyway')
    if (constraints.length === 0) return undefined
    const requireAll = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0 || !system
    const columns = constraints.map((one) => nodes.topology(one.topologyKey))
    const lacking = (slot: number): boolean => columns.some((one) => one.ids[slot]! < 0)
    const anyMissing = columns.some((one) => one.missing > 0)
    let ignored: Uint8Array | undefined
    let kept = slots.length
    if (requireAll && anyMissing) {
      ignored = Uint8Array.from(slots, (slot) => (lacking(slot) ? 1 : 0))
      for (const one of ignored) kept -= one
    }
    const order = nodes.order()
    const weights: number[] = []
    const counts = constraints.map((constraint, at) => {
      const column = columns[at]!
      const counter = nodes.podCounter(spreadQuery(pod.namespace, constraint.selector))
      if (constraint.topologyKey === hostname) {
        weights.push(naturalLogarithm(kept + 2))
        return counter.counts
      }
      const size = column.values.size
      const seen = new Uint8Array(size + 1)
      let domains = 0
      for (let i = 0; i < slots.length; i += 1) {
        if (ignored?.[i] === 1) continue
        const id = column.ids[slots[i]!]!
        const domain = id < 0 ? size : id
        if (seen[domain] === 0) {
          seen[domain] = 1
          domains += 1
        }
      }
      weights.push(naturalLogarithm(domains + 2))
      if (unlimited(constraint, pod) && !(requireAll && anyMissing)) return domainSums(counter, column)
      const sums = new Int32Array(size + 1)
      for (const slot of order) {
        if ((requireAll && lacking(slot)) || !included(constraint, pod, slot)) continue
        const id = column.ids[slot]!
        sums[id < 0 ? size : id]! += counter.counts[slot] ?? 0
      }
      return sums
    })
    return { constraints, columns, counts, weights, ignored }
  }

  const softOf = (cycle: Cycle): Soft => cycle.scoreStates[index] as Soft

  return {
    name: 'PodTopologySpread',
    preFilter(cycle) {
      const constraints = constraintsOf(cycle.pod, 'DoNotSchedule')
      if (constraints.length === 0) return 'skip'
      cycle.states[index] = hardState(cycle.pod, constraints)
      return undefined
    },
    addPod: (cycle, pod, slot) => update(cycle, pod, slot, 1),
    removePod: (cycle, pod, slot) => update(cycle, pod, slot, -1),
    filter(cycle, slot) {
      for (const hard of cycle.states[index] as readonly Hard[]) {
        const id = hard.column.ids[slot]!
        if (id < 0) return unlabelled
        hard.least ??= leastOf(hard)
        if (hard.counts[id]! + hard.self - hard.least > hard.constraint.maxSkew) return skewed
      }
      return undefined
    },
    preScore(cycle, slots) {
      const soft = softState(cycle.pod, slots)
      if (soft === undefined) return 'skip'
      cycle.scoreStates[index] = soft
      return undefined
    },
    score(cycle, slots, scores) {
      const { constraints, columns, counts, weights, ignored } = softOf(cycle)
      for (let i = 0; i < slots.length; i += 1) {
        if (ignored?.[i] === 1) continue
        const slot = slots[i]!
        let score = 0
        for (let at = 0; at < constraints.length; at += 1) {
          const id = columns[at]!.ids[slot]!
          if (id < 0) continue
          const constraint = constraints[at]!
          const pods = counts[at]![constraint.topologyKey === hostname ? slot : id] ?? 0
          score += pods * weights[at]! + (constraint.maxSkew - 1)
        }
        scores[i] = Math.floor(score + 0.5)
      }
      return undefined
    },
    normalize(cycle, slots, scores) {
      const { ignored } = softOf(cycle)
      let least = Number.MAX_SAFE_INTEGER
      let most = 0
      for (let i = 0; i < slots.length; i += 1) {
        if (ignored?.[i] === 1) continue
        least = Math.min(least, scores[i]!)
        most = Math.max(most, scores[i]!)
      }
      for (let i = 0; i < slots.length; i += 1) {
        if (ignored?.[i] === 1) scores[i] = 0
        else scores[i] = most === 0 ? 100 : Math.floor((100 * (most + least - scores[i]!)) / most)
      }
    },
    events: [
      {
        event: {
          resource: 'Pod',
          actions: action.add | action.updatePodLabel | action.updatePodToleration | action.delete,
        },
        hint(pod, before, after) {
          const was = before as Pod | undefined
          const now = after as Pod | undefined
          const concerned = (one: Pod | undefined): boolean => {
            if (one === undefined || one.metadata.uid === pod.uid) return true
            if ((one.spec.nodeName ?? '') === '' && (one.status?.nominatedNodeName ?? '') === '') return false
            return one.metadata.namespace === pod.namespace
          }
          if (!concerned(now) || !concerned(was)) return 'Skip'
          const constraints = constraintsOf(pod, 'DoNotSchedule')
          const matched = (one: Pod): boolean =>
            constraints.some(({ selector }) => selector.matches(one.metadata.labels))
          if (was !== undefined && now !== undefined) {
            if (
              now.metadata.uid === pod.uid &&
              !structuralEqual(podInfo(now).facts.tolerations, podInfo(was).facts.tolerations) &&
              constraints.some((one) => one.honorTaints)
            ) {
              return 'Queue'
            }
            const changed = constraints.some(
              ({ selector }) => selector.matches(was.metadata.labels) !== selector.matches(now.metadata.labels),
            )
            return changed ? 'Queue' : 'Skip'
          }
          return matched((now ?? was)!) ? 'Queue' : 'Skip'
        },
      },
      {
        event: {
          resource: 'Node',
          actions: action.add | action.delete | action.updateNodeLabel | action.updateNodeTaint,
        },
        hint(pod, before, after) {
          const was = before as Node | undefined
          const now = after as Node | undefined
          const constraints = constraintsOf(pod, 'DoNotSchedule')
          const matchedBefore = was !== undefined && hasKeys(was.metadata.labels, constraints)
          const matchesNow = now !== undefined && hasKeys(now.metadata.labels, constraints)
          if (was === undefined || now === undefined) return matchesNow || matchedBefore ? 'Queue' : 'Skip'
          if (matchedBefore !== matchesNow) return 'Queue'
          if (!matchesNow) return 'Skip'
          const moved = constraints.some(
            ({ topologyKey }) => was.metadata.labels?.[topologyKey] !== now.metadata.labels?.[topologyKey],
          )
          return moved || !structuralEqual(was.spec?.taints ?? [], now.spec?.taints ?? []) ? 'Queue' : 'Skip'
        },
      },
    ],
  }
}
