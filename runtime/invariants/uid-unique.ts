import type { Invariant } from './invariant.ts'

export const uidUnique: Invariant = {
  name: 'uid-unique',
  rows: ['API-04', 'API-05'],
  says: 'no two objects, living or gone, have the same UID, and an object keeps its own',
  reads: ['*'],
  upheld: true,
  track(ledger) {
    const seen = new Map<string, string>()
    return {
      change({ subject, object, before }) {
        if (object === undefined) return
        const { uid } = object.metadata
        if (before !== undefined) {
          if (uid !== before.metadata.uid)
            ledger.broken(subject, `its UID changed from ${before.metadata.uid} to ${uid}`)
          return
        }
        const other = seen.get(uid)
        if (other !== undefined && uid !== '') ledger.broken(subject, `its UID ${uid} was that of ${other}`)
        seen.set(uid, subject)
      },
    }
  },
}
