import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../client/timestamp.ts'
import { bestOption, byPriority, estimate, type Option } from './estimate.ts'
import { backOff, backingOff } from './group-health.ts'
import { lookAgain, recheck, type Scan } from './memory.ts'
import { isReady, type GroupState } from './node-state.ts'
import { fixed } from './settings.ts'
import { addTemplate, type Snapshot } from './snapshot.ts'
import { tell, tellStatus } from './tell.ts'

/** Pods that the scheduler has given up on for now, of which the autoscaler thinks at all. */
export const unschedulablePods = ({ io }: Pick<Scan, 'io'>): readonly Pod[] =>
  (io.read.list('v1/Pod') as unknown as readonly Pod[]).filter(
    ({ metadata, spec, status }) =>
      (spec.nodeName ?? '') === '' &&
      metadata.deletionTimestamp === undefined &&
      status?.conditions?.some(
        (one) => one.type === 'PodScheduled' && one.status === 'False' && one.reason === 'Unschedulable',
      ) === true &&
      (spec.priority ?? 0) >= fixed.expendablePodsPriorityCutoff &&
      metadata.ownerReferences?.some((one) => one.controller === true && one.kind === 'DaemonSet') !== true,
  )

/** filterOutSchedulable: those that fit nowhere, neither on what is there nor on what is on its way. */
const helpless = (scan: Scan, snapshot: Snapshot, groups: readonly GroupState[]): readonly Pod[] => {
  const pods = unschedulablePods(scan)
  if (pods.length === 0) return pods
  const nodes = (scan.io.read.list('v1/Node') as readonly Node[]).filter(isReady).map((one) => one.metadata.name ?? '')
  for (const { group, upcoming, ready, unready } of groups) {
    for (let count = 0; count < upcoming; count += 1) {
      const name = `upcoming-${group.id}-${count}`
      addTemplate(snapshot, scan.io, group.template(ready.length + unready.length + count), name)
      nodes.push(name)
    }
  }
  return [...pods].sort(byPriority).filter((pod) => {
    const node = snapshot.firstFit(pod, nodes)
    if (node !== undefined) snapshot.place(pod, node)
    return node === undefined
  })
}

const skipped = (scan: Scan, { group }: GroupState): string | undefined => {
  if (backingOff(scan, group.id)) return 'in backoff after failed scale-up'
  return group.targetSize() >= group.max ? 'max node group size reached' : undefined
}

/** Why each of the groups that were thought of does not help a pod: `1 Insufficient cpu, 1 max node group size reached`. */
const notTriggered = (scan: Scan, pod: Pod, reasons: readonly string[]): void => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const text = [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
  tell(scan, pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${text}`)
}

/** scaleUpExecutor.executeScaleUp. Whether the cloud has taken it. */
const execute = (scan: Scan, { group }: Option, size: number): boolean => {
  const { memory, now } = scan
  const current = group.targetSize()
  const change = `size to ${size} instead of ${current} (max: ${group.max})`
  tellStatus(scan, 'Normal', 'ScaledUpGroup', `Scale-up: setting group ${group.id} ${change}`)
  const error = group.increaseSize(size - current)
  if (error !== undefined) {
    tellStatus(scan, 'Warning', 'FailedToScaleUpGroup', `Scale-up failed for group ${group.id}: ${error}`)
    backOff(scan, group.id)
    return false
  }
  const before = memory.requests.get(group.id)
  memory.requests.set(group.id, { at: now, increase: size - current + (before?.increase ?? 0) })
  const message = `Scale-up: group ${group.id} size set to ${size} instead of ${current} (max: ${group.max})`
  tellStatus(scan, 'Normal', 'ScaledUpGroup', message)
  return true
}

const optionsOf = (
  scan: Scan,
  snapshot: Snapshot,
  groups: readonly GroupState[],
  pods: readonly Pod[],
): { readonly options: readonly Option[]; readonly reasons: ReadonlyMap<Pod, readonly string[]> } => {
  const reasons = new Map<Pod, string[]>(pods.map((pod) => [pod, []]))
  const options: Option[] = []
  for (const state of groups) {
    const { group } = state
    const skip = skipped(scan, state)
    if (skip !== undefined) {
      for (const pod of pods) reasons.get(pod)!.push(skip)
      continue
    }
    const mark = snapshot.mark()
    const sample = `template-${group.id}`
    addTemplate(snapshot, scan.io, group.template(group.targetSize()), sample)
    const fitting = pods.filter((pod) => {
      const refusal = snapshot.refusal(pod, sample)
      if (refusal !== undefined) reasons.get(pod)!.push(...refusal)
      return refusal === undefined
    })
    snapshot.revert(mark)
    const option = estimate(scan, snapshot, group, { pods: fitting, template: (zone) => group.template(zone) })
    if (option.nodes > 0) options.push(option)
  }
  return { options, reasons }
}

/** What came of the pods that fit nowhere (ScaleUpOrchestrator.ScaleUp). `scaled`: nothing is taken away in this scan. */
export const scaleUp = (scan: Scan, snapshot: Snapshot, groups: readonly GroupState[]): 'scaled' | 'nothing' => {
  const { io, memory, settings, now } = scan
  const pods = helpless(scan, snapshot, groups)
  if (pods.length === 0) return 'nothing'
  const youngest = Math.min(...pods.map((pod) => io.wall() - (parseTimestamp(pod.metadata.creationTimestamp) ?? 0)))
  const oldest = Math.max(...pods.map((pod) => io.wall() - (parseTimestamp(pod.metadata.creationTimestamp) ?? 0)))
  if (oldest < fixed.newPodTime) {
    lookAgain(scan, now + fixed.newPodTime - youngest)
    return 'scaled'
  }
  const total = io.read.list('v1/Node').length + groups.reduce((sum, one) => sum + one.unregistered.length, 0)
  if (settings.maxNodesTotal > 0 && total >= settings.maxNodesTotal) {
    for (const pod of pods) {
      const message = "pod didn't trigger scale-up: max total nodes in cluster reached"
      tell(scan, pod, 'Normal', 'NotTriggerScaleUp', message)
    }
    return 'nothing'
  }
  const { options, reasons } = optionsOf(scan, snapshot, groups, pods)
  if (options.length === 0) {
    for (const [pod, why] of reasons) notTriggered(scan, pod, why)
    for (const { until } of memory.backoffs.values()) recheck(scan, until)
    return 'nothing'
  }
  const best = bestOption(scan, options)
  const room = settings.maxNodesTotal > 0 ? settings.maxNodesTotal - total : best.nodes
  if (best.nodes > room) {
    const message = `Max total nodes in cluster reached: ${settings.maxNodesTotal}`
    tellStatus(scan, 'Warning', 'MaxNodesTotalReached', message)
  }
  const before = best.group.targetSize()
  const size = Math.min(best.group.max, before + Math.min(best.nodes, room))
  if (!execute(scan, best, size)) {
    lookAgain(scan, now + settings.scanInterval)
    return 'scaled'
  }
  const info = `[{${best.group.id} ${before}->${size} (max: ${best.group.max})}]`
  for (const pod of best.pods) tell(scan, pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: ${info}`)
  memory.lastScaleUp = now
  lookAgain(scan, now + settings.scanInterval)
  return 'scaled'
}
