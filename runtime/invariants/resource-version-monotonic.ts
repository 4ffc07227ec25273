import type { Invariant } from './invariant.ts'

export const resourceVersionMonotonic: Invariant = {
  name: 'resource-version-monotonic',
  rows: ['API-01'],
  says: 'every commit has a larger revision than those before it, and what it writes bears it',
  reads: ['*'],
  upheld: true,
  track(ledger) {
    let last = ledger.state.revision
    return {
      change({ subject, object, revision }) {
        if (revision === 0) return
        // Several keys of one transaction share its revision.
        if (revision < last) ledger.broken(subject, `revision ${revision} came after ${last}`)
        last = Math.max(last, revision)
        const version = object?.metadata.resourceVersion
        if (version !== undefined && version !== String(revision))
          ledger.broken(subject, `revision ${revision} wrote the resourceVersion ${version}`)
      },
    }
  },
}
