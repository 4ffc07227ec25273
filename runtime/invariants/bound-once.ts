import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** registry/core/pod/storage: assignPod refuses a pod that is "already assigned to node". */
export const boundOnce: Invariant = {
  name: 'bound-once',
  rows: ['SCH-10', 'API-17'],
  says: 'a pod is bound to a node at most once, and never moves',
  reads: ['pods'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      if (object === undefined || before === undefined || object.metadata.uid !== before.metadata.uid) return
      const from = (before as Pod).spec.nodeName ?? ''
      const to = (object as Pod).spec.nodeName ?? ''
      if (from !== '' && from !== to)
        ledger.broken(subject, `it was bound to ${from}, and now to ${to === '' ? 'no node' : to}`)
    },
  }),
}
