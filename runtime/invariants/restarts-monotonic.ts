import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

export const restartsMonotonic: Invariant = {
  name: 'restarts-monotonic',
  rows: ['KL-14'],
  says: 'the restart count of a container never decreases',
  reads: ['pods'],
  upheld: false,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const now = (object as Pod | undefined)?.status?.containerStatuses
      const was = (before as Pod | undefined)?.status?.containerStatuses
      if (now === undefined || was === undefined || now === was || object!.metadata.uid !== before!.metadata.uid) return
      for (const { name, restartCount } of now) {
        const old = was.find((one) => one.name === name)?.restartCount ?? 0
        if (restartCount < old) ledger.broken(subject, `restarts of ${name} fell from ${old} to ${restartCount}`)
      }
    },
  }),
}
