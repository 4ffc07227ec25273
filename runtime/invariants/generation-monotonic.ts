import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

export const observedGeneration = (object: KubeObject): number | undefined =>
  (object as { readonly status?: { readonly observedGeneration?: number } }).status?.observedGeneration

export const generationMonotonic: Invariant = {
  name: 'generation-monotonic',
  rows: ['API-06', 'API-07'],
  says: 'the generation of an object never decreases, and nobody has observed one that was not there',
  reads: ['*'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      if (object === undefined) return
      const { generation } = object.metadata
      if (generation === undefined) return
      const was = before?.metadata.uid === object.metadata.uid ? before.metadata.generation : undefined
      if (was !== undefined && generation < was)
        ledger.broken(subject, `its generation fell from ${was} to ${generation}`)
      const observed = observedGeneration(object)
      if (typeof observed === 'number' && observed > generation)
        ledger.broken(subject, `generation ${observed} has been observed, and it is at ${generation}`)
    },
  }),
}
