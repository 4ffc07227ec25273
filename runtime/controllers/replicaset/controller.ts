import type { ReplicaSet, ReplicaSetStatus } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { LabelSelectorPredicate } from '../../../api/selectors/label-selector.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import type { Answer, Call, Controller, Io, Result } from '../../reconcile/controller.ts'
import { done } from '../../reconcile/controller.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { createPod, deletePod, podFromTemplate, slowStartBatch } from '../../reconcile/pod-control.ts'
import { isPodActive, nextAvailabilityCheck } from '../../reconcile/pod-state.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { controllerIndex } from '../../client/indexes.ts'
import { decideDeletions } from './decide-deletions.ts'
import { countPods, decideStatus, statusChanged } from './decide-status.ts'
import { createPodTallies, type PodTallies } from './pod-tally.ts'

/** replica_set.go: BurstReplicas, statusUpdateRetries. */
const burstReplicas = 500
const statusUpdateRetries = 1

/**
 * ReplicaSet and ReplicationController run the same code upstream (the latter through an adapter). What differs is said here.
 */
export interface ReplicaSetVariant {
  readonly name: string
  readonly kind: string
  readonly workers: number
  readonly reportsTerminating: boolean
  selectorOf(set: ReplicaSet): LabelSelectorPredicate
}

const talliesOf = (io: { readonly memory: unknown }): PodTallies => io.memory as PodTallies

/** Pods of all sets of the same owner: they rank pods that share a node (getIndirectlyRelatedPods). */
const relatedPods = (io: Io<ReplicaSet>, set: ReplicaSet, variant: ReplicaSetVariant): readonly Pod[] => {
  const owner = controllerOf(set)
  if (owner === undefined) return []
  const related = new Set<Pod>()
  for (const sibling of io.read.indexed(variant.kind, 'controller', owner.uid) as readonly ReplicaSet[]) {
    const selector = variant.selectorOf(sibling)
    for (const pod of io.read.list('v1/Pod', { namespace: sibling.metadata.namespace ?? '' }) as readonly Pod[]) {
      if (selector.matches(pod.metadata.labels)) related.add(pod)
    }
  }
  return [...related]
}

/** The active pods: how many, and which, where that matters. */
interface Active {
  readonly count: number
  readonly list: () => readonly Pod[]
}

/** replica_set.go manageReplicas. Returns the first error. */
function* manageReplicas(
  io: Io<ReplicaSet>,
  set: ReplicaSet,
  active: Active,
  variant: ReplicaSetVariant,
): Generator<ApiRequest, string | undefined, unknown> {
  const key = keyOf(set)
  const diff = active.count - (set.spec?.replicas ?? 1)
  if (diff < 0) {
    const count = Math.min(-diff, burstReplicas)
    io.expect.creations(key, count)
    const template = set.spec?.template
    if (template === undefined) return undefined
    const pod = podFromTemplate(template, set)
    function* create(): Call<unknown> {
      const answer = yield* createPod(io, set, pod)
      // A pod that a terminating namespace refuses is not missed: the set goes as well.
      return namespaceTerminates(answer) ? { ok: true, object: undefined } : answer
    }
    const { successes, error } = yield* slowStartBatch(io, count, create)
    for (let skipped = successes; skipped < count; skipped += 1) io.expect.creationObserved(key)
    return error
  }
  if (diff === 0) return undefined
  const count = Math.min(diff, burstReplicas)
  const wall = io.wall()
  const victims = decideDeletions(active.list(), relatedPods(io, set, variant), count, wall)
  io.expect.deletions(key, victims.map(keyOf))
  const answers: readonly Answer<KubeObject>[] = yield* io.together(victims.map((pod) => deletePod(io, set, pod)))
  let error: string | undefined
  answers.forEach((answer, index) => {
    if (answer.ok) return
    io.expect.deletionObserved(key, keyOf(victims[index]!))
    if (answer.code !== 404) error ??= answer.message
  })
  return error
}

