import type { Invariant } from './invariant.ts'

const turns = 4

interface Memory {
  stretch: number
  last: string
  beforeLast: string
  back: number
  /** Who wrote it, the last two times. */
  writers: readonly (string | undefined)[]
}

/** `: a and b write it in turn`, as far as they are known. */
const writersText = (writers: readonly (string | undefined)[]): string => {
  const known = [...new Set(writers)].filter((one) => one !== undefined).sort()
  if (known.length === 0) return ''
  return known.length === 1 ? `: ${known[0]!} writes it` : `: ${known.join(' and ')} write it in turn`
}

/** Two writers that undo each other: the spec returns to what it was before the last change, again and again. */
export const noFight: Invariant = {
  name: 'no-fight',
  rows: ['HPA-06'],
  says: 'left alone, no field of a spec is toggled to and fro',
  reads: ['*', 'quiet'],
  upheld: false,
  track(ledger) {
    let stretch = 0
    const memories = new Map<string, Memory>()
    return {
      stirred() {
        stretch += 1
      },
      change({ subject, object, before, entry }) {
        if (object === undefined) {
          memories.delete(subject)
          return
        }
        // Only a spec that changed is looked at: its generation says so.
        if (before === undefined || object.metadata.generation === before.metadata.generation) return
        const spec = (one: unknown): string => JSON.stringify((one as { readonly spec?: unknown }).spec ?? null)
        const now = spec(object)
        let memory = memories.get(subject)
        if (memory === undefined || memory.stretch !== stretch) {
          memory = { stretch, last: spec(before), beforeLast: '', back: 0, writers: [] }
          memories.set(subject, memory)
        }
        // What has no spec (an EndpointSlice) has a generation all the same.
        if (now === memory.last) return
        memory.back = now === memory.beforeLast ? memory.back + 1 : 0
        memory.beforeLast = memory.last
        memory.last = now
        memory.writers = [memory.writers.at(-1), ledger.writer(entry)]
        if (memory.back >= turns)
          ledger.broken(
            subject,
            `its spec went to and fro ${memory.back} times since anything was asked of the cluster${writersText(memory.writers)}`,
          )
      },
    }
  },
}
