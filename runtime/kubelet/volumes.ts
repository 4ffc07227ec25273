import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Pod, Volume } from '../../api/types/core-v1.generated.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import { readObject, referenceError } from './container-config.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import type { PodWorker } from './pod-workers.ts'

// pkg/kubelet/volumemanager and pkg/util/goroutinemap/exponentialbackoff
const firstRetry: Micros = 500 * millisecond
const lastRetry: Micros = 122 * second
const loop: Micros = 100 * millisecond
const waitTimeout: Micros = 123 * second
const poll: Micros = 300 * millisecond

export interface Volumes {
  /** WaitForAttachAndMount: undefined when all is mounted, else why not. */
  wait(worker: PodWorker, pod: Pod): Task<string | undefined>
  forget(uid: string): void
}

type Reference = { readonly kind: 'configmap' | 'secret'; readonly name: string }

const referencesOf = (volume: Volume): readonly Reference[] => {
  const found: Reference[] = []
  if (volume.configMap !== undefined && volume.configMap.optional !== true) {
    found.push({ kind: 'configmap', name: volume.configMap.name ?? '' })
  }
  if (volume.secret !== undefined && volume.secret.optional !== true) {
    found.push({ kind: 'secret', name: volume.secret.secretName ?? '' })
  }
  for (const source of volume.projected?.sources ?? []) {
    if (source.configMap !== undefined && source.configMap.optional !== true) {
      found.push({ kind: 'configmap', name: source.configMap.name ?? '' })
    }
    if (source.secret !== undefined && source.secret.optional !== true) {
      found.push({ kind: 'secret', name: source.secret.name ?? '' })
    }
  }
  return found
}

interface Mount {
  mounted: boolean
  retryAt: Micros
  delay: Micros
}

/**
 * The volumes that can keep a pod waiting: config maps and secrets that are not there. Set-up is tried by a loop every 100 ms, and
 * after a failure again when its back-off is over.
 */
export const createVolumes = (context: Context): Volumes => {
  const { kernel, life, events } = context
  const pods = new Map<string, Map<string, Mount>>()

  const mountsOf = (pod: Pod): Map<string, Mount> => {
    const uid = pod.metadata.uid ?? ''
    let mounts = pods.get(uid)
    if (mounts === undefined) {
      mounts = new Map()
      pods.set(uid, mounts)
    }
    for (const volume of pod.spec.volumes ?? []) {
      if (!mounts.has(volume.name)) mounts.set(volume.name, { mounted: referencesOf(volume).length === 0, retryAt: 0, delay: 0 })
    }
    return mounts
  }

  function* setUp(pod: Pod, volume: Volume, mount: Mount): Task<void> {
    for (const { kind, name } of referencesOf(volume)) {
      const answer: ApiResponse = yield* readObject(context, kind, pod.metadata.namespace ?? 'default', name)
      if (answer.code === 200) continue
      const message = `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${referenceError(answer, kind, name)}`
      events.pod(pod, 'Warning', 'FailedMount', message)
      mount.delay = mount.delay === 0 ? firstRetry : Math.min(mount.delay * 2, lastRetry)
      mount.retryAt = kernel.now + mount.delay
      return
    }
    mount.mounted = true
  }

  return {
    *wait(worker, pod) {
      const volumes = pod.spec.volumes ?? []
      if (volumes.length === 0) return undefined
      const mounts = mountsOf(pod)
      const began = kernel.now
      const missing = (): readonly Volume[] => volumes.filter((volume) => mounts.get(volume.name)?.mounted === false)
      let cancelled = false
      while (missing().length > 0 && !cancelled) {
        for (const volume of missing()) {
          const mount = mounts.get(volume.name)!
          if (kernel.now >= mount.retryAt) yield* setUp(pod, volume, mount)
        }
        if (missing().length === 0) break
        const over = began + waitTimeout
        if (kernel.now >= over) {
          const names = missing().map((volume) => volume.name).sort()
          return `unmounted volumes=[${names.join(' ')}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`
        }
        const next = Math.min(...missing().map((volume) => mounts.get(volume.name)!.retryAt))
        const at = Math.min(over, Math.ceil(Math.max(next, kernel.now + 1) / loop) * loop)
        yield* suspend<void>((resume) => {
          const timer = life.at(at, () => resume(), { label: `pod/${pod.metadata.name} waits for its volumes` })
          worker.cancel = () => {
            cancelled = true
            life.cancel(timer)
            worker.cancel = undefined
            life.after(0, () => resume())
          }
        })
        worker.cancel = undefined
      }
      if (cancelled) return 'context canceled'
      // The waiting worker polls: it goes on at its next look.
      const waited = kernel.now - began
      if (waited > 0) yield* life.sleep(Math.ceil(waited / poll) * poll - waited)
      return undefined
    },
    forget: (uid) => {
      pods.delete(uid)
    },
  }
}