/** replica_set_utils.go updateReplicaSetStatus: one retry over a fresh read. */
function* updateStatus(
  io: Io<ReplicaSet>,
  set: ReplicaSet,
  status: ReplicaSetStatus,
): Generator<ApiRequest, { readonly set: ReplicaSet; readonly error?: string }, unknown> {
  if (!statusChanged(set, status)) return { set }
  let current: KubeObject = set
  for (let tries = 0; ; tries += 1) {
    const answer = yield* io.write.updateStatus({ ...current, status } as ReplicaSet)
    if (answer.ok) return { set: answer.object as ReplicaSet }
    if (tries >= statusUpdateRetries) return { set, error: answer.message }
    const fresh = yield* io.live.get(`${set.apiVersion}/${set.kind}`, keyOf(set))
    if (!fresh.ok) return { set, error: fresh.message }
    current = fresh.object
  }
}

export const createReplicaSetController = (variant: ReplicaSetVariant): Controller<ReplicaSet> => ({
  name: variant.name,
  reconciles: variant.kind,
  owns: ['v1/Pod'],
  indexes: { [variant.kind]: [controllerIndex] },
  workers: variant.workers,
  expectations: true,
  readsItsWrites: true,
  memory: createPodTallies,
  watches: {
    // An orphan that some set selects: addPod, updatePod of replica_set.go.
    'v1/Pod': (object, io, before) => {
      talliesOf(io).changed(object, before)
      if (controllerOf(object) !== undefined || object.metadata.deletionTimestamp !== undefined) return []
      if (before !== undefined) {
        const same = structuralEqual(before.metadata.labels, object.metadata.labels)
        if (same && controllerOf(before) === undefined) return []
      }
      const labels = object.metadata.labels
      if (labels === undefined) return []
      return io.read
        .list(variant.kind, { namespace: object.metadata.namespace ?? '' })
        .filter((set) => {
          const selector = variant.selectorOf(set as ReplicaSet)
          return !selector.empty && selector.matches(labels)
        })
        .map(keyOf)
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const set = io.read.get(key)
    if (set === undefined) {
      io.expect.forget(key)
      talliesOf(io).forget(key)
      return done
    }
    const needsSync = io.expect.satisfied(key)
    const selector = variant.selectorOf(set)
    const orphans = (
      io.read.indexed('v1/Pod', 'controller', `orphans/${set.metadata.namespace ?? ''}`) as readonly Pod[]
    ).filter((pod) => isPodActive(pod) && selector.matches(pod.metadata.labels))
    // As they are now: what follows judges the pods as they were before this reconcile's writes.
    const tally = { ...talliesOf(io).of(set, selector, io) }
    const owned = (): readonly Pod[] => (io.read.owned('v1/Pod', set) as readonly Pod[]).filter(isPodActive)
    let claimed: readonly Pod[] | undefined
    // Without anything to claim or to wait for, what is counted is enough.
    if (orphans.length > 0 || tally.strangers > 0 || (set.spec?.minReadySeconds ?? 0) > 0) {
      const result = yield* claimObjects(io, {
        owner: set,
        candidates: [...owned(), ...orphans],
        matches: (pod) => selector.matches(pod.metadata.labels),
      })
      if (result.error !== undefined) return { retry: result.error }
      claimed = result.claimed
    }
    const active = (): readonly Pod[] => claimed ?? owned()
    const error =
      needsSync && set.metadata.deletionTimestamp === undefined
        ? yield* manageReplicas(io, set, { count: claimed?.length ?? tally.replicas, list: active }, variant)
        : undefined
    const wall = io.wall()
    const status = decideStatus({
      set,
      counts: claimed === undefined ? tally : countPods(set, claimed, wall),
      terminating: variant.reportsTerminating ? tally.terminating : undefined,
      error,
      timestamp: io.timestamp(),
    })
    const updated = yield* updateStatus(io, set, status)
    if (updated.error !== undefined) return { retry: updated.error }
    if (error !== undefined) return { retry: error }
    const minReadySeconds = updated.set.spec?.minReadySeconds ?? 0
    const unavailable = (updated.set.status?.readyReplicas ?? 0) !== (updated.set.status?.availableReplicas ?? 0)
    if (minReadySeconds <= 0 || !unavailable) return done
    return { requeueAfter: nextAvailabilityCheck(active(), minReadySeconds, wall) ?? minReadySeconds * second }
  },
})

/** kube-controller-manager's replicaset-controller: pkg/controller/replicaset/replica_set.go. */
export const replicaSetController = (workers = 5, reportsTerminating = true): Controller<ReplicaSet> =>
  createReplicaSetController({
    name: 'replicaset-controller',
    kind: 'apps/v1/ReplicaSet',
    workers,
    reportsTerminating,
    selectorOf: (set) => validSelector(set.spec?.selector),
  })
