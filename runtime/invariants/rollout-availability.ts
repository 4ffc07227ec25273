import { scaledOrZero } from '../../api/int-or-string/int-or-string.ts'
import type { Deployment, ReplicaSet } from '../../api/types/apps-v1.generated.ts'
import type { Invariant } from './invariant.ts'

interface Rollout {
  deployment: Deployment | undefined
  readonly sets: Map<string, ReplicaSet>
  /** It was complete since it was made or scaled: what comes now is a rollout. */
  steady: boolean
}

/** test/utils/deployment.go: the totals that a rolling update keeps. Nothing is said of one that was just made or scaled. */
export const rolloutAvailability: Invariant = {
  name: 'rollout-availability',
  rows: ['DEP-01', 'DEP-02'],
  says: 'a rolling update keeps within maxSurge and maxUnavailable',
  reads: ['deployments.apps', 'replicasets.apps'],
  upheld: false,
  track(ledger) {
    const rollouts = new Map<string, Rollout>()
    const of = (uid: string): Rollout => {
      let rollout = rollouts.get(uid)
      if (rollout === undefined) {
        rollout = { deployment: undefined, sets: new Map(), steady: false }
        rollouts.set(uid, rollout)
      }
      return rollout
    }
    const judge = ({ deployment, sets, steady }: Rollout): void => {
      if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return
      const subject = `deployments.apps/${deployment.metadata.namespace}/${deployment.metadata.name}`
      const { strategy, replicas = 1 } = deployment.spec ?? {}
      if (!steady || strategy?.type !== 'RollingUpdate') {
        ledger.mended(subject)
        return
      }
      let surge = scaledOrZero(strategy.rollingUpdate?.maxSurge, replicas, true)
      let unavailable = scaledOrZero(strategy.rollingUpdate?.maxUnavailable, replicas, false)
      if (surge === 0 && unavailable === 0) unavailable = 1
      surge = Math.max(0, surge)
      let total = 0
      let available = 0
      for (const set of sets.values()) {
        total += set.spec?.replicas ?? 0
        available += set.status?.availableReplicas ?? 0
      }
      if (total > replicas + surge)
        ledger.broken(
          subject,
          `its ReplicaSets ask for ${total} pods together; ${replicas} and ${surge} more are allowed`,
        )
      else if (available < replicas - unavailable)
        ledger.broken(subject, `${available} pods are available; at least ${replicas - unavailable} have to be`)
      else ledger.mended(subject)
    }
    return {
      change({ resource, object, before }) {
        const thing = (object ?? before)!
        if (resource === 'deployments.apps') {
          const rollout = of(thing.metadata.uid)
          const now = object as Deployment | undefined
          const was = rollout.deployment
          rollout.deployment = now
          if (now === undefined) {
            rollouts.delete(thing.metadata.uid)
            ledger.mended(`deployments.apps/${thing.metadata.namespace}/${thing.metadata.name}`)
            return
          }
          const wanted = now.spec?.replicas ?? 1
          if (was !== undefined && (was.spec?.replicas ?? 1) !== wanted) rollout.steady = false
          const { status } = now
          if (
            status?.observedGeneration === now.metadata.generation &&
            status?.replicas === wanted &&
            status.updatedReplicas === wanted &&
            status.availableReplicas === wanted
          )
            rollout.steady = true
          judge(rollout)
          return
        }
        const owner = thing.metadata.ownerReferences?.find((one) => one.controller === true)
        if (owner?.kind !== 'Deployment') return
        const rollout = of(owner.uid)
        if (object === undefined) rollout.sets.delete(thing.metadata.uid)
        else rollout.sets.set(thing.metadata.uid, object as ReplicaSet)
        judge(rollout)
      },
    }
  },
}
