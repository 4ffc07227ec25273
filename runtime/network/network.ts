import { createListeners } from '../kernel/listeners.ts'
import type { Micros } from '../kernel/micros.ts'

/**
 * Who can reach whom, and how slowly. An end is known by several names (`kubelet/workers-0`, `node/workers-0`, `zone/a`); a
 * cut or a delay between two names holds for every pair of ends that bear them, in both directions.
 */
export interface Network {
  reachable(from: Ends, to: Ends): boolean
  /** Added to each direction's way. */
  delay(from: Ends, to: Ends): Micros
  /** Names may be globs (`apiserver/*`). Returns how to heal it. */
  cut(from: string, to: string): () => void
  slow(from: string, to: string, by: Micros): () => void
  /** Tells of every cut, delay and heal. Returns how to stop listening. */
  subscribe(listener: () => void): () => void
}

export type Ends = readonly string[]

interface Rule {
  readonly from: RegExp
  readonly to: RegExp
  /** undefined: cut */
  readonly by: Micros | undefined
}

const globOf = (name: string): RegExp =>
  new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

const bears = (ends: Ends, pattern: RegExp): boolean => ends.some((name) => pattern.test(name))

const concerns = (rule: Rule, a: Ends, b: Ends): boolean =>
  (bears(a, rule.from) && bears(b, rule.to)) || (bears(a, rule.to) && bears(b, rule.from))

export const createNetwork = (): Network => {
  const rules = new Set<Rule>()
  const { add: subscribe, tell } = createListeners()
  const add = (rule: Rule): (() => void) => {
    rules.add(rule)
    tell()
    return () => {
      if (rules.delete(rule)) tell()
    }
  }
  return {
    reachable(from, to) {
      for (const rule of rules) if (rule.by === undefined && concerns(rule, from, to)) return false
      return true
    },
    delay(from, to) {
      let sum = 0
      for (const rule of rules) if (rule.by !== undefined && concerns(rule, from, to)) sum += rule.by
      return sum
    },
    cut: (from, to) => add({ from: globOf(from), to: globOf(to), by: undefined }),
    slow: (from, to, by) => add({ from: globOf(from), to: globOf(to), by }),
    subscribe,
  }
}
