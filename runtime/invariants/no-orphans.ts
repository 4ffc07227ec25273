import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

const ownersOf = (object: KubeObject | undefined): readonly string[] =>
  (object?.metadata.ownerReferences ?? []).map((owner) => owner.uid)

/** To be asked for once the garbage collector has had its time: `expect no-orphans`. */
export const noOrphans: Invariant = {
  name: 'no-orphans',
  rows: ['GC-02'],
  says: 'no object remains whose owners are all gone',
  reads: ['*'],
  upheld: false,
  track(ledger) {
    const living = new Set<string>()
    /** owner UID → its dependents, and what each names as owners */
    const dependents = new Map<string, Set<string>>()
    const owners = new Map<string, readonly string[]>()
    const judge = (subject: string): void => {
      const uids = owners.get(subject)
      if (uids === undefined || uids.some((uid) => living.has(uid))) ledger.mended(subject)
      else ledger.broken(subject, `none of its ${uids.length} owners is there`)
    }
    return {
      change({ subject, object, before, revision }) {
        const uid = object?.metadata.uid ?? ''
        const was = before?.metadata.uid ?? ''
        for (const owner of owners.get(subject) ?? []) dependents.get(owner)?.delete(subject)
        const named = ownersOf(object)
        if (named.length === 0) owners.delete(subject)
        else {
          owners.set(subject, named)
          for (const owner of named) {
            const known = dependents.get(owner)
            if (known === undefined) dependents.set(owner, new Set([subject]))
            else known.add(subject)
          }
        }
        if (uid !== was) {
          living.delete(was)
          if (uid !== '') living.add(uid)
          for (const gone of [was, uid]) for (const one of dependents.get(gone) ?? []) judge(one)
        }
        // While it begins, an owner may only be told of later.
        if (named.length > 0 || revision > 0) judge(subject)
      },
    }
  },
}
