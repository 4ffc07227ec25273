/** KubeletConfiguration: ShutdownGracePeriodByPodPriority. */
export interface ShutdownPeriod {
  readonly priority: number
  readonly seconds: number
}

const systemCriticalPriority = 2_000_000_000

/**
 * pkg/kubelet/nodeshutdown: newPodManager and migrateConfig. How long pods get when their node shuts down, from the lowest priority to the
 * highest; none: the kubelet takes no part in it.
 */
export const shutdownPeriods = (
  total: number,
  critical: number,
  byPriority: readonly ShutdownPeriod[],
): readonly ShutdownPeriod[] => {
  if (byPriority.length > 0) return [...byPriority].sort((a, b) => a.priority - b.priority)
  if (total === 0 || total < critical) return []
  return [
    { priority: 0, seconds: Math.floor(total - critical) },
    { priority: systemCriticalPriority, seconds: Math.floor(critical) },
  ]
}

/** `0=20, 100000=10s`: seconds by priority; undefined: it says something else. */
export const parseShutdownPeriods = (text: string): readonly ShutdownPeriod[] | undefined => {
  const periods: ShutdownPeriod[] = []
  for (const part of text.split(',')) {
    const [, priority, seconds] = /^\s*(-?\d+)\s*=\s*(\d+)s?\s*$/.exec(part) ?? []
    if (priority === undefined || seconds === undefined) return undefined
    periods.push({ priority: Number(priority), seconds: Number(seconds) })
  }
  return periods
}
