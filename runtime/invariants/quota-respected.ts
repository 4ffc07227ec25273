import { resourceUnits } from '../../api/quantity/quantity-values.ts'
import type { ResourceQuota } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** What was there before the quota, or before it was lowered, may exceed it: only a use that grows beyond is wrong. */
export const quotaRespected: Invariant = {
  name: 'quota-respected',
  rows: ['API-02'],
  says: 'the use that a quota counts does not grow beyond what it allows',
  reads: ['resourcequotas'],
  upheld: false,
  track: (ledger) => ({
    change({ subject, object, before }) {
      const now = (object as ResourceQuota | undefined)?.status
      const was = (before as ResourceQuota | undefined)?.status
      if (now?.used === undefined || was?.used === undefined || was === now) return
      for (const [resource, used] of Object.entries(now.used)) {
        const hard = now.hard?.[resource]
        const old = was.used[resource]
        if (hard === undefined || old === undefined || was.hard?.[resource] !== hard) continue
        const value = (text: string | number): number => resourceUnits(resource, text)
        if (value(used) > value(hard) && value(used) > value(old))
          ledger.broken(subject, `the use of ${resource} grew from ${old} to ${used}; ${hard} is allowed`)
      }
    },
  }),
}
