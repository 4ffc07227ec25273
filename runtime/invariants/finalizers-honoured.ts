import type { Invariant } from './invariant.ts'

const none: readonly string[] = []

/** Of a Namespace the finalizers that count are in its spec as well. */
export const finalizersHonoured: Invariant = {
  name: 'finalizers-honoured',
  rows: ['API-10'],
  says: 'an object goes only when its finalizers are gone, and one that is being deleted gets no new ones',
  reads: ['*'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      if (before === undefined) return
      const was = before.metadata.finalizers ?? none
      if (object === undefined) {
        // The last write of a deletion takes the finalizer away and the object with it: that one is not there any more.
        if (was.length > 1) ledger.broken(subject, `it was removed with the finalizers ${was.join(', ')}`)
        return
      }
      if (before.metadata.deletionTimestamp === undefined || object.metadata.uid !== before.metadata.uid) return
      const added = (object.metadata.finalizers ?? none).filter((one) => !was.includes(one))
      if (added.length > 0) ledger.broken(subject, `it is being deleted, and got the finalizer ${added.join(', ')}`)
    },
  }),
}
