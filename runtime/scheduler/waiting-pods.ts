import type { PodInfo } from './pod-info.ts'
import { status, type Status } from './status.ts'

/** A pod that Permit plugins hold back before its binding (fwk.WaitingPod). */
export interface WaitingPod {
  readonly pod: PodInfo
  readonly node: string
  /** Plugins that have not allowed it yet. */
  readonly pending: readonly string[]
  /** With the last plugin that allows it the binding goes on. */
  allow(plugin: string): void
  /** It is unschedulable until something happens that the plugin waits for. */
  reject(plugin: string, message: string): void
}

export interface WaitingPods {
  /** In the order in which they began to wait. */
  list(): readonly WaitingPod[]
  get(uid: string): WaitingPod | undefined
  add(pod: PodInfo, node: string, plugins: readonly string[]): void
  /** It is to make room for another: its binding fails, and it is tried again. False: it was decided already. */
  preempt(uid: string, plugin: string): boolean
  /** Tells once what became of it; undefined: it may be bound. */
  whenDecided(uid: string, decided: (verdict: Status | undefined) => void): void
}

interface Held extends WaitingPod {
  readonly left: Set<string>
  verdict: { readonly status: Status | undefined } | undefined
  decided: ((verdict: Status | undefined) => void) | undefined
}

/** pkg/scheduler/framework/runtime/waiting_pods_map.go. Who holds a pod for how long is a matter of whoever has a clock. */
export const createWaitingPods = (): WaitingPods => {
  const byUid = new Map<string, Held>()

  const decide = (held: Held, verdict: Status | undefined): boolean => {
    if (held.verdict !== undefined) return false
    held.verdict = { status: verdict }
    if (held.decided === undefined) return true
    byUid.delete(held.pod.uid)
    held.decided(verdict)
    return true
  }

  return {
    list: () => [...byUid.values()],
    get: (uid) => byUid.get(uid),
    add(pod, node, plugins) {
      const left = new Set(plugins)
      const held: Held = {
        pod,
        node,
        left,
        verdict: undefined,
        decided: undefined,
        get pending() {
          return [...left]
        },
        allow(plugin) {
          left.delete(plugin)
          if (left.size === 0) decide(held, undefined)
        },
        reject(plugin, message) {
          decide(held, status(plugin, 'Unschedulable', message))
        },
      }
      byUid.set(pod.uid, held)
    },
    preempt(uid, plugin) {
      const held = byUid.get(uid)
      return held !== undefined && decide(held, status(plugin, 'Error', 'waiting on permit for pod: preempted'))
    },
    whenDecided(uid, decided) {
      const held = byUid.get(uid)
      if (held === undefined) {
        decided(undefined)
        return
      }
      held.decided = decided
      if (held.verdict === undefined) return
      byUid.delete(uid)
      decided(held.verdict.status)
    },
  }
}
