import type { KubeObject } from '../../api/object.ts'
import type { ApiRequest } from '../../api/protocol/request.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../api/types/policy-v1.generated.ts'
import { drainStatus, type DrainRules } from './drainability.ts'
import { nameOf } from './group-health.ts'
import { lookAgain, recheck, type Scan } from './memory.ts'
import { deletionCandidate, isReady, taintOf, toBeDeleted, type GroupState } from './node-state.ts'
import { fixed } from './settings.ts'
import { podsOn, type Snapshot } from './snapshot.ts'
import { markNode, unmarkNode } from './taint-node.ts'
import { tell, tellStatus } from './tell.ts'
import { utilization, utilizationText } from './utilization.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

/** A node that nobody needs, and what would have to move. */
interface Removable {
  readonly node: Node
  readonly group: GroupState['group']
  readonly pods: readonly Pod[]
}

const disabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled'

const ended = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

const livePods = (scan: Scan, node: Node): readonly Pod[] => podsOn(scan.io, nameOf(node)).filter((pod) => !ended(pod))

/** SimulateNodeRemoval: what moves finds a place on nodes that stay; otherwise undefined. */
const simulate = (
  snapshot: Snapshot,
  node: string,
  pods: readonly Pod[],
  destinations: ReadonlySet<string>,
): boolean => {
  const mark = snapshot.mark()
  for (const pod of pods) snapshot.takeOff(pod, node)
  const others = [...destinations].filter((one) => one !== node)
  for (const pod of pods) {
    const anywhere = { ...pod, spec: { ...pod.spec, nodeName: '' } }
    const place = snapshot.firstFit(anywhere, others)
    if (place === undefined) {
      snapshot.revert(mark)
      return false
    }
    snapshot.place(anywhere, place)
  }
  return true
}

/** categorizeNodes: which nodes of the groups could go. Empty ones are thought of first. */
const categorize = (scan: Scan, snapshot: Snapshot, groups: readonly GroupState[]): readonly Removable[] => {
  const { io, memory, settings, now } = scan
  const rules: DrainRules = {
    settings,
    budgets: io.read.list('policy/v1/PodDisruptionBudget') as unknown as readonly PodDisruptionBudget[],
  }
  const destinations = new Set(
    (io.read.list('v1/Node') as readonly Node[])
      .filter((node) => isReady(node) && !memory.deletions.has(nameOf(node)))
      .map(nameOf),
  )
  const candidates = groups
    .flatMap(({ group, ready, unready }) => [...ready, ...unready].map((node) => ({ node, group })))
    .filter(({ node }) => !memory.deletions.has(nameOf(node)) && taintOf(node, toBeDeleted) === undefined)
    .map(({ node, group }) => ({ node, group, live: livePods(scan, node) }))
    .map((one) => ({ ...one, states: one.live.map((pod) => drainStatus(pod, rules)) }))
  const empty = (states: readonly unknown[]): boolean => states.every((state) => state === undefined)
  candidates.sort(
    (a, b) => Number(empty(b.states)) - Number(empty(a.states)) || (nameOf(a.node) < nameOf(b.node) ? -1 : 1),
  )
  const removable: Removable[] = []
  for (const { node, group, live, states } of candidates) {
    const name = nameOf(node)
    const again = memory.unremovable.get(name)
    if (again !== undefined && again > now) {
      recheck(scan, again)
      continue
    }
    memory.unremovable.delete(name)
    if (node.metadata.annotations?.[disabled] === 'true') continue
    if (utilization(node, live).share >= settings.scaleDownUtilizationThreshold) continue
    const moving = live.filter((_, index) => states[index] === 'move')
    const blocked = states.some((state) => state !== undefined && state !== 'move')
    if (blocked || !simulate(snapshot, name, moving, destinations)) {
      memory.unremovable.set(name, now + fixed.unremovableNodeRecheckTimeout)
      recheck(scan, now + fixed.unremovableNodeRecheckTimeout)
      continue
    }
    destinations.delete(name)
    removable.push({ node, group, pods: moving })
  }
  return removable
}

/** isScaleDownInCooldown */
const cooldownEnd = ({ memory, settings }: Scan): number =>
  Math.max(
    memory.lastScaleUp + settings.scaleDownDelayAfterAdd,
    memory.lastScaleDownFail + fixed.scaleDownDelayAfterFailure,
    memory.lastScaleDownDelete + settings.scanInterval,
  )

