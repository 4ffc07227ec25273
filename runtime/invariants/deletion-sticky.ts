import type { KubeObject } from '../../api/object.ts'
import type { Invariant } from './invariant.ts'

const shortened = (before: KubeObject, object: KubeObject): boolean =>
  (object.metadata.deletionGracePeriodSeconds ?? 0) < (before.metadata.deletionGracePeriodSeconds ?? 0)

/**
 * api-conventions: deletionTimestamp, once set, "may not be unset or be set further into the future". rest.BeforeDelete does move it
 * up to the present where a shorter grace is asked for after the old one has run out.
 */
export const deletionSticky: Invariant = {
  name: 'deletion-sticky',
  rows: ['API-09'],
  says: 'an object that is being deleted stays so, and its deletion never moves later but to the present',
  reads: ['*'],
  upheld: true,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const was = before?.metadata.deletionTimestamp
      if (was === undefined || object === undefined || object.metadata.uid !== before?.metadata.uid) return
      const is = object.metadata.deletionTimestamp
      if (is === undefined) ledger.broken(subject, 'its deletionTimestamp was taken away')
      else if (is > was && !shortened(before, object)) ledger.broken(subject, `its deletion moved from ${was} to ${is}`)
    },
  }),
}
