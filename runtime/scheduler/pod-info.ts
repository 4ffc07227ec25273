import type {
  ContainerPort,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  Volume,
} from '../../api/types/core-v1.generated.ts'
import {
  labelMatcher,
  matcherText,
  requiredNode,
  type LabelMatcher,
  type Labels,
  type NodeMatcher,
} from './label-matcher.ts'
import { podAmounts, type PodAmounts } from './resource-amounts.ts'

/** A pod affinity term, read once (framework.AffinityTerm). */
export interface AffinityTerm {
  /** undefined: the namespaces are only those that the selector selects. */
  readonly namespaces: readonly string[]
  readonly namespaceSelector: LabelMatcher
  readonly selector: LabelMatcher
  readonly topologyKey: string
  readonly weight: number
  /** Two terms with the same text mean the same, but for their weight. */
  readonly text: string
}

/** What a spec asks for, shared by all pods that share the spec and the namespace. */
interface SpecFacts {
  readonly namespace: string
  readonly amounts: PodAmounts
  readonly hostPorts: readonly HostPort[]
  readonly tolerations: readonly Toleration[]
  readonly tolerationsText: string
  readonly requiredNode: NodeMatcher | undefined
  readonly requiredAffinity: readonly AffinityTerm[]
  readonly requiredAntiAffinity: readonly AffinityTerm[]
  readonly preferredAffinity: readonly AffinityTerm[]
  readonly preferredAntiAffinity: readonly AffinityTerm[]
  /** Has a podAffinity or podAntiAffinity section, be it empty. */
  readonly hasAffinity: boolean
  readonly claimNames: readonly string[]
}

/** A pod as the scheduler holds it: parsed once (framework.PodInfo). */
export interface PodInfo {
  readonly pod: Pod
  /** namespace/name */
  readonly key: string
  readonly uid: string
  readonly name: string
  readonly namespace: string
  readonly labels: Labels
  readonly priority: number
  readonly terminating: boolean
  readonly facts: SpecFacts
  /** What it occupies on a node, resizing counted as it stands. */
  readonly amounts: PodAmounts
}

export interface HostPort {
  readonly ip: string
  /** `TCP/80` */
  readonly port: string
}

/** schedutil.GetHostPorts: of containers and sidecars. */
const hostPortsOf = (pod: Pod): readonly HostPort[] => {
  const found: HostPort[] = []
  const add = (ports: readonly ContainerPort[] | undefined): void => {
    for (const one of ports ?? []) {
      if ((one.hostPort ?? 0) <= 0) continue
      found.push({
        ip: one.hostIP === undefined || one.hostIP === '' ? '0.0.0.0' : one.hostIP,
        port: `${one.protocol || 'TCP'}/${one.hostPort}`,
      })
    }
  }
  for (const container of pod.spec.initContainers ?? []) if (container.restartPolicy === 'Always') add(container.ports)
  for (const container of pod.spec.containers) add(container.ports)
  return found
}

/** newAffinityTerm: neither names nor a selector mean the pod's own namespace. */
const affinityTerm = (namespace: string, term: PodAffinityTerm, weight: number): AffinityTerm => {
  const named = term.namespaces ?? []
  const namespaces =
    named.length === 0 && term.namespaceSelector === undefined ? [namespace] : [...new Set(named)].sort()
  const selector = labelMatcher(term.labelSelector)
  const namespaceSelector = labelMatcher(term.namespaceSelector)
  const text = JSON.stringify([namespaces, matcherText(namespaceSelector), matcherText(selector), term.topologyKey])
  return { namespaces, namespaceSelector, selector, topologyKey: term.topologyKey, weight, text }
}

/** AffinityTerm.Matches. `namespaceLabels` are those of the pod's namespace, for the terms of other pods. */
export const termMatches = (term: AffinityTerm, pod: PodInfo, namespaceLabels: Labels): boolean =>
  (term.namespaces.includes(pod.namespace) || term.namespaceSelector.matches(namespaceLabels)) &&
  term.selector.matches(pod.labels)

