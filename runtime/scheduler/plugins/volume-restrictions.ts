import type { Pod, Volume } from '../../../api/types/core-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { Cycle, PluginFactory } from '../framework.ts'
import { podInfo, type PodInfo } from '../pod-info.ts'
import { status } from '../status.ts'
import { claimOf } from './storage-lookup.ts'

const name = 'VolumeRestrictions'
const diskConflict = status(name, 'Unschedulable', 'node(s) had no available disk')
const claimConflict = status(
  name,
  'Unschedulable',
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

interface State {
  readonly claims: ReadonlySet<string>
  conflicts: number
}

const exclusive = (one: Volume): boolean =>
  one.gcePersistentDisk !== undefined ||
  one.awsElasticBlockStore !== undefined ||
  one.rbd !== undefined ||
  one.iscsi !== undefined

/** isVolumeConflict, of one volume against another. */
const conflict = (a: Volume, b: Volume): boolean => {
  const shared = (left: { readonly readOnly?: boolean }, right: { readonly readOnly?: boolean }): boolean =>
    left.readOnly === true && right.readOnly === true
  if (a.gcePersistentDisk !== undefined && b.gcePersistentDisk !== undefined) {
    if (a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName && !shared(a.gcePersistentDisk, b.gcePersistentDisk))
      return true
  }
  if (a.awsElasticBlockStore !== undefined && a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore?.volumeID)
    return true
  if (a.iscsi !== undefined && b.iscsi !== undefined && a.iscsi.iqn === b.iscsi.iqn && !shared(a.iscsi, b.iscsi))
    return true
  if (a.rbd !== undefined && b.rbd !== undefined) {
    const [left, right] = [a.rbd, b.rbd]
    const monitors = new Set(left.monitors)
    const same =
      right.monitors.some((one) => monitors.has(one)) &&
      (left.pool ?? 'rbd') === (right.pool ?? 'rbd') &&
      left.image === right.image
    if (same && !shared(left, right)) return true
  }
  return false
}

const disks = (pod: Pod): readonly Volume[] => (pod.spec.volumes ?? []).filter(exclusive)

const conflicting = (pod: Pod, others: readonly PodInfo[]): boolean => {
  for (const disk of disks(pod)) {
    for (const other of others) if ((other.pod.spec.volumes ?? []).some((one) => conflict(disk, one))) return true
  }
  return false
}

/** pkg/scheduler/framework/plugins/volumerestrictions. */
export const volumeRestrictions: PluginFactory = ({ nodes, listers }, _args, index) => {
  const update = (cycle: Cycle, pod: PodInfo, delta: number): void => {
    const state = cycle.states[index] as State
    for (const claim of pod.facts.claimNames) if (state.claims.has(claim)) state.conflicts += delta
  }
  return {
    name,
    preFilter(cycle) {
      const { pod } = cycle
      if (pod.pod.spec.volumes === undefined) return 'skip'
      const claims = new Set<string>()
      for (const claim of pod.facts.claimNames) {
        const object = claimOf(listers, pod.namespace, claim)
        if (object === undefined)
          return status(name, 'UnschedulableAndUnresolvable', `persistentvolumeclaim "${claim}" not found`)
        if (object.spec?.accessModes?.includes('ReadWriteOncePod') === true) claims.add(claim)
      }
      let conflicts = 0
      for (const claim of claims) if (nodes.claimInUse(`${pod.namespace}/${claim}`)) conflicts += 1
      if (conflicts === 0 && disks(pod.pod).length === 0) return 'skip'
      cycle.states[index] = { claims, conflicts } satisfies State
      return undefined
    },
    addPod: (cycle, pod) => update(cycle, pod, 1),
    removePod: (cycle, pod) => update(cycle, pod, -1),
    filter(cycle, slot) {
      if (conflicting(cycle.pod.pod, nodes.slots[slot]!.pods)) return diskConflict
      return (cycle.states[index] as State).conflicts > 0 ? claimConflict : undefined
    },
    events: [
      {
        event: { resource: 'Pod', actions: action.delete },
        hint(pod, before) {
          const deleted = before as Pod
          if (deleted.metadata.namespace !== pod.namespace) return 'Skip'
          const other = podInfo(deleted)
          if (conflicting(pod.pod, [other])) return 'Queue'
          return other.facts.claimNames.some((claim) => pod.facts.claimNames.includes(claim)) ? 'Queue' : 'Skip'
        },
      },
      { event: { resource: 'Node', actions: action.add } },
      {
        event: { resource: 'PersistentVolumeClaim', actions: action.add },
        hint(pod, _before, after) {
          if (after?.metadata.namespace !== pod.namespace) return 'Skip'
          return pod.facts.claimNames.includes(after.metadata.name) ? 'Queue' : 'Skip'
        },
      },
    ],
  }
}
