import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

/** So many children beyond three times those that there are, in one stretch without a step or a fault, are a loop. */
const free = 15
/** What a back-off slows down to fewer in this time is none. */
const second = 1_000_000
const longest = 600 * second

interface Count {
  stretch: number
  began: number
  made: number
  present: number
  most: number
}

const phaseOf = (object: KubeObject | undefined): string | undefined =>
  (object as { readonly status?: { readonly phase?: string } } | undefined)?.status?.phase
const hasEnded = (phase: string | undefined): boolean => phase === 'Failed' || phase === 'Succeeded'

/**
 * An owner whose children are made and lost over and over, though nobody asks for it (Kivi's pinned pod on a tainted node). A pod
 * that has succeeded was wanted, and a CronJob's clock asks for its Jobs.
 */
export const noHotLoop: Invariant = {
  name: 'no-hot-loop',
  rows: ['COST-01', 'COST-02'],
  says: 'left alone, no controller makes the children of an owner over and over again',
  reads: ['pods', 'replicasets.apps', 'jobs.batch', 'quiet'],
  upheld: false,
  track(ledger) {
    let stretch = 0
    const owners = new Map<string, Count>()
    const countOf = (uid: string): Count => {
      const { now } = ledger.state
      let count = owners.get(uid)
      if (count === undefined) {
        count = { stretch, began: now, made: 0, present: 0, most: 0 }
        owners.set(uid, count)
      } else if (count.stretch !== stretch || now - count.began > longest) {
        count.stretch = stretch
        count.began = now
        count.made = 0
        count.most = count.present
      }
      return count
    }
    return {
      stirred() {
        stretch += 1
      },
      change({ object, before, revision }) {
        const was = phaseOf(before)
        const phase = phaseOf(object)
        if (object !== undefined && before !== undefined && was === phase) return
        const child = (object ?? before)!
        const owner = child.metadata.ownerReferences?.find((one) => one.controller === true)
        if (owner === undefined || owner.kind === 'CronJob') return
        const count = countOf(owner.uid)
        const there = object !== undefined && !hasEnded(phase)
        const wasThere = before !== undefined && !hasEnded(was)
        if (there !== wasThere) count.present += there ? 1 : -1
        count.most = Math.max(count.most, count.present)
        if (phase === 'Succeeded' && was !== phase && before !== undefined) count.made -= 1
        if (before !== undefined || revision === 0) return
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