const none: readonly never[] = Object.freeze([])

/** The claim behind a volume: named, or made for the pod from a template. */
export const volumeClaimName = (pod: Pod, volume: Volume): string | undefined => {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`
}

const factsOf = (pod: Pod, namespace: string): SpecFacts => {
  const { affinity, tolerations } = pod.spec
  const terms = (list: readonly PodAffinityTerm[] | undefined): readonly AffinityTerm[] =>
    list === undefined ? none : list.map((term) => affinityTerm(namespace, term, 0))
  const weighted = (
    list: readonly { readonly weight: number; readonly podAffinityTerm: PodAffinityTerm }[] | undefined,
  ): readonly AffinityTerm[] =>
    list === undefined ? none : list.map((one) => affinityTerm(namespace, one.podAffinityTerm, one.weight))
  return {
    namespace,
    amounts: podAmounts(pod, false),
    hostPorts: hostPortsOf(pod),
    tolerations: tolerations ?? none,
    tolerationsText: tolerations === undefined || tolerations.length === 0 ? '' : JSON.stringify(tolerations),
    requiredNode: requiredNode(pod),
    requiredAffinity: terms(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: terms(affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: weighted(affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    hasAffinity: affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined,
    claimNames: (pod.spec.volumes ?? none).flatMap((one) => one.persistentVolumeClaim?.claimName ?? none),
  }
}

interface Remembered {
  readonly facts: SpecFacts
  readonly spec: PodSpec
}
// By the list of containers: pods of one template share it, and so do a pod before and after its binding.
const byContainers = new WeakMap<object, Remembered>()

const sameDemands = (a: PodSpec, b: PodSpec): boolean =>
  a.initContainers === b.initContainers &&
  a.affinity === b.affinity &&
  a.tolerations === b.tolerations &&
  a.nodeSelector === b.nodeSelector &&
  a.volumes === b.volumes &&
  a.overhead === b.overhead &&
  a.resources === b.resources

const specFacts = (pod: Pod, namespace: string): SpecFacts => {
  const { spec } = pod
  const known = byContainers.get(spec.containers)
  if (
    known !== undefined &&
    known.facts.namespace === namespace &&
    (known.spec === spec || sameDemands(known.spec, spec))
  ) {
    return known.facts
  }
  const facts = factsOf(pod, namespace)
  byContainers.set(spec.containers, { facts, spec })
  return facts
}

const byPod = new WeakMap<Pod, PodInfo>()

const resized = (pod: Pod): boolean =>
  pod.status?.resources !== undefined ||
  (pod.status?.containerStatuses?.some((one) => one.resources !== undefined) ?? false) ||
  (pod.status?.initContainerStatuses?.some((one) => one.resources !== undefined) ?? false)

export const podInfo = (pod: Pod): PodInfo => {
  const known = byPod.get(pod)
  if (known !== undefined) return known
  const namespace = pod.metadata.namespace ?? ''
  const facts = specFacts(pod, namespace)
  const info: PodInfo = {
    pod,
    key: `${namespace}/${pod.metadata.name}`,
    uid: pod.metadata.uid ?? '',
    name: pod.metadata.name ?? '',
    namespace,
    labels: pod.metadata.labels,
    priority: pod.spec.priority ?? 0,
    terminating: pod.metadata.deletionTimestamp !== undefined,
    facts,
    amounts: resized(pod) ? podAmounts(pod, true) : facts.amounts,
  }
  byPod.set(pod, info)
  return info
}

/** The pod as it will be on a node. */
export const placedPod = (info: PodInfo, nodeName: string): PodInfo => {
  const { status } = info.pod
  const pod: Pod = { ...info.pod, spec: { ...info.pod.spec, nodeName }, status }
  const placed: PodInfo = { ...info, pod }
  byPod.set(pod, placed)
  return placed
}
