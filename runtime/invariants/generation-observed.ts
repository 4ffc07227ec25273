import { observedGeneration } from './generation-monotonic.ts'
import type { Invariant } from './invariant.ts'

/** To be asked for once all is quiet; `generation-monotonic` is what holds all the time. */
export const generationObserved: Invariant = {
  name: 'generation-observed',
  rows: ['API-07'],
  says: 'every object whose status tells a generation has been seen as it is now by its controller',
  reads: ['*'],
  upheld: false,
  track: (ledger) => ({
    change({ subject, object }) {
      const observed = object === undefined ? undefined : observedGeneration(object)
      const generation = object?.metadata.generation
      if (typeof observed !== 'number' || generation === undefined || observed === generation) ledger.mended(subject)
      else ledger.broken(subject, `it is at generation ${generation}, and its status at ${observed}`)
    },
  }),
}
