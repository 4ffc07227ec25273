import type { DeviceClass } from '../../../api/types/resource-v1.generated.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { EventRegistration, Handle, PluginFactory } from '../framework.ts'
import { podInfo, type PodInfo } from '../pod-info.ts'
import {
  isExtendedResource,
  isScalarResource,
  nodeAmounts,
  type Amounts,
  type NodeAmounts,
} from '../resource-amounts.ts'
import { status, type Status } from '../status.ts'
import { createResourceScorer, strategyOf } from './resource-scorer.ts'

const known = new Map<string, Status>()
const short = { pods: 1, cpu: 2, memory: 4, ephemeral: 8, unresolvable: 16 } as const
/** By what is short, as bits. */
const plain: (Status | undefined)[] = []

/** One status for each list of reasons: nodes that lack the same share it. */
const insufficient = (reasons: readonly string[], unresolvable: boolean): Status => {
  const text = `${unresolvable ? 1 : 0}${reasons.join('\n')}`
  let found = known.get(text)
  if (found === undefined) {
    found = status('NodeResourcesFit', unresolvable ? 'UnschedulableAndUnresolvable' : 'Unschedulable', ...reasons)
    if (known.size > 1000) known.clear()
    known.set(text, found)
  }
  return found
}

/** Whether the pod would fit a node that is empty (isFit). */
const fitsEmpty = (pod: PodInfo, node: NodeAmounts, delegated: (resource: string) => boolean): boolean => {
  const wanted = pod.facts.amounts.requests
  if (node.pods < 1 || wanted.cpu > node.cpu || wanted.memory > node.memory || wanted.ephemeral > node.ephemeral)
    return false
  for (const [name, amount] of wanted.scalars ?? []) {
    const here = node.scalars?.get(name) ?? 0
    if (amount > here && !(here === 0 && delegated(name))) return false
  }
  return true
}

/** haveAnyRequestedResourcesIncreased. */
const grew = (
  pod: PodInfo,
  before: NodeAmounts,
  after: NodeAmounts,
  delegated: (resource: string) => boolean,
): boolean => {
  const wanted = pod.facts.amounts.requests
  if (after.pods > before.pods) return true
  if (wanted.cpu > 0 && after.cpu > before.cpu) return true
  if (wanted.memory > 0 && after.memory > before.memory) return true
  if (wanted.ephemeral > 0 && after.ephemeral > before.ephemeral) return true
  for (const [name, amount] of wanted.scalars ?? []) {
    if (amount === 0) continue
    const now = after.scalars?.get(name) ?? 0
    if (now > (before.scalars?.get(name) ?? 0) || (now === 0 && delegated(name))) return true
  }
  return false
}

/** isSchedulableAfterPodScaleDown: the pod itself, or an assigned pod that gave up some of what the pod asks for. */
const scaledDown = (pod: PodInfo, before: Pod, after: Pod): boolean => {
  if (after.metadata.uid === pod.uid) return true
  if ((after.spec.nodeName ?? '') === '') return false
  const was = podInfo(before).amounts.requests
  const is = podInfo(after).amounts.requests
  for (const [name, amount] of pod.amounts.all) {
    if (amount === 0) continue
    if (name === 'cpu' && was.cpu > is.cpu) return true
    if (name === 'memory' && was.memory > is.memory) return true
    if (name === 'ephemeral-storage' && was.ephemeral > is.ephemeral) return true
    if (isScalarResource(name) && (was.scalars?.get(name) ?? 0) > (is.scalars?.get(name) ?? 0)) return true
  }
  return false
}

const eventsOf = ({ deviceClassOf }: Handle): readonly EventRegistration[] => {
  const delegated = (resource: string): boolean => deviceClassOf(resource) !== undefined
  return [
    {
      event: { resource: 'Pod', actions: action.delete | action.updatePodScaleDown },
      hint(pod, before, after) {
        const was = before as Pod
        if (after === undefined) {
          return (was.spec.nodeName ?? '') === '' && (was.status?.nominatedNodeName ?? '') === '' ? 'Skip' : 'Queue'
        }
        return scaledDown(pod, was, after as Pod) ? 'Queue' : 'Skip'
      },
    },
    {
      event: { resource: 'Node', actions: action.add | action.updateNodeAllocatable },
      hint(pod, before, after) {
        const now = nodeAmounts((after as Node).status?.allocatable)
        if (!fitsEmpty(pod, now, delegated)) return 'Skip'
        if (before === undefined) return 'Queue'
        return grew(pod, nodeAmounts((before as Node).status?.allocatable), now, delegated) ? 'Queue' : 'Skip'
      },
    },
    {
      event: { resource: 'resource.k8s.io/DeviceClass', actions: action.add | action.update },
      hint(pod, before, after) {
        const { metadata, spec } = after as DeviceClass
        const was = before as DeviceClass | undefined
        const asks = (name: string): boolean => pod.facts.amounts.all.has(name)
        if (was !== undefined) {
          if ((was.spec?.extendedResourceName ?? '') === (spec?.extendedResourceName ?? '')) return 'Skip'
        } else if (asks(`deviceclass.resource.kubernetes.io/${metadata.name}`)) return 'Queue'
        return spec?.extendedResourceName !== undefined && asks(spec.extendedResourceName) ? 'Queue' : 'Skip'
      },
    },
  ]
}

