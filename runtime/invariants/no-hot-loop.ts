import type { Invariant } from './invariant.ts'

/** So many children beyond three times those that there are, in one stretch without a step or a fault: a loop. */
const free = 15

/** An owner whose children are made and lost over and over, though nobody asks for it (Kivi's pinned pod on a tainted node). */
export const noHotLoop: Invariant = {
  name: 'no-hot-loop',
  rows: ['COST-01', 'COST-02'],
  says: 'left alone, no controller makes the children of an owner over and over again',
  reads: ['pods', 'replicasets.apps', 'jobs.batch', 'quiet'],
  upheld: false,
  track(ledger) {
    let stretch = 0
    const owners = new Map<string, { stretch: number; made: number; present: number; most: number }>()
    return {
      stirred() {
        stretch += 1
      },
      change({ object, before, revision }) {
        if (object !== undefined && before !== undefined) return
        const child = (object ?? before)!
        const owner = child.metadata.ownerReferences?.find((one) => one.controller === true)
        if (owner === undefined) return
        let count = owners.get(owner.uid)
        if (count === undefined) {
          count = { stretch, made: 0, present: 0, most: 0 }
          owners.set(owner.uid, count)
        }
        if (count.stretch !== stretch) {
          count.stretch = stretch
          count.made = 0
          count.most = count.present
        }
        if (object === undefined) {
          count.present -= 1
          return
        }
        count.present += 1
        count.most = Math.max(count.most, count.present)
        if (revision === 0) return
        count.made += 1
        if (count.made > free + 3 * count.most)
          ledger.broken(
            `${owner.kind} ${child.metadata.namespace ?? ''}/${owner.name}`,
            `${count.made} children were made since anything was asked of the cluster; there were never more than ${count.most} at once`,
          )
      },
    }
  },
}
