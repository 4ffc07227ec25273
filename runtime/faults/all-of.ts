import type { Injection } from './fault.ts'

/** Several faults at once: healed together, in the order in which they came. */
export const allOf = (heals: readonly (() => void)[]): Injection => ({
  heal() {
    for (const heal of heals) heal()
  },
})
