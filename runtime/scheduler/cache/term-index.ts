import type { AffinityTerm, PodInfo } from '../pod-info.ts'
import { count, createSlotCounter, type SlotCounter } from './slot-counter.ts'

export type TermKind = 'requiredAffinity' | 'requiredAntiAffinity' | 'preferredAffinity' | 'preferredAntiAffinity'

/** One affinity term that pods on nodes have, and how many of them by node. */
export interface PlacedTerm {
  readonly term: AffinityTerm
  readonly counter: SlotCounter
}

/** The affinity terms of all placed pods, each distinct one once. */
export interface TermIndex {
  terms(kind: TermKind): ReadonlyMap<string, PlacedTerm>
  change(slot: number, pod: PodInfo, delta: number): void
  forgetSums(): void
}

const kinds: readonly TermKind[] = [
  'requiredAffinity',
  'requiredAntiAffinity',
  'preferredAffinity',
  'preferredAntiAffinity',
]

export const createTermIndex = (capacity: () => number): TermIndex => {
  const placed: Record<TermKind, Map<string, PlacedTerm>> = {
    requiredAffinity: new Map(),
    requiredAntiAffinity: new Map(),
    preferredAffinity: new Map(),
    preferredAntiAffinity: new Map(),
  }
  return {
    terms: (kind) => placed[kind],
    change(slot, pod, delta) {
      if (!pod.facts.hasAffinity) return
      for (const kind of kinds) {
        for (const term of pod.facts[kind]) {
          const text = `${term.weight} ${term.text}`
          let entry = placed[kind].get(text)
          if (entry === undefined) {
            entry = { term, counter: createSlotCounter(capacity()) }
            placed[kind].set(text, entry)
          }
          count(entry.counter, slot, delta)
          if (entry.counter.total === 0) placed[kind].delete(text)
        }
      }
    },
    forgetSums() {
      for (const kind of kinds) for (const entry of placed[kind].values()) entry.counter.sums.length = 0
    },
  }
}
