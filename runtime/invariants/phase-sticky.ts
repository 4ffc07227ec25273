import { isPodTerminal } from '../../api/pods/container-status.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

export const phaseSticky: Invariant = {
  name: 'phase-sticky',
  rows: ['KL-01'],
  says: 'a pod that has Succeeded or Failed stays so',
  reads: ['pods'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      if (object === undefined || before === undefined || object.metadata.uid !== before.metadata.uid) return
      const was = (before as Pod).status?.phase
      const is = (object as Pod).status?.phase
      if (isPodTerminal(before as Pod) && is !== was) ledger.broken(subject, `its phase went from ${was} to ${is}`)
    },
  }),
}
