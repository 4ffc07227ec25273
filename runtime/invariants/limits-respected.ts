import { resourceUnits } from '../../api/quantity/quantity-values.ts'
import type { LimitRange, Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** A LimitRange made an instant before may not have reached every API server yet. */
export const limitsRespected: Invariant = {
  name: 'limits-respected',
  rows: ['API-18'],
  says: 'the containers of a new pod keep within the limits that its namespace sets for containers',
  reads: ['pods'],
  upheld: false,
  track: (ledger) => ({
    change({ subject, object, before, revision }) {
      if (object === undefined || before !== undefined || revision === 0) return
      const pod = object as Pod
      const ranges = ledger.state.list(
        'limitranges',
        pod.metadata.namespace,
      ) as readonly unknown[] as readonly LimitRange[]
      for (const { type, max, min } of ranges.flatMap((range) => range.spec?.limits ?? [])) {
        if (type !== 'Container') continue
        for (const container of pod.spec.containers) {
          for (const [resource, most] of Object.entries(max ?? {})) {
            const limit = container.resources?.limits?.[resource]
            if (limit === undefined || resourceUnits(resource, limit) > resourceUnits(resource, most))
              ledger.broken(
                subject,
                `${container.name} may use ${limit ?? 'any amount'} of ${resource}; at most ${most} is allowed`,
              )
          }
          for (const [resource, least] of Object.entries(min ?? {})) {
            const request = container.resources?.requests?.[resource]
            if (request === undefined || resourceUnits(resource, request) < resourceUnits(resource, least))
              ledger.broken(
                subject,
                `${container.name} requests ${request ?? 'nothing'} of ${resource}; at least ${least} is asked for`,
              )
          }
        }
      }
    },
  }),
}
