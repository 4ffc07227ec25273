import { wholeValue } from '../../api/quantity/quantity-values.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'

export interface ImageGc {
  /** The kubelet starts: what is on the disk may be too much already. */
  start(): void
  /** There is more on the disk: the next collection is an event. */
  touched(): void
  /** DeleteUnusedImages: all that no container uses. */
  removeUnused(): void
}

/** pkg/kubelet/kubelet.go: ImageGCPeriod */
const period: Micros = 5 * minute

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** formatSize of image_gc_manager.go. */
export const formatSize = (bytes: number): string => {
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return unit === 0 ? `${bytes} B` : `${size.toFixed(1)} ${units[unit]!}`
}

/**
 * pkg/kubelet/images/image_gc_manager.go. A collection every 5 minutes, an event only while something writes to the disk or has come to
 * it. Differs: an image counts as detected when it is pulled.
 */
export const createImageGc = (context: Context, diskUsed: () => number, removed: () => void): ImageGc => {
  const { kernel, life, runtime, machine, config, startedAt, events } = context
  const lastUsed = new Map<string, Micros>()
  let timer: Timer | undefined
  let failures = 0

  /** imagesInEvictionOrder: those that nobody uses, the one that was not used for the longest time first. */
  const unused = (): readonly string[] => {
    const inUse = new Set<string>()
    for (const uid of runtime.pods()) for (const { config: its } of runtime.podContainers(uid)) inUse.add(its.imageId)
    const free: string[] = []
    for (const image of machine.disk.images.keys()) {
      if (inUse.has(runtime.imageStatus(image)?.id ?? '')) lastUsed.set(image, kernel.now)
      else free.push(image)
    }
    const detected = (image: string): Micros => machine.disk.images.get(image)!.pulledAt
    return free
      .filter((image) => kernel.now - detected(image) >= config.imageMinimumGCAge)
      .sort(
        (a, b) => (lastUsed.get(a) ?? -1) - (lastUsed.get(b) ?? -1) || detected(a) - detected(b) || (a < b ? -1 : 1),
      )
  }
  /** freeSpace: how much it freed. */
  const free = (wanted: number): number => {
    let freed = 0
    for (const image of unused()) {
      if (freed >= wanted) break
      freed += machine.disk.images.get(image)!.size
      runtime.removeImage(image)
    }
    if (freed > 0) removed()
    return freed
  }

  /** freeOldImages: only once the kubelet has looked for as long as they may be unused. */
  const freeOld = (images: readonly string[]): boolean => {
    const most = config.imageMaximumGCAge
    if (most === 0 || kernel.now - startedAt <= most) return false
    const old = images.filter((image) => kernel.now - (lastUsed.get(image) ?? Number.NEGATIVE_INFINITY) > most)
    for (const image of old) runtime.removeImage(image)
    return old.length > 0
  }

  const capacity = wholeValue(machine.spec.capacity['ephemeral-storage'] ?? '0')
  /** GarbageCollect */
  const collect = (): void => {
    timer = undefined
    const available = Math.max(0, capacity - diskUsed())
    const percent = 100 - Math.floor((available * 100) / Math.max(1, capacity))
    if (freeOld(unused())) removed()
    if (percent >= config.imageGCHighThresholdPercent) {
      const wanted = Math.floor((capacity * (100 - config.imageGCLowThresholdPercent)) / 100) - available
      const freed = free(wanted)
      if (freed < wanted) failed(percent, capacity, freed)
      else failures = 0
    } else failures = 0
    if (runtime.usesDisk() || config.imageMaximumGCAge > 0 || machine.takers('disk').length > 0) arm()
  }
  const failed = (percent: number, capacity: number, freed: number): void => {
    const message =
      `Insufficient free disk space on the node's image filesystem (${percent}% of ${formatSize(capacity)} used). ` +
      `Failed to free sufficient space by deleting unused images (freed ${freed} bytes). ` +
      'Investigate disk usage, as it could be used by active images, logs, volumes, or other data.'
    events.node('Warning', 'FreeDiskSpaceFailed', message)
    failures += 1
    if (failures > 1) events.node('Warning', 'ImageGCFailed', message)
  }

  const arm = (): void => {
    if (timer?.run !== undefined) return
    const at = startedAt + (Math.floor((kernel.now - startedAt) / period) + 1) * period
    timer = life.at(at, collect, { tag: 'housekeeping', label: `${context.actor.name} collects unused images` })
  }
  machine.onTake(() => life.alive && arm())

  const start = (): void => {
    if (config.imageMaximumGCAge > 0 || diskUsed() * 100 >= capacity * config.imageGCHighThresholdPercent) arm()
  }
  return { start, touched: arm, removeUnused: () => void free(Number.POSITIVE_INFINITY) }
}
