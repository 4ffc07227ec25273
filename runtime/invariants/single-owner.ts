import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

const controllers = (object: KubeObject): readonly string[] =>
  (object.metadata.ownerReferences ?? []).filter((owner) => owner.controller === true).map((owner) => owner.uid)

/** metav1.ValidateOwnerReferences; ControllerRefManager adopts only orphans. */
export const singleOwner: Invariant = {
  name: 'single-owner',
  rows: ['API-11', 'RS-03'],
  says: 'an object has at most one controller, and none takes it from another',
  reads: ['*'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const owners = object?.metadata.ownerReferences
      if (object === undefined || owners === undefined || owners === before?.metadata.ownerReferences) return
      const now = controllers(object)
      if (now.length > 1) ledger.broken(subject, `${now.length} owners claim to control it`)
      if (before === undefined || before.metadata.uid !== object.metadata.uid) return
      const [was] = controllers(before)
      if (was !== undefined && now[0] !== undefined && was !== now[0])
        ledger.broken(subject, `the controller with UID ${now[0]} took it from the one with UID ${was}`)
    },
  }),
}
