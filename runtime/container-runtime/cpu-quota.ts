import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { LinuxResources } from './cri.ts'
import type { LiveContainer } from './live-container.ts'

/** Milli-CPU that a cgroup gives at most. */
export const quotaCap = ({ cpuQuota, cpuPeriod }: LinuxResources): number =>
  cpuQuota > 0 ? (cpuQuota * 1000) / cpuPeriod : Number.POSITIVE_INFINITY

/** The kernel's CPU quotas: who wants more than his is throttled, and that is told when it begins and when it ends. */
export interface CpuQuota {
  /** A container has started, or has another quota. */
  begin(container: LiveContainer): void
  end(container: LiveContainer): void
  /** CPU time since the start, in nanoseconds. */
  time(container: LiveContainer): number
  /** The quota is about to change: what was used up to now was used under the old one. */
  change(container: LiveContainer): void
}

export const createCpuQuota = (
  kernel: Kernel,
  actor: Actor,
  tell: (container: LiveContainer, action: 'throttle' | 'unthrottle') => void,
): CpuQuota => {
  const uptime = ({ startedAt }: LiveContainer): number => kernel.now - (startedAt ?? kernel.now)

  const time = (container: LiveContainer): number => {
    const { run } = container
    if (run.cpuTime === undefined) return 0
    const cap = quotaCap(container.linux)
    const { uptime: since, time: before } = container.cpuBefore
    return before + run.cpuTime(uptime(container), cap) - (since === 0 ? 0 : run.cpuTime(since, cap))
  }

  const look = (container: LiveContainer): void => {
    kernel.cancel(container.throttleTimer)
    container.throttleTimer = undefined
    const cap = quotaCap(container.linux)
    const spells = cap === Number.POSITIVE_INFINITY ? [] : (container.run.cpuAbove?.(cap) ?? [])
    const now = uptime(container)
    const spell = spells.find((one) => one.to > now)
    const throttled = spell !== undefined && spell.from <= now
    if (throttled !== container.throttled) {
      container.throttled = throttled
      tell(container, throttled ? 'throttle' : 'unthrottle')
    }
    const next = spell === undefined ? Number.POSITIVE_INFINITY : throttled ? spell.to : spell.from
    if (next === Number.POSITIVE_INFINITY) return
    const label = `${container.config.pod.name}: ${container.config.name} meets its CPU quota`
    container.throttleTimer = kernel.at(container.startedAt! + next, actor, () => look(container), { label })
  }

  return {
    begin(container) {
      if (container.run.cpuAbove !== undefined) look(container)
    },
    end(container) {
      kernel.cancel(container.throttleTimer)
      container.throttleTimer = undefined
      container.throttled = false
    },
    time,
    change(container) {
      if (container.state === 'running') container.cpuBefore = { uptime: uptime(container), time: time(container) }
    },
  }
}
