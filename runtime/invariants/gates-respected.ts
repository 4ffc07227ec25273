import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

export const gatesRespected: Invariant = {
  name: 'gates-respected',
  rows: ['SCH-12'],
  says: 'a pod with scheduling gates is not bound, and gates are only ever taken away',
  reads: ['pods'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const gates = (object as Pod | undefined)?.spec.schedulingGates ?? []
      if (object === undefined || gates.length === 0) return
      const node = (object as Pod).spec.nodeName ?? ''
      if (node !== '') ledger.broken(subject, `it waits for ${gates[0]!.name}, and is bound to ${node}`)
      if (before === undefined || before.metadata.uid !== object.metadata.uid) return
      const was = ((before as Pod).spec.schedulingGates ?? []).map((one) => one.name)
      const added = gates.find((one) => !was.includes(one.name))
      if (added !== undefined) ledger.broken(subject, `it got the gate ${added.name} after its creation`)
    },
  }),
}
