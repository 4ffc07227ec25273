import { InvariantError } from './invariant-error.ts'
import { createRandom, type Random } from './random.ts'

/** One recorded draw. Its label says who drew and why: `scheduler/tie`, `names/suffix`, `latency/etcd`. */
export interface Choice {
  readonly label: string
  readonly n: number
  readonly value: number
}

/** Where a run's chance comes from: a stream for each label, from the seed, or a recorded list. */
export interface Choices {
  choose(label: string, n: number): number
  /** Every draw so far among two or more, in order. Replaying it gives the same run. */
  readonly recorded: readonly Choice[]
}

/**
 * `replay` answers the first draws; where it runs out, or where the run asks for something else (an edited list, a shrunk
 * one), the seed answers. A recorded value outside 0 … n−1 is brought inside.
 */
export const createChoices = (seed: string, replay: readonly Choice[] = []): Choices => {
  const streams = new Map<string, Random>()
  const recorded: Choice[] = []
  const draw = (label: string, n: number): number => {
    const planned = replay[recorded.length]
    if (planned !== undefined && planned.label === label) return planned.value % n
    let stream = streams.get(label)
    if (stream === undefined) {
      stream = createRandom(`${seed}\u0000${label}`)
      streams.set(label, stream)
    }
    return stream.below(n)
  }
  return {
    choose(label, n) {
      if (!Number.isInteger(n) || n < 1)
        throw new InvariantError('kernel', 'choose needs at least one alternative', { label, n })
      if (n === 1) return 0
      const value = draw(label, n)
      recorded.push({ label, n, value })
      return value
    },
    recorded,
  }
}