/** pkg/scheduler/framework/plugins/noderesources/fit.go. */
export const nodeResourcesFit: PluginFactory = (handle, args, index) => {
  const { nodes, deviceClassOf } = handle
  const { columns } = nodes
  const ignored = new Set((args['ignoredResources'] as readonly string[] | undefined) ?? [])
  const ignoredGroups = new Set((args['ignoredResourceGroups'] as readonly string[] | undefined) ?? [])
  const scorer = createResourceScorer(handle, { ...strategyOf(args), useRequested: false })

  /** Without extended resources the same few verdicts come again and again. */
  const plainRefusal = (wanted: Amounts, slot: number): Status | undefined => {
    let lacking = columns.podCount[slot]! + 1 > columns.allocatablePods[slot]! ? short.pods : 0
    const { cpu, memory, ephemeral } = wanted
    if (cpu > 0 && cpu > columns.allocatableCpu[slot]! - columns.requestedCpu[slot]!)
      lacking |= short.cpu | (cpu > columns.allocatableCpu[slot]! ? short.unresolvable : 0)
    if (memory > 0 && memory > columns.allocatableMemory[slot]! - columns.requestedMemory[slot]!)
      lacking |= short.memory | (memory > columns.allocatableMemory[slot]! ? short.unresolvable : 0)
    if (ephemeral > 0 && ephemeral > columns.allocatableEphemeral[slot]! - columns.requestedEphemeral[slot]!)
      lacking |= short.ephemeral | (ephemeral > columns.allocatableEphemeral[slot]! ? short.unresolvable : 0)
    if (lacking === 0) return undefined
    return (plain[lacking] ??= insufficient(
      [
        ...((lacking & short.pods) === 0 ? [] : ['Too many pods']),
        ...((lacking & short.cpu) === 0 ? [] : ['Insufficient cpu']),
        ...((lacking & short.memory) === 0 ? [] : ['Insufficient memory']),
        ...((lacking & short.ephemeral) === 0 ? [] : ['Insufficient ephemeral-storage']),
      ],
      (lacking & short.unresolvable) !== 0,
    ))
  }

  const refusal = (wanted: Amounts, slot: number): Status | undefined => {
    const first = plainRefusal(wanted, slot)
    const { scalars } = wanted
    if (scalars === undefined) return first
    const reasons = [...(first?.reasons ?? [])]
    let unresolvable = first?.code === 'UnschedulableAndUnresolvable'
    const node = nodes.slots[slot]!
    for (const [name, amount] of scalars) {
      if (amount === 0) continue
      if (isExtendedResource(name) && (ignored.has(name) || ignoredGroups.has(name.slice(0, name.indexOf('/')))))
        continue
      const capacity = node.allocatableScalars?.get(name) ?? 0
      if (capacity <= 0 && deviceClassOf(name) !== undefined) continue
      if (amount <= capacity - (node.requestedScalars.get(name) ?? 0)) continue
      reasons.push(`Insufficient ${name}`)
      if (amount > capacity) unresolvable = true
    }
    return reasons.length === 0 ? undefined : insufficient(reasons, unresolvable)
  }

  return {
    name: 'NodeResourcesFit',
    preFilter: () => undefined,
    filter(cycle, slot) {
      const wanted = cycle.pod.facts.amounts.requests
      // The common case first: everything there is room for, and nothing special asked.
      if (
        wanted.scalars === undefined &&
        columns.podCount[slot]! < columns.allocatablePods[slot]! &&
        (wanted.cpu === 0 || wanted.cpu <= columns.allocatableCpu[slot]! - columns.requestedCpu[slot]!) &&
        (wanted.memory === 0 || wanted.memory <= columns.allocatableMemory[slot]! - columns.requestedMemory[slot]!) &&
        (wanted.ephemeral === 0 ||
          wanted.ephemeral <= columns.allocatableEphemeral[slot]! - columns.requestedEphemeral[slot]!)
      ) {
        return undefined
      }
      return refusal(wanted, slot)
    },
    preScore(cycle) {
      cycle.scoreStates[index] = scorer.podRequests(cycle.pod)
      return undefined
    },
    score(cycle, slots, scores) {
      scorer.score(cycle.scoreStates[index] as readonly number[], slots, scores)
      return undefined
    },
    events: eventsOf(handle),
  }
}
