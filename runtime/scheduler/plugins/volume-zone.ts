import type { PersistentVolume } from '../../../api/types/core-v1.generated.ts'
import type { StorageClass } from '../../../api/types/storage-v1.generated.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { action } from '../cluster-event.ts'
import type { PluginFactory } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { status, type Status } from '../status.ts'
import { claimClass, claimOf, storageClassOf, volumeOf } from './storage-lookup.ts'

const name = 'VolumeZone'
const refused = status(name, 'UnschedulableAndUnresolvable', 'node(s) had no available volume zone')
const unresolvable = (text: string): Status => status(name, 'UnschedulableAndUnresolvable', text)

const zone = 'topology.kubernetes.io/zone'
const region = 'topology.kubernetes.io/region'
const betaZone = 'failure-domain.beta.kubernetes.io/zone'
const betaRegion = 'failure-domain.beta.kubernetes.io/region'
const topologyLabels: readonly string[] = [betaZone, betaRegion, zone, region]
const current = (label: string): string => (label === betaZone ? zone : label === betaRegion ? region : label)

interface Topology {
  readonly key: string
  readonly values: readonly string[]
}

/** The zones and regions a volume is in; `a__b` is a list (volumehelpers.LabelZonesToSet), an empty member makes it void. */
const topologiesOf = (volume: PersistentVolume): readonly Topology[] =>
  topologyLabels.flatMap((key) => {
    const values = volume.metadata.labels?.[key]?.split('__').map((one) => one.trim())
    return values === undefined || values.includes('') ? [] : [{ key, values: values.sort() }]
  })

/** pkg/scheduler/framework/plugins/volumezone. */
export const volumeZone: PluginFactory = ({ nodes, listers }, _args, index) => {
  /** getPVbyPod. */
  const podTopologies = (pod: PodInfo): readonly Topology[] | Status => {
    const found: Topology[] = []
    for (const claimName of pod.facts.claimNames) {
      if (claimName === '') return unresolvable('PersistentVolumeClaim had no name')
      const claim = claimOf(listers, pod.namespace, claimName)
      if (claim === undefined) return unresolvable(`persistentvolumeclaim "${claimName}" not found`)
      const volumeName = claim.spec?.volumeName ?? ''
      if (volumeName === '') {
        const className = claimClass(claim)
        if (className === '') return unresolvable('PersistentVolumeClaim had no pv name and storageClass name')
        const storageClass = storageClassOf(listers, className)
        if (storageClass === undefined) return unresolvable(`storageclass.storage.k8s.io "${className}" not found`)
        if (storageClass.volumeBindingMode === undefined) {
          return unresolvable(`VolumeBindingMode not set for StorageClass "${className}"`)
        }
        if (storageClass.volumeBindingMode === 'WaitForFirstConsumer') continue
        return unresolvable('PersistentVolume had no name')
      }
      const volume = volumeOf(listers, volumeName)
      if (volume === undefined) return unresolvable(`persistentvolume "${volumeName}" not found`)
      found.push(...topologiesOf(volume))
    }
    return found
  }
  return {
    name,
    preFilter(cycle) {
      if (cycle.pod.facts.claimNames.length === 0) return 'skip'
      const topologies = podTopologies(cycle.pod)
      if ('code' in topologies) return topologies
      if (topologies.length === 0) return 'skip'
      cycle.states[index] = topologies
      return undefined
    },
    filter(cycle, slot) {
      const { labels } = nodes.slots[slot]!
      if (labels === undefined || !topologyLabels.some((key) => labels[key] !== undefined)) return undefined
      for (const { key, values } of cycle.states[index] as readonly Topology[]) {
        const value = labels[key] ?? labels[current(key)]
        if (value === undefined || !values.includes(value)) return refused
      }
      return undefined
    },
    events: [
      {
        event: { resource: 'storage.k8s.io/StorageClass', actions: action.add },
        hint: (_pod, _before, after) =>
          (after as StorageClass).volumeBindingMode === 'WaitForFirstConsumer' ? 'Queue' : 'Skip',
      },
      { event: { resource: 'Node', actions: action.add | action.updateNodeLabel } },
      {
        event: { resource: 'PersistentVolumeClaim', actions: action.add | action.update },
        hint(pod, _before, after) {
          if (after?.metadata.namespace !== pod.namespace) return 'Skip'
          return pod.facts.claimNames.includes(after.metadata.name) ? 'Queue' : 'Skip'
        },
      },
      {
        event: { resource: 'PersistentVolume', actions: action.add | action.update },
        hint(_pod, before, after) {
          if (before === undefined) return 'Queue'
          const same = structuralEqual(
            topologiesOf(before as PersistentVolume),
            topologiesOf(after as PersistentVolume),
          )
          return same ? 'Skip' : 'Queue'
        },
      },
    ],
  }
}
