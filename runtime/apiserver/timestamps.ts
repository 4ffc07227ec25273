import type { Kernel } from '../kernel/kernel.ts'

/** metav1.Time: RFC 3339 in whole seconds, UTC. */
export const rfc3339Seconds = (unixSeconds: number): string =>
  `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`

export const unixSeconds = (text: string): number => Math.floor(Date.parse(text) / 1000)

export interface Clock {
  /** Wall clock in whole seconds. */
  seconds(): number
  /** …as metav1.Time prints it. Formatted once a second. */
  timestamp(): string
}

export const createClock = (kernel: Kernel): Clock => {
  let formatted = ''
  let at = Number.NaN
  const seconds = (): number => Math.floor((kernel.epoch + kernel.now) / 1_000_000)
  return {
    seconds,
    timestamp() {
      const now = seconds()
      if (now !== at) {
        at = now
        formatted = rfc3339Seconds(now)
      }
      return formatted
    },
  }
}
