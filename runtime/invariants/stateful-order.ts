import { isPodReady } from '../../api/pods/container-status.ts'
import type { StatefulSet } from '../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** statefulset "deployment and scaling guarantees", of OrderedReady. A controller with an old cache may break it. */
export const statefulOrder: Invariant = {
  name: 'stateful-order',
  rows: ['STS-02', 'STS-03'],
  says: 'pods of a StatefulSet are made in order, each once those before it are ready, and taken away in the opposite order',
  reads: ['pods'],
  upheld: false,
  track(ledger) {
    const { state } = ledger
    return {
      change({ subject, object, before, revision }) {
        const pod = (object ?? before) as Pod
        const owner = pod.metadata.ownerReferences?.find((one) => one.controller === true)
        if (owner?.kind !== 'StatefulSet' || revision === 0) return
        const { namespace } = pod.metadata
        const set = state.get('statefulsets.apps', namespace, owner.name) as StatefulSet | undefined
        if (set === undefined || set.spec?.podManagementPolicy === 'Parallel') return
        const ordinal = Number(/-(\d+)$/.exec(pod.metadata.name)?.[1])
        const first = set.spec?.ordinals?.start ?? 0
        const at = (index: number): Pod | undefined =>
          state.get('pods', namespace, `${owner.name}-${index}`) as Pod | undefined
        if (before === undefined) {
          for (let index = first; index < ordinal; index += 1) {
            const other = at(index)
            if (other === undefined || !isPodReady(other))
              ledger.broken(
                subject,
                `it was made while ${owner.name}-${index} was ${other === undefined ? 'not there' : 'not ready'}`,
              )
          }
          return
        }
        const leaving =
          object?.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined
        const end = first + (set.spec?.replicas ?? 1)
        // Only a scale-down goes by the order; anybody may delete a pod that is to come back.
        if (leaving && ordinal >= end && at(ordinal + 1) !== undefined)
          ledger.broken(subject, `it was deleted while ${owner.name}-${ordinal + 1} was still there`)
      },
    }
  },
}
