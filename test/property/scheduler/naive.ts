import type { Node, Pod, Toleration } from '../../../api/types/core-v1.generated.ts'
import type { Cluster } from './clusters.ts'

// What the documentation of Kubernetes says a plugin does, written down without any index.

const units: Readonly<Record<string, number>> = { m: 0.001, Mi: 1_048_576, Gi: 1_073_741_824, '': 1 }
const amount = (text: string): number => {
  const [, digits = '0', unit = ''] = /^(\d+)(\D*)$/.exec(text)!
  return Number(digits) * units[unit]!
}
const requests = (pod: Pod, resource: string): number =>
  pod.spec.containers.reduce((sum, one) => sum + amount(one.resources?.requests?.[resource] ?? '0'), 0)
const allocatable = (node: Node, resource: string): number => amount(node.status?.allocatable?.[resource] ?? '0')
const on = (cluster: Cluster, node: Node): readonly Pod[] =>
  cluster.pods.filter((one) => one.spec.nodeName === node.metadata.name)
const labelsOf = (node: Node): Readonly<Record<string, string>> => node.metadata.labels ?? {}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
}
const selects = (selector: Selector | undefined, pod: Pod): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value)

const tolerates = (toleration: Toleration, taint: { key: string; value?: string; effect: string }): boolean =>
  ((toleration.effect ?? '') === '' || toleration.effect === taint.effect) &&
  toleration.key === taint.key &&
  (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? ''))
const untolerated = (pod: Pod, node: Node, effects: readonly string[]): number =>
  (node.spec?.taints ?? []).filter(
    (taint) => effects.includes(taint.effect) && !(pod.spec.tolerations ?? []).some((one) => tolerates(one, taint)),
  ).length

const fitsResources = (cluster: Cluster, node: Node): boolean =>
  on(cluster, node).length + 1 <= allocatable(node, 'pods') &&
  ['cpu', 'memory'].every((resource) => {
    const used = on(cluster, node).reduce((sum, one) => sum + requests(one, resource), 0)
    return used + requests(cluster.pod, resource) <= allocatable(node, resource) + 1e-9
  })

const selected = ({ pod }: Cluster, node: Node): boolean =>
  Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labelsOf(node)[key] === value)

interface Term {
  readonly topologyKey: string
  readonly labelSelector?: Selector
}
const requiredTerms = (pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly Term[] =>
  pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []

/** Whether two nodes are in one domain. */
const together = (a: Node, b: Node, key: string): boolean =>
  labelsOf(a)[key] !== undefined && labelsOf(a)[key] === labelsOf(b)[key]
const nodeOf = (cluster: Cluster, pod: Pod): Node | undefined =>
  cluster.nodes.find((one) => one.metadata.name === pod.spec.nodeName)

const affine = (cluster: Cluster, node: Node): boolean => {
  const { pod, pods } = cluster
  const wanted = requiredTerms(pod, 'podAffinity')
  const allMatch = (one: Pod): boolean => wanted.every((term) => selects(term.labelSelector, one))
  if (wanted.length > 0) {
    if (!wanted.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined)) return false
    const near = (term: Term): boolean =>
      pods.some((one) => allMatch(one) && together(nodeOf(cluster, one)!, node, term.topologyKey))
    // The first of a series of pods that want each other.
    const somewhere = pods.some(
      (one) => allMatch(one) && wanted.some((term) => labelsOf(nodeOf(cluster, one)!)[term.topologyKey] !== undefined),
    )
    if (!wanted.every(near) && !(allMatch(pod) && !somewhere)) return false
  }
  for (const term of requiredTerms(pod, 'podAntiAffinity'))
    if (pods.some((one) => selects(term.labelSelector, one) && together(nodeOf(cluster, one)!, node, term.topologyKey)))
      return false
  return !pods.some((one) =>
    requiredTerms(one, 'podAntiAffinity').some(
      (term) => selects(term.labelSelector, pod) && together(nodeOf(cluster, one)!, node, term.topologyKey),
    ),
  )
}

