import { podPriority } from '../../api/pods/critical-pod.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Invariant } from './invariant.ts'

/** A verdict names its victims as `namespace/name`. */
export const priorityRespected: Invariant = {
  name: 'priority-respected',
  rows: ['SCH-14', 'SCH-16'],
  says: 'a pod preempts only pods of lower priority, and none if its policy is Never',
  reads: ['verdict'],
  upheld: true,
  track: (ledger) => ({
    verdict(subject, { victims }) {
      if (victims.length === 0) return
      const find = (key: string): Pod | undefined => {
        const [namespace, name = ''] = key.replace(/^pods\//, '').split('/')
        return ledger.state.get('pods', namespace, name) as Pod | undefined
      }
      const pod = find(subject)
      if (pod === undefined) return
      if (pod.spec.preemptionPolicy === 'Never')
        ledger.broken(subject, `its policy is Never, and it preempts ${victims[0]}`)
      for (const key of victims) {
        const victim = find(key)
        if (victim !== undefined && podPriority(victim) >= podPriority(pod))
          ledger.broken(
            subject,
            `with priority ${podPriority(pod)} it preempts ${key}, whose priority is ${podPriority(victim)}`,
          )
      }
    },
  }),
}
