import type { Deployment, ReplicaSet, StatefulSet } from '../../api/types/apps-v1.generated.ts'
import type { Invariant } from './invariant.ts'

type Workload = Deployment | ReplicaSet | StatefulSet

/** To be asked for once all is quiet. */
export const converges: Invariant = {
  name: 'converges',
  rows: ['RS-01', 'DEP-05'],
  says: 'every Deployment, ReplicaSet and StatefulSet has the replicas that its spec asks for, and all of them are ready',
  reads: ['deployments.apps', 'replicasets.apps', 'statefulsets.apps'],
  upheld: false,
  track: (ledger) => ({
    change({ subject, object }) {
      const workload = object as Workload | undefined
      const wanted = workload?.spec?.replicas ?? 1
      const { replicas = 0, readyReplicas = 0 } = workload?.status ?? {}
      const fine = workload === undefined || (replicas === wanted && readyReplicas === wanted)
      if (fine) ledger.mended(subject)
      else ledger.broken(subject, `it asks for ${wanted} replicas, has ${replicas}, and ${readyReplicas} are ready`)
    },
  }),
}
