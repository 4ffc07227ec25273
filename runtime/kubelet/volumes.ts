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

interface PodVolumes {
  readonly missing: Set<string>
  waiting: (() => void) | undefined
  forgotten: boolean
}

/**
 * The volumes of a pod are set up by a loop every 100 ms (populator, then reconciler), a failed one again when its back-off is over;
 * the pod's worker looks every 300 ms. Only config maps and secrets that are not there can fail.
 */
export const createVolumes = (context: Context): Volumes => {
  const { kernel, life, events } = context
  const pods = new Map<string, PodVolumes>()

  /** First turn of the loop strictly after a moment. */
  const turnAfter = (time: Micros): Micros =>
    context.startedAt + (Math.floor((time - context.startedAt) / loop) + 1) * loop

  const sleepUntil = (pod: Pod, time: Micros): Task<void> =>
    life.sleep(Math.max(0, time - kernel.now), { label: `pod/${pod.metadata.name} waits for its volumes` })

  function* mount(pod: Pod, volume: Volume, volumes: PodVolumes): Task<void> {
    let delay: Micros = 0
    yield* sleepUntil(pod, turnAfter(kernel.now + loop))
    while (!volumes.forgotten) {
      const failure = yield* setUp(pod, volume)
      if (failure === undefined) {
        volumes.missing.delete(volume.name)
        if (volumes.missing.size === 0) volumes.waiting?.()
        return
      }
      events.pod(
        pod,
        'Warning',
        'FailedMount',
        `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${failure}`,
      )
      delay = delay === 0 ? firstRetry : Math.min(delay * 2, lastRetry)
      yield* sleepUntil(pod, turnAfter(kernel.now + delay))
    }
  }

  function* setUp(pod: Pod, volume: Volume): Task<string | undefined> {
    for (const { kind, name } of referencesOf(volume)) {
      const answer: ApiResponse = yield* readObject(context, kind, pod.metadata.namespace ?? 'default', name)
      if (answer.code !== 200) return referenceError(answer, kind, name)
    }
    return undefined
  }

  const begin = (pod: Pod): PodVolumes => {
    const uid = pod.metadata.uid ?? ''
    const known = pods.get(uid)
    if (known !== undefined) return known
    const specs = pod.spec.volumes ?? []
    const volumes: PodVolumes = {
      missing: new Set(specs.map((volume) => volume.name)),
      waiting: undefined,
      forgotten: false,
    }
    pods.set(uid, volumes)
    for (const volume of specs) life.spawn(mount(pod, volume, volumes))
    return volumes
  }

  return {
    *wait(worker, pod) {
      if ((pod.spec.volumes ?? []).length === 0) return undefined
      const volumes = begin(pod)
      if (volumes.missing.size === 0) return undefined
      const began = kernel.now
      const outcome = yield* suspend<'mounted' | 'timeout' | 'cancelled'>((resume) => {
        let over = false
        const end = (how: 'mounted' | 'timeout' | 'cancelled'): void => {
          if (over) return
          over = true
          life.cancel(limit)
          volumes.waiting = undefined
          worker.cancel = undefined
          resume(how)
        }
        const limit = life.after(waitTimeout, () => end('timeout'), {
          label: `pod/${pod.metadata.name} waits for its volumes`,
        })
        worker.cancel = () => void life.after(0, () => end('cancelled'))
        volumes.waiting = () => {
          // The worker finds out at its next look.
          const waited = kernel.now - began
          life.after(Math.ceil(waited / poll) * poll - waited, () => end('mounted'))
        }
      })
      if (outcome === 'mounted') return undefined
      if (outcome === 'cancelled') return 'context canceled'
      const names = [...volumes.missing].sort().join(' ')
      return `unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`
    },
    forget(uid) {
      const volumes = pods.get(uid)
      if (volumes !== undefined) volumes.forgotten = true
      pods.delete(uid)
    },
  }
}
