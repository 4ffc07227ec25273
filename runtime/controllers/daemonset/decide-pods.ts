import type { DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { scaledOrZero } from '../../../api/int-or-string/int-or-string.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodAvailable, isPodReady } from '../../reconcile/pod-state.ts'
import type { Verdict } from './decide-placement.ts'

export const hashLabel = 'controller-revision-hash'
const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

/** GetTemplateGeneration, as text. */
export const templateGeneration = (set: DaemonSet): string | undefined => {
  const text = set.metadata.annotations?.[generationAnnotation]
  return text !== undefined && /^[+-]?[0-9]+$/.test(text) ? String(BigInt(text)) : undefined
}

export const podLabels = (set: DaemonSet, hash: string): Readonly<Record<string, string>> => {
  const generation = templateGeneration(set)
  return {
    ...set.spec.template.metadata?.labels,
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    [hashLabel]: hash,
  }
}

/** IsPodUpdated */
export const isUpdated = (set: DaemonSet, pod: Pod, hash: string): boolean => {
  const labels = pod.metadata.labels ?? {}
  const generation = templateGeneration(set)
  return labels[hashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation)
}

const rolling = (set: DaemonSet, field: 'maxSurge' | 'maxUnavailable', total: number): number => {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  return type === 'RollingUpdate' ? scaledOrZero(rollingUpdate?.[field], total, true) : 0
}

/** podByCreationTimestampAndPhase: bound pods first, then by age, then by name. */
export const byAge = (a: Pod, b: Pod): number => {
  const [boundA, boundB] = [(a.spec?.nodeName ?? '') !== '', (b.spec?.nodeName ?? '') !== '']
  if (boundA !== boundB) return boundA ? -1 : 1
  const [createdA, createdB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  if (createdA !== createdB) return createdA < createdB ? -1 : 1
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}

export interface PodChanges {
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
}

export interface NodeQuestion {
  readonly set: DaemonSet
  readonly node: string
  readonly verdict: Verdict
  /** undefined: the node has none, not even pods on their way out. */
  readonly pods: readonly Pod[] | undefined
  readonly hash: string
  readonly wall: Micros
  /** Whether a failed pod may be replaced now. */
  mayReplaceFailed(pod: Pod): boolean
  succeeded(pod: Pod): void
}

/** podsShouldBeOnNode */
export const decidePodsOnNode = (question: NodeQuestion): PodChanges => {
  const { set, node, verdict, pods = [], hash, wall } = question
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  if (verdict.run && question.pods === undefined) return { create: [node], remove: [] }
  if (!verdict.keepRunning) return { create: [], remove: alive }
  const remove: Pod[] = []
  const running: Pod[] = []
  for (const pod of alive) {
    if (pod.status?.phase === 'Failed') {
      if (question.mayReplaceFailed(pod)) remove.push(pod)
    } else if (pod.status?.phase === 'Succeeded') {
      question.succeeded(pod)
      remove.push(pod)
    } else running.push(pod)
  }
  running.sort(byAge)
  if (rolling(set, 'maxSurge', 1) === 0) return { create: [], remove: [...remove, ...running.slice(1)] }
  if (running.length <= 1) return { create: running.length === 0 && verdict.run ? [node] : [], remove }
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[hashLabel] === hash
  const newest = running.find(isNew)
  const oldest = running.find((pod) => !isNew(pod))
  for (const pod of running) if (pod !== newest && pod !== oldest) remove.push(pod)
  if (newest !== undefined && oldest !== undefined) {
    if (!isPodReady(oldest) || isPodAvailable(newest, set.spec.minReadySeconds ?? 0, wall)) remove.push(oldest)
  }
  return { create: [], remove }
}

export interface RollingQuestion {
  readonly set: DaemonSet
  readonly nodes: readonly Node[]
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>
  readonly hash: string
  readonly wall: Micros
  readonly place: (node: Node) => Verdict
}

/** findUpdatedPodsOnNode: undefined where there are several of a sort. */
const sortOut = (
  set: DaemonSet,
  pods: readonly Pod[],
  hash: string,
): { readonly fresh?: Pod; readonly old?: Pod } | undefined => {
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const fresh = alive.filter((pod) => isUpdated(set, pod, hash))
  const old = alive.filter((pod) => !isUpdated(set, pod, hash))
  if (fresh.length > 1 || old.length > 1) return undefined
  return {
    ...(fresh[0] === undefined ? {} : { fresh: fresh[0] }),
    ...(old[0] === undefined ? {} : { old: old[0] }),
  }
}

/** rollingUpdate */
export const decideRollingUpdate = (question: RollingQuestion): PodChanges => {
  const { set, nodes, podsByNode, hash, wall } = question
  const willing = new Map(nodes.map((node) => [node.metadata.name ?? '', question.place(node).run]))
  const desired = [...willing.values()].filter(Boolean).length
  const maxSurge = rolling(set, 'maxSurge', desired)
  let maxUnavailable = rolling(set, 'maxUnavailable', desired)
  if (desired > 0 && maxUnavailable === 0 && maxSurge === 0) maxUnavailable = 1
  const onNodes = new Map(podsByNode)
  for (const [node, run] of willing) if (run && !onNodes.has(node)) onNodes.set(node, [])
  const available = (pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, wall)
  if (maxSurge > 0) return decideSurge({ ...question, onNodes, willing, available, desired, maxSurge })

  let unavailable = 0
  const allowed: Pod[] = []
  const candidates: Pod[] = []
  for (const pods of onNodes.values()) {
    const found = sortOut(set, pods, hash)
    if (found === undefined || (found.old === undefined) === (found.fresh === undefined)) unavailable += 1
    else if (found.fresh !== undefined) {
      if (!available(found.fresh)) unavailable += 1
    } else if (found.old !== undefined) {
      if (!available(found.old)) {
        allowed.push(found.old)
        unavailable += 1
      } else if (unavailable < maxUnavailable) candidates.push(found.old)
    }
  }
  const room = Math.max(0, maxUnavailable - unavailable)
  return { create: [], remove: [...allowed, ...candidates.slice(0, room)] }
}

interface Surge extends RollingQuestion {
  readonly onNodes: ReadonlyMap<string, readonly Pod[]>
  readonly willing: ReadonlyMap<string, boolean>
  readonly desired: number
  readonly maxSurge: number
  readonly available: (pod: Pod) => boolean
}

const decideSurge = ({ set, hash, onNodes, willing, available, desired, maxSurge }: Surge): PodChanges => {
  let surge = 0
  let working = 0
  const remove: Pod[] = []
  const unwanted: Pod[] = []
  const allowed: string[] = []
  const candidates: string[] = []
  for (const [node, pods] of onNodes) {
    const found = sortOut(set, pods, hash)
    if (found === undefined) {
      surge += 1
      continue
    }
    const { old, fresh } = found
    const serving = old ?? fresh
    if (serving !== undefined && available(serving)) working += 1
    if (old === undefined) continue
    if (fresh !== undefined) {
      if (available(fresh)) remove.push(old)
      else surge += 1
    } else if (willing.get(node) !== true) (available(old) ? unwanted : remove).push(old)
    else if (!available(old)) allowed.push(node)
    else if (surge < maxSurge) candidates.push(node)
  }
  return {
    create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surge))],
    remove: [...remove, ...unwanted.slice(0, Math.max(0, working - desired))],
  }
}
