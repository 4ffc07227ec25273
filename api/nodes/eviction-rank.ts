import { podRequestOf } from '../pods/pod-resources.ts'
import { podPriority } from '../pods/critical-pod.ts'
import { scaledValue } from '../quantity/quantity-values.ts'
import type { Pod } from '../types/core-v1.generated.ts'
import { goSort } from '../workloads/go-sort.ts'
import type { FileSystemStats, PodStats, StatsOf } from './pod-stats.ts'

// The rank functions of pkg/kubelet/eviction/helpers.go: the first pod is evicted first.

interface Facts {
  readonly pod: Pod
  readonly stats: PodStats | undefined
  readonly priority: number
  /** Bytes, inodes or processes. */
  readonly usage: number
  readonly request: number
}
type Compare = (a: Facts, b: Facts) => number

const falseFirst = (a: boolean, b: boolean): number => (a === b ? 0 : b ? 1 : -1)

/** A pod whose use is unknown goes before one whose use is known. */
const known =
  (compare: Compare): Compare =>
  (a, b) =>
    a.stats === undefined || b.stats === undefined
      ? falseFirst(a.stats === undefined, b.stats === undefined)
      : compare(a, b)

const exceedsRequest: Compare = known((a, b) => falseFirst(a.usage > a.request, b.usage > b.request))
const byPriority: Compare = (a, b) => (a.priority === b.priority ? 0 : a.priority > b.priority ? 1 : -1)
const byExcess: Compare = known((a, b) => b.usage - b.request - (a.usage - a.request))
const byUsage: Compare = known((a, b) => b.usage - a.usage)

const rank = (pods: readonly Pod[], facts: (pod: Pod) => Facts, order: readonly Compare[]): Pod[] => {
  const items = pods.map(facts)
  goSort(items, (a, b) => {
    for (const compare of order) {
      const difference = compare(a, b)
      if (difference !== 0) return difference < 0
    }
    return false
  })
  return items.map(({ pod }) => pod)
}

const requestOf = (pod: Pod, resource: string): number => Number(scaledValue(podRequestOf(pod, resource), 0))

const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''

/** rankMemoryPressure: over their request first, then by priority, then by how far over. */
export const rankByMemory = (pods: readonly Pod[], stats: StatsOf): Pod[] =>
  rank(
    pods,
    (pod) => {
      const own = stats(uidOf(pod))
      const usage = own?.memory?.workingSetBytes ?? 0
      return { pod, stats: own, priority: podPriority(pod), usage, request: requestOf(pod, 'memory') }
    },
    [exceedsRequest, byPriority, byExcess],
  )

/** rankPIDPressure. */
export const rankByProcesses = (pods: readonly Pod[], stats: StatsOf): Pod[] =>
  rank(
    pods,
    (pod) => {
      const own = stats(uidOf(pod))
      const usage = own?.process_stats?.process_count ?? 0
      return { pod, stats: own, priority: podPriority(pod), usage, request: 0 }
    },
    [byPriority, byUsage],
  )

/** What of a pod's disk use counts. */
export type DiskPart = 'root' | 'logs' | 'localVolumeSource'

const localVolumes = (pod: Pod): string[] =>
  (pod.spec.volumes ?? [])
    .filter(
      (volume) =>
        volume.hostPath !== undefined ||
        (volume.emptyDir !== undefined && (volume.emptyDir.medium ?? '') === '') ||
        volume.configMap !== undefined ||
        volume.gitRepo !== undefined,
    )
    .map((volume) => volume.name)

/** podDiskUsage: bytes, or inodes. */
export const podDiskUsage = (pod: Pod, stats: PodStats, parts: readonly DiskPart[], resource: string): number => {
  const amount = (one: FileSystemStats | undefined): number =>
    (resource === 'inodes' ? one?.inodesUsed : one?.usedBytes) ?? 0
  let total = 0
  for (const container of stats.containers ?? []) {
    if (parts.includes('root')) total += amount(container.rootfs)
    if (parts.includes('logs')) total += amount(container.logs)
  }
  if (parts.includes('localVolumeSource')) {
    const names = localVolumes(pod)
    for (const volume of stats.volume ?? []) if (names.includes(volume.name)) total += amount(volume)
  }
  return total
}

/** rankDiskPressureFunc of ephemeral storage or inodes. */
export const rankByDisk = (
  pods: readonly Pod[],
  stats: StatsOf,
  parts: readonly DiskPart[],
  resource: 'ephemeral-storage' | 'inodes',
): Pod[] =>
  rank(
    pods,
    (pod) => {
      const own = stats(uidOf(pod))
      const usage = own === undefined ? 0 : podDiskUsage(pod, own, parts, resource)
      return { pod, stats: own, priority: podPriority(pod), usage, request: requestOf(pod, resource) }
    },
    [exceedsRequest, byPriority, byExcess],
  )
