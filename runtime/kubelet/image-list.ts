import type { RuntimeImage } from '../container-runtime/cri.ts'
import { second, type Micros } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'

/** The images of the node as the node's status tells them. */
export interface ImageList {
  list(): readonly RuntimeImage[]
  /** There is another image on the disk. */
  pulled(): void
}

const refreshPeriod: Micros = 30 * second

/** pkg/kubelet/images/image_gc_manager.go: imageCache, which is refreshed every 30 s; here only after a pull. */
export const createImageList = (context: Context, changed: () => void): ImageList => {
  const { kernel, life, runtime, startedAt } = context
  let known: readonly RuntimeImage[] | undefined
  /** What a report of the same instant tells is older than the refresh, whichever of the two comes first. */
  let before: readonly RuntimeImage[] = []
  let refreshedAt: Micros | undefined
  let timer: Timer | undefined
  return {
    list() {
      known ??= runtime.images()
      return kernel.now === refreshedAt ? before : known
    },
    pulled() {
      if (timer?.run !== undefined) return
      const at = startedAt + (Math.floor((kernel.now - startedAt) / refreshPeriod) + 1) * refreshPeriod
      const refresh = (): void => {
        const now = runtime.images()
        before = known ?? now
        known = now
        refreshedAt = kernel.now
        changed()
      }
      timer = life.at(at, refresh, { tag: 'housekeeping', label: `${context.actor.name} lists its images` })
    },
  }
}
