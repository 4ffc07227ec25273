import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations. */
export const daemonTolerations: Invariant = {
  name: 'daemon-tolerations',
  rows: ['DS-02', 'NL-07'],
  says: 'the pods of a DaemonSet stay on nodes that are not ready or out of reach',
  reads: ['pods'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const pod = object as Pod | undefined
      if (pod === undefined || before !== undefined) return
      const owner = pod.metadata.ownerReferences?.find((one) => one.controller === true)
      if (owner?.kind !== 'DaemonSet' || !owner.apiVersion.startsWith('apps/')) return
      for (const key of keys) {
        const tolerated = pod.spec.tolerations?.some(
          (one) =>
            (one.key === key || (one.key === undefined && one.operator === 'Exists')) &&
            (one.effect === undefined || one.effect === 'NoExecute') &&
            one.tolerationSeconds === undefined,
        )
        if (tolerated !== true) ledger.broken(subject, `it does not tolerate ${key}:NoExecute for good`)
      }
    },
  }),
}
