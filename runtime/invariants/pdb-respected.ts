import type { PodDisruptionBudget } from '../../api/types/policy-v1.generated.ts'
import type { Invariant } from './invariant.ts'

const names = (budget: PodDisruptionBudget): readonly string[] => Object.keys(budget.status?.disruptedPods ?? {})

/** registry/core/pod/storage/eviction.go: checkAndDecrement. What is lost otherwise lowers the budget and is not held back by it. */
export const pdbRespected: Invariant = {
  name: 'pdb-respected',
  rows: ['PDB-01', 'PDB-02'],
  says: 'an eviction is granted only while the budget allows a disruption',
  reads: ['poddisruptionbudgets.policy'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const now = object as PodDisruptionBudget | undefined
      const was = before as PodDisruptionBudget | undefined
      if (now === undefined) return
      if ((now.status?.disruptionsAllowed ?? 0) < 0) ledger.broken(subject, 'it allows fewer than no disruptions')
      if (was === undefined || was.status === now.status || was.metadata.uid !== now.metadata.uid) return
      const old = names(was)
      const evicted = names(now).find((one) => !old.includes(one))
      if (evicted !== undefined && (was.status?.disruptionsAllowed ?? 0) <= 0)
        ledger.broken(subject, `it allowed no disruption, and pod/${evicted} was evicted`)
    },
  }),
}
