import type { Variation } from '../../dsl/plan/property.ts'
import { millisecond, second } from '../kernel/micros.ts'
import type { Random } from '../kernel/random.ts'
import { canonicalSchedule, type Disturbance, type Schedule } from '../runner/schedule.ts'
import type { Reference, Write } from './reference-run.ts'
import type { Strategy } from './strategy.ts'

/** Longer than any garbage collection, shorter than any lease: an actor that is held up is still alive. */
const longest = 4 * second

const octavesBelow = (limit: number): number => {
  let octaves = 0
  for (let top = millisecond; top < limit; top *= 2) octaves += 1
  return octaves
}

/** 1 ms … `limit`, each order of magnitude as likely as the next. */
const logUniform = (limit: number, random: Random): number => {
  const octave = random.below(octavesBelow(limit) + 1)
  let top: number = millisecond
  for (let turn = 0; turn < octave; turn += 1) top *= 2
  return Math.min(limit, top)
}

const oneOf = <A>(items: readonly A[], random: Random): A => items[random.below(items.length)]!

/** Each actor's events come later by a time of its own: some runs make one of them far slower than the rest. */
const weights = (reference: Reference, random: Random): Disturbance[] =>
  reference.actors
    .filter(() => random.below(2) === 1)
    .map((actor) => ({ kind: 'slow', actor, by: logUniform(second, random) }))

/** Every other hold begins where its actor would do something; the others at any time. */
const hold = (reference: Reference, random: Random): Disturbance => {
  const { moments, duration } = reference
  const length = logUniform(longest, random)
  if (random.below(2) === 0) return { kind: 'hold', ...oneOf(moments, random), for: length }
  const at = millisecond * random.below(Math.floor(Math.max(duration, second) / millisecond))
  return { kind: 'hold', actor: oneOf(reference.actors, random), at, for: length }
}

const holds = (reference: Reference, random: Random): Disturbance[] => {
  const count = 1 + random.below(6)
  return Array.from({ length: count }, () => hold(reference, random))
}

/** Priorities as ranks of slowness, and up to two points at which another actor comes last. */
const pct = (reference: Reference, random: Random): Disturbance[] => {
  const left = [...reference.actors]
  const ranked: Disturbance[] = []
  for (let rank = 0; left.length > 0; rank += 1) {
    const [actor] = left.splice(random.below(left.length), 1)
    if (rank > 0) ranked.push({ kind: 'slow', actor: actor!, by: rank * 20 * millisecond })
  }
  const changes = Array.from({ length: random.below(3) }, () => ({ ...hold(reference, random), for: longest }))
  return [...ranked, ...changes]
}

/** Faults right behind a write: it is refused, its process dies, or hears too late. */
const faults = (reference: Reference, random: Random): Disturbance[] =>
  reference.writes.length === 0 || random.below(2) === 0
    ? []
    : Array.from({ length: 1 + random.below(2) }, () => {
        const { process, write, at } = oneOf(reference.writes, random)
        const kind = random.below(6)
        if (kind < 2) return { kind: 'refuse', process, write }
        return kind < 4
          ? { kind: 'crash', process, write, for: logUniform(16 * second, random) }
          : { kind: 'stale-cache', process, at, for: logUniform(16 * second, random) }
      })

/** Random weights and holds most of the time, priorities and walks now and then (design/exploration.md 1.2). */
const portfolio = (random: Random): Strategy => {
  const part = random.below(10)
  return part < 4 ? 'weights' : part < 8 ? 'holds' : part < 9 ? 'pct' : 'walk'
}

const disturbing: Partial<Record<Strategy, (reference: Reference, random: Random) => Disturbance[]>> = {
  weights,
  holds,
  pct,
}

/** Draws one schedule: of the portfolio, or as `chosen` does. What is not to vary does not. */
export const drawSchedule = (
  varying: readonly Variation[],
  { reference, chosen }: { readonly reference: Reference; readonly chosen: Strategy | undefined },
  random: Random,
): { readonly schedule: Schedule; readonly strategy: Strategy } => {
  const interleaving = varying.includes('interleaving') && reference.actors.length > 0
  const jitter = varying.includes('latency') && random.below(2) === 1
  const struck = varying.includes('faults') ? faults(reference, random) : []
  const drawn = portfolio(random)
  const strategy = interleaving ? (chosen ?? drawn) : 'canonical'
  const own = disturbing[strategy]?.(reference, random) ?? []
  return {
    strategy,
    schedule: { ...canonicalSchedule, drawn: strategy === 'walk', jitter, disturbances: [...own, ...struck] },
  }
}

/** A process that died, or hears nothing, is itself again after so long, where the sweep over all writes chooses it. */
const faultsAt: readonly ((write: Write) => Disturbance)[] = [
  ({ process, write }) => ({ kind: 'crash', process, write, for: second }),
  ({ process, write }) => ({ kind: 'refuse', process, write }),
  ({ process, at }) => ({ kind: 'stale-cache', process, at, for: 3 * second }),
]

/**
 * Every single fault of the sweep: each write of the reference run is refused, or its process dies behind it or goes stale.
 * Events that are lost for good are no part of it: a controller may wait five minutes for a pod that came and went unseen. A sweep
 * that ends early has seen something of everything: first writes of their sort come first, each with another fault than the one
 * before it.
 */
export const sweptFaults = ({ writes }: Reference): readonly Disturbance[] => {
  const seen = new Map<string, number>()
  const rounds: Write[][] = []
  for (const one of writes) {
    const sort = `${one.process} ${one.what}`
    const round = seen.get(sort) ?? 0
    seen.set(sort, round + 1)
    ;(rounds[round] ??= []).push(one)
  }
  return rounds.flatMap((round) =>
    faultsAt.flatMap((_, turn) => round.map((one, place) => faultsAt[(place + turn) % faultsAt.length]!(one))),
  )
}