/** RemovableAt: unneeded for long enough, and not needed for the size of its group. */
const due = (scan: Scan, removable: readonly Removable[]): readonly Removable[] => {
  const { memory, settings, now } = scan
  const sizes = new Map<string, number>()
  return removable.filter(({ node, group }) => {
    const since = memory.unneeded.get(nameOf(node)) ?? now
    const needed = isReady(node) ? settings.scaleDownUnneededTime : settings.scaleDownUnreadyTime
    if (since + needed >= now) {
      lookAgain(scan, since + needed + 1)
      return false
    }
    const leaving = [...memory.deletions.values()].filter((one) => one.group === group.id).length
    const size = sizes.get(group.id) ?? group.targetSize() - leaving
    if (size <= group.min) return false
    sizes.set(group.id, size - 1)
    return true
  })
}

/** UpdateSoftDeletionTaints */
function* softTaints(scan: Scan, unneeded: readonly Removable[], groups: readonly GroupState[]): Steps<void> {
  let budget: number = fixed.maxBulkSoftTaintCount
  const names = new Set(unneeded.map(({ node }) => nameOf(node)))
  for (const node of groups.flatMap(({ ready, unready }) => [...ready, ...unready])) {
    if (taintOf(node, toBeDeleted) !== undefined || budget === 0) continue
    const wanted = names.has(nameOf(node))
    if (wanted === (taintOf(node, deletionCandidate) !== undefined)) continue
    budget -= 1
    if (wanted) yield* markNode(scan.io, node, deletionCandidate, 'PreferNoSchedule')
    else yield* unmarkNode(scan.io, node, deletionCandidate)
  }
}

/** StartDeletion: the nodes are tainted one after the other, then each goes its way. */
function* startDeletion(scan: Scan, nodes: readonly Removable[]): Steps<boolean> {
  const { io, memory } = scan
  const open = [...memory.deletions.values()]
  let room = fixed.maxScaleDownParallelism - open.length
  let drains = fixed.maxDrainParallelism - open.filter((one) => one.drain).length
  const chosen: Removable[] = []
  for (const one of [...nodes].sort((a, b) => Number(a.pods.length > 0) - Number(b.pods.length > 0))) {
    const drain = one.pods.length > 0
    if (room <= 0 || (drain && drains <= 0)) continue
    room -= 1
    if (drain) drains -= 1
    chosen.push(one)
  }
  const marked: Removable[] = []
  for (const one of chosen) {
    const error = yield* markNode(io, one.node, toBeDeleted, 'NoSchedule')
    const object = one.node as KubeObject
    if (error !== undefined) {
      const message = `failed to mark the node as toBeDeleted/unschedulable: ${error}`
      tell(scan, object, 'Warning', 'ScaleDownFailed', message)
      for (const { node } of marked) yield* unmarkNode(io, node, toBeDeleted)
      memory.lastScaleDownFail = io.now()
      return false
    }
    tell(scan, object, 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable')
    marked.push(one)
  }
  for (const { node, group, pods } of marked) {
    const name = nameOf(node)
    if (pods.length === 0) tellStatus(scan, 'Normal', 'ScaleDownEmpty', `Scale-down: removing empty node "${name}"`)
    else {
      const used = utilizationText(utilization(node, livePods(scan, node)))
      const names = pods.map((pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`).join(',')
      const message = `Scale-down: removing node ${name}, utilization: ${used}, pods to reschedule: ${names}`
      tellStatus(scan, 'Normal', 'ScaleDown', message)
    }
    memory.deletions.set(name, { group: group.id, drain: pods.length > 0 })
    memory.unneeded.delete(name)
    io.requeue(name, 0)
  }
  return marked.length > 0
}

/** The second half of a scan: which nodes nobody needs, and which of them go now. */
export function* scaleDown(scan: Scan, snapshot: Snapshot, groups: readonly GroupState[]): Steps<void> {
  const { memory, now } = scan
  const removable = categorize(scan, snapshot, groups)
  memory.unneeded = new Map(
    removable.map(({ node }) => [nameOf(node), memory.unneeded.get(nameOf(node)) ?? now] as const),
  )
  const end = cooldownEnd(scan)
  if (end > now) {
    if (removable.length > 0) lookAgain(scan, end)
    return
  }
  const leaving = due(scan, removable)
  if (leaving.length > 0 && (yield* startDeletion(scan, leaving))) {
    memory.lastScaleDownDelete = now
    lookAgain(scan, now + scan.settings.scanInterval)
    return
  }
  yield* softTaints(scan, removable, groups)
}
