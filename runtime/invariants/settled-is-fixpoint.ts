import type { Invariant } from './invariant.ts'

export const settledIsFixpoint: Invariant = {
  name: 'settled-is-fixpoint',
  rows: ['COST-01'],
  says: 'nothing of the cluster is under way: no controller has anything left to do',
  reads: ['*'],
  upheld: false,
  track: (ledger) => ({
    look() {
      if (ledger.settled()) ledger.mended('cluster')
      else ledger.broken('cluster', 'some component still has work to do')
    },
  }),
}
