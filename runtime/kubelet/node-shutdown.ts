import type { ShutdownPeriod } from '../../api/nodes/shutdown-periods.ts'
import type { Pod, PodStatus } from '../../api/types/core-v1.generated.ts'
import { millisecond, second, type Micros } from '../kernel/micros.ts'
import type { Context } from './context.ts'
import { suspend, type Task } from './life.ts'
import { terminationByKubelet } from './termination-by-kubelet.ts'

export interface NodeShutdown {
  readonly underWay: boolean
  start(): void
  stop(): void
}

export interface NodeShutdownParts {
  readonly context: Context
  readonly activePods: () => readonly Pod[]
  readonly kill: (pod: Pod, grace: number, status: (status: PodStatus) => PodStatus, done: () => void) => void
  /** The node's Ready condition is another from here on: told at once, or with the next report. */
  readonly changed: (atOnce: boolean) => void
}

export interface ShutdownGroup extends ShutdownPeriod {
  readonly pods: readonly Pod[]
}

const terminated = 'Pod was terminated in response to imminent node shutdown.'
/** pkg/kubelet/volumemanager: podAttachAndMountRetryInterval. */
const unmountPoll: Micros = 300 * millisecond

/** pkg/kubelet/nodeshutdown/nodeshutdown_manager_linux.go. */
export const createNodeShutdown = (parts: NodeShutdownParts): NodeShutdown => {
  const { context } = parts
  const { life, config, events, machine } = context
  const periods = config.shutdownPeriods
  const requested = periods.reduce((sum, one) => sum + one.seconds, 0) * second
  /** Beginnings (true) and cancellations of which nothing was done yet. */
  const heard: boolean[] = []
  let busy = false
  let underWay = false
  let release: (() => void) | undefined
  let unsubscribe: (() => void) | undefined

  /** Its time is over, or all of it have ended and their volumes are unmounted. */
  const ended = (group: ShutdownGroup): Task<void> =>
    suspend<void>((resume) => {
      let left = group.pods.length
      let over = false
      const end = (): void => {
        if (over) return
        over = true
        life.cancel(limit)
        resume()
      }
      const limit = life.after(group.seconds * second, end, { label: `${context.actor.name} shuts its node down` })
      const unmount = group.pods.some((pod) => (pod.spec.volumes ?? []).length > 0) ? unmountPoll : 0
      for (const pod of group.pods) {
        const grace = Math.min(group.seconds, pod.spec.terminationGracePeriodSeconds ?? group.seconds)
        parts.kill(pod, grace, shutDownStatus(pod), () => {
          left -= 1
          if (left === 0) life.after(unmount, end)
        })
      }
    })

  /** One after the other: what is called off while the pods are being ended is heard when they have ended. */
  function* monitor(): Task<void> {
    busy = true
    for (let begins = heard.shift(); begins !== undefined; begins = heard.shift()) {
      events.node('Normal', 'Shutdown', `Shutdown manager detected shutdown ${begins ? 'event' : 'cancellation'}`)
      underWay = begins
      parts.changed(begins)
      if (!begins) {
        release = machine.shutdown.inhibit(requested)
        continue
      }
      for (const group of byPriority(periods, parts.activePods())) if (group.pods.length > 0) yield* ended(group)
      release?.()
    }
    busy = false
  }

  return {
    get underWay() {
      return underWay
    },
    start() {
      if (periods.length === 0) return
      release = machine.shutdown.inhibit(requested)
      unsubscribe = machine.shutdown.subscribe((begins) => {
        heard.push(begins)
        if (!busy) life.spawn(monitor())
      })
    },
    stop() {
      unsubscribe?.()
      release?.()
    },
  }
}

const shutDownStatus = (pod: Pod): ((status: PodStatus) => PodStatus) => {
  const failed = terminationByKubelet(pod, { reason: 'Terminated', message: terminated, condition: terminated })
  return (status) => (status.phase === 'Succeeded' ? { ...failed(status), phase: 'Succeeded' } : failed(status))
}

/** groupByPriority: a pod belongs to the highest period that is not above its priority, or to the lowest of all. */
export const byPriority = (periods: readonly ShutdownPeriod[], pods: readonly Pod[]): readonly ShutdownGroup[] => {
  const groups = periods.map((period) => ({ ...period, pods: [] as Pod[] }))
  for (const pod of pods) {
    const priority = pod.spec.priority ?? 0
    const found = groups.findLast((group) => group.priority <= priority) ?? groups[0]
    found?.pods.push(pod)
  }
  return groups
}
