import { toleratesAny } from '../../api/pods/toleration.ts'
import { bindingOf } from './binding-of.ts'
import type { Invariant } from './invariant.ts'

/** A scheduler with an old cache may break it, as upstream's may: so it is upheld only where a scenario says so. */
export const taintsRespected: Invariant = {
  name: 'taints-respected',
  rows: ['SCH-03', 'SCH-04'],
  says: 'no pod is bound to a node with a NoSchedule or NoExecute taint that it does not tolerate',
  reads: ['pods'],
  upheld: false,
  track: (ledger) => ({
    change(change) {
      const bound = bindingOf(change, ledger)
      if (bound === undefined) return
      const { pod, node } = bound
      const taint = (node.spec?.taints ?? []).find(
        (one) => one.effect !== 'PreferNoSchedule' && !toleratesAny(pod.spec.tolerations, one),
      )
      if (taint !== undefined)
        ledger.broken(
          change.subject,
          `it was bound to ${node.metadata.name}, whose taint ${taint.key}:${taint.effect} it does not tolerate`,
        )
    },
  }),
}
