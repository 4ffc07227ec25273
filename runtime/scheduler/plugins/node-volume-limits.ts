import type { PersistentVolumeClaim, Pod } from '../../../api/types/core-v1.generated.ts'
import type { CSINode, VolumeAttachment } from '../../../api/types/storage-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import { volumeClaimName, type PodInfo } from '../pod-info.ts'
import { status } from '../status.ts'
import { claimClass, claimOf, notOwnClaim, storageClassOf, volumeOf } from './storage-lookup.ts'

const name = 'NodeVolumeLimits'
const refused = status(name, 'Unschedulable', 'node(s) exceed max volume count')

const limitsOf = (csiNode: CSINode | undefined): ReadonlyMap<string, number> => {
  const limits = new Map<string, number>()
  for (const driver of csiNode?.spec?.drivers ?? []) {
    if (driver.allocatable?.count !== undefined) limits.set(driver.name, driver.allocatable.count)
  }
  return limits
}

const usesClaims = (pod: Pod): boolean =>
  (pod.spec.volumes ?? []).some((one) => one.persistentVolumeClaim !== undefined || one.ephemeral !== undefined)

/**
 * pkg/scheduler/framework/plugins/nodevolumelimits/csi.go.
 * Differs: in-tree volumes are not translated to CSI, so only CSI volumes count against a limit.
 */
export const nodeVolumeLimits: PluginFactory = ({ nodes, listers }) => {
  /** Volume → driver, of a claim that is bound or that a class will provision (getCSIDriverInfo). */
  const driverOf = (claim: PersistentVolumeClaim): readonly [string, string] | undefined => {
    const volumeName = claim.spec?.volumeName ?? ''
    const volume = volumeName === '' ? undefined : volumeOf(listers, volumeName)
    if (volume !== undefined) {
      const csi = volume.spec?.csi
      return csi === undefined ? undefined : [`${csi.driver}/${csi.volumeHandle}`, csi.driver]
    }
    const className = claimClass(claim)
    const storageClass = className === '' ? undefined : storageClassOf(listers, className)
    if (storageClass === undefined || storageClass.provisioner === '') return undefined
    const key = `${claim.metadata.namespace ?? ''}/${claim.metadata.name}`
    return [`${storageClass.provisioner}/unbound-${key}`, storageClass.provisioner]
  }
  /** filterAttachableVolumes; text: why a new pod's claims cannot be read. */
  const addVolumes = (pod: PodInfo, isNew: boolean, volumes: Map<string, string>): string | undefined => {
    for (const volume of pod.pod.spec.volumes ?? []) {
      const claimName = volumeClaimName(pod.pod, volume)
      if (claimName === undefined) continue
      const claim = claimOf(listers, pod.namespace, claimName)
      if (claim === undefined) {
        if (isNew) return `looking up PVC ${pod.namespace}/${claimName}: persistentvolumeclaim "${claimName}" not found`
        continue
      }
      const foreign = volume.ephemeral === undefined ? undefined : notOwnClaim(pod.pod, claim)
      if (foreign !== undefined) return foreign
      const driver = driverOf(claim)
      if (driver !== undefined) volumes.set(driver[0], driver[1])
    }
    return undefined
  }
  return {
    name,
    preFilter: ({ pod }) => (usesClaims(pod.pod) ? undefined : 'skip'),
    filter({ pod }, slot) {
      const node = nodes.slots[slot]!
      const wanted = new Map<string, string>()
      const failed = addVolumes(pod, true, wanted)
      if (failed !== undefined) {
        const code = failed.endsWith('not found') ? 'UnschedulableAndUnresolvable' : 'Error'
        return status(name, code, failed)
      }
      if (wanted.size === 0) return undefined
      const limits = limitsOf(listers.get('storage.k8s.io/v1/CSINode', '', node.name) as CSINode | undefined)
      if (limits.size === 0) return undefined
      const attached = new Map<string, string>()
      for (const other of node.pods) addVolumes(other, false, attached)
      const counts = new Map<string, number>()
      const countOne = (driver: string): void => void counts.set(driver, (counts.get(driver) ?? 0) + 1)
      for (const [volume, driver] of attached) {
        wanted.delete(volume)
        countOne(driver)
      }
      for (const { spec } of listers.list('storage.k8s.io/v1/VolumeAttachment') as readonly VolumeAttachment[]) {
        if (spec?.nodeName !== node.name || spec.attacher === '') continue
        const volumeName = spec.source?.persistentVolumeName
        const csi = volumeName === undefined ? undefined : volumeOf(listers, volumeName)?.spec?.csi
        if (csi === undefined) continue
        const volume = `${spec.attacher}/${csi.volumeHandle}`
        if (!attached.has(volume)) countOne(spec.attacher)
      }
      const added = new Map<string, number>()
      for (const driver of wanted.values()) added.set(driver, (added.get(driver) ?? 0) + 1)
      for (const [driver, more] of added) {
        const limit = limits.get(driver)
        if (limit !== undefined && (counts.get(driver) ?? 0) + more > limit) return refused
      }
      return undefined
    },
    events: [
      {
        event: { resource: 'storage.k8s.io/CSINode', actions: action.add | action.update },
        hint(_pod, before, after) {
          const was = limitsOf(before as CSINode | undefined)
          for (const [driver, limit] of limitsOf(after as CSINode)) if (limit > (was.get(driver) ?? 0)) return 'Queue'
          return 'Skip'
        },
      },
      {
        event: { resource: 'Pod', actions: action.delete },
        hint(_pod, before) {
          const deleted = before as Pod
          if ((deleted.spec.nodeName ?? '') === '' && (deleted.status?.nominatedNodeName ?? '') === '') return 'Skip'
          return usesClaims(deleted) ? 'Queue' : 'Skip'
        },
      },
      {
        event: { resource: 'PersistentVolumeClaim', actions: action.add },
        hint(pod, _before, after) {
          if (after?.metadata.namespace !== pod.namespace) return 'Skip'
          const uses = (pod.pod.spec.volumes ?? []).some((one) => volumeClaimName(pod.pod, one) === after.metadata.name)
          return uses ? 'Queue' : 'Skip'
        },
      },
      {
        event: { resource: 'storage.k8s.io/VolumeAttachment', actions: action.delete },
        hint: (pod) =>
          (pod.pod.spec.volumes ?? []).some((one) => one.persistentVolumeClaim !== undefined) ? 'Queue' : 'Skip',
      },
    ],
  }
}