const spreads = (cluster: Cluster, node: Node): boolean => {
  const { pod, pods, nodes } = cluster
  const hard = (pod.spec.topologySpreadConstraints ?? []).filter((one) => one.whenUnsatisfiable === 'DoNotSchedule')
  if (hard.some(({ topologyKey }) => labelsOf(node)[topologyKey] === undefined)) return false
  const counted = nodes.filter(
    (one) => hard.every(({ topologyKey }) => labelsOf(one)[topologyKey] !== undefined) && selected(cluster, one),
  )
  return hard.every(({ topologyKey, labelSelector, maxSkew }) => {
    const matching = (value: string): number =>
      pods.filter(
        (one) =>
          one.metadata.deletionTimestamp === undefined &&
          selects(labelSelector as Selector, one) &&
          counted.some((home) => home.metadata.name === one.spec.nodeName && labelsOf(home)[topologyKey] === value),
      ).length
    const domains = new Set(counted.map((one) => labelsOf(one)[topologyKey]!))
    // A node that is not counted belongs to no domain: nothing is there.
    const own = labelsOf(node)[topologyKey]!
    const least = domains.size === 0 ? 0 : Math.min(...[...domains].map(matching))
    const self = selects(labelSelector, pod) ? 1 : 0
    return (domains.has(own) ? matching(own) : 0) + self - least <= maxSkew
  })
}

/** Whether a plugin by itself lets the pod onto the node. */
export const naiveFilters: Readonly<Record<string, (cluster: Cluster, node: Node) => boolean>> = {
  NodeUnschedulable: ({ pod }, node) =>
    node.spec?.unschedulable !== true ||
    (pod.spec.tolerations ?? []).some((one) =>
      tolerates(one, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }),
    ),
  TaintToleration: ({ pod }, node) => untolerated(pod, node, ['NoSchedule', 'NoExecute']) === 0,
  NodeAffinity: selected,
  NodePorts: (cluster, node) => {
    const port = (pod: Pod): number | undefined => pod.spec.containers[0]?.ports?.[0]?.hostPort
    const wanted = port(cluster.pod)
    return wanted === undefined || !on(cluster, node).some((one) => port(one) === wanted)
  },
  NodeResourcesFit: fitsResources,
  PodTopologySpread: spreads,
  InterPodAffinity: affine,
}

const leastAllocated = (cluster: Cluster, node: Node): number => {
  const shares = ['cpu', 'memory'].map((resource) => {
    const scale = resource === 'cpu' ? 1000 : 1
    const total = Math.round(allocatable(node, resource) * scale)
    const used = [...on(cluster, node), cluster.pod].reduce(
      (sum, one) => sum + Math.round(requests(one, resource) * scale),
      0,
    )
    return used > total ? 0 : Math.floor(((total - used) * 100) / total)
  })
  return Math.floor((shares[0]! + shares[1]!) / 2)
}

const preferred = (
  pod: Pod,
  kind: 'podAffinity' | 'podAntiAffinity',
): readonly { weight: number; podAffinityTerm: Term }[] =>
  pod.spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? []

const interPodScore = (cluster: Cluster, node: Node): number => {
  const { pod, pods } = cluster
  let sum = 0
  for (const other of pods) {
    const home = nodeOf(cluster, other)!
    const near = (key: string): boolean => together(home, node, key)
    for (const [kind, sign] of [
      ['podAffinity', 1],
      ['podAntiAffinity', -1],
    ] as const) {
      for (const { weight, podAffinityTerm: term } of preferred(pod, kind))
        if (selects(term.labelSelector, other) && near(term.topologyKey)) sum += sign * weight
      for (const { weight, podAffinityTerm: term } of preferred(other, kind))
        if (selects(term.labelSelector, pod) && near(term.topologyKey)) sum += sign * weight
    }
    for (const term of requiredTerms(other, 'podAffinity'))
      if (selects(term.labelSelector, pod) && near(term.topologyKey)) sum += 1
  }
  return sum
}

/** Raw scores. */
export const naiveScores: Readonly<Record<string, (cluster: Cluster, node: Node) => number>> = {
  TaintToleration: ({ pod }, node) =>
    (node.spec?.taints ?? []).filter(
      (taint) =>
        taint.effect === 'PreferNoSchedule' &&
        !(pod.spec.tolerations ?? [])
          .filter((one) => (one.effect ?? '') === '' || one.effect === 'PreferNoSchedule')
          .some((one) => tolerates(one, taint)),
    ).length,
  NodeResourcesFit: leastAllocated,
  InterPodAffinity: interPodScore,
}
