import { isPodActive } from '../../api/pods/container-status.ts'
import { scaledOrZero } from '../../api/int-or-string/int-or-string.ts'
import type { DaemonSet } from '../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

export const daemonOnePerNode: Invariant = {
  name: 'daemon-one-per-node',
  rows: ['DS-01'],
  says: 'a node has at most one pod of a DaemonSet, or one more while it surges',
  reads: ['pods'],
  upheld: false,
  track(ledger) {
    const places = new Map<string, string>()
    const counts = new Map<string, number>()
    return {
      change({ subject, object, before }) {
        const pod = object as Pod | undefined
        const owner = (object ?? before)!.metadata.ownerReferences?.find((one) => one.controller === true)
        const node = pod?.spec.nodeName ?? ''
        const place =
          pod !== undefined && owner?.kind === 'DaemonSet' && node !== '' && isPodActive(pod)
            ? `${pod.metadata.namespace}/${owner.name} on ${node}`
            : undefined
        const was = places.get(subject)
        if (was === place) return
        if (was !== undefined) {
          counts.set(was, counts.get(was)! - 1)
          places.delete(subject)
          if (counts.get(was)! <= 1) ledger.mended(was)
        }
        if (place === undefined) return
        places.set(subject, place)
        const count = (counts.get(place) ?? 0) + 1
        counts.set(place, count)
        const set = ledger.state.get('daemonsets.apps', pod?.metadata.namespace, owner!.name) as DaemonSet | undefined
        const surge = scaledOrZero(set?.spec?.updateStrategy?.rollingUpdate?.maxSurge, 1, true)
        if (count > 1 + Math.min(1, surge)) ledger.broken(place, `${count} of its pods are on that node`)
      },
    }
  },
}
