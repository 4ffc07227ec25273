import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { StatefulSet } from '../../../api/types/apps-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'
import type { Call, Io } from '../../reconcile/controller.ts'
import { slowStartBatch } from '../../reconcile/pod-control.ts'
import { isPodAvailable, isPodReady } from '../../reconcile/pod-state.ts'
import { fail, refusalOf } from '../../reconcile/refused.ts'
import { templateOf } from '../../reconcile/controller-history.ts'
import { countReplicas, type Counts } from './decide-status.ts'
import {
  identityMatches,
  inOrdinalRange,
  newPod,
  ordinalOf,
  podRevision,
  replicasOf,
  startOrdinal,
  storageMatches,
} from './identity.ts'
import {
  claimIsStale,
  claimsMatchPolicy,
  createMissingClaims,
  createStatefulPod,
  deleteStatefulPod,
  updateClaimOwners,
  updateStatefulPod,
} from './pod-control.ts'
import type { Revisions } from './revisions.ts'

type Step<R> = Generator<ApiRequest, R, unknown>

interface Work {
  readonly io: Io
  readonly set: StatefulSet
  readonly updateSet: StatefulSet
  readonly monotonic: boolean
  readonly wall: Micros
}

const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined
const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod)
const isAvailable = ({ set, wall }: Work, pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, wall)
const isUnavailable = (work: Work, pod: Pod): boolean => !isAvailable(work, pod) || isTerminating(pod)

/** processReplica: whether an ordered set stops here for now. */
function* processReplica(work: Work, pod: Pod): Step<boolean> {
  const { io, set, updateSet, monotonic } = work
  const { phase = '' } = pod.status ?? {}
  if (phase === 'Failed' || phase === 'Succeeded') {
    if (!isTerminating(pod)) yield* deleteStatefulPod(io, set, pod)
    return true
  }
  if (phase === '') {
    if (claimIsStale(io, set, pod)) return true
    yield* createStatefulPod(io, set, pod)
    if (monotonic) return true
  }
  if (phase === 'Pending') yield* createMissingClaims(io, set, pod)
  if (monotonic && (isTerminating(pod) || !isRunningAndReady(pod) || !isAvailable(work, pod))) return true
  if (identityMatches(set, pod) && storageMatches(set, pod) && claimsMatchPolicy(io, updateSet, pod)) return false
  yield* updateStatefulPod(io, updateSet, pod)
  return false
}

function* fixClaims(work: Work, pod: Pod): Step<boolean> {
  if (claimsMatchPolicy(work.io, work.updateSet, pod)) return false
  const refused = yield* updateClaimOwners(work.io, work.updateSet, pod)
  return refused === undefined ? false : fail(refused)
}

/** processCondemned */
function* processCondemned(work: Work, pod: Pod, firstUnavailable: Pod | undefined): Step<boolean> {
  const { io, set, monotonic } = work
  if (isTerminating(pod)) return monotonic
  if (monotonic && pod !== firstUnavailable && (!isRunningAndReady(pod) || !isAvailable(work, pod))) return true
  yield* deleteStatefulPod(io, set, pod)
  return true
}

/** runForAll: one after the other until one says stop, or all in growing batches. */
function* runForAll(work: Work, pods: readonly Pod[], step: (pod: Pod) => Step<boolean>): Step<boolean> {
  if (work.monotonic) {
    for (const pod of pods) if (yield* step(pod)) return true
    return false
  }
  function* call(index: number): Call<unknown> {
    try {
      yield* step(pods[index]!)
      return { ok: true, object: undefined }
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      return refusal
    }
  }
  const { error } = yield* slowStartBatch(work.io, pods.length, call)
  return error === undefined ? false : fail(error)
}

/** newVersionedStatefulSetPod */
const versionedPod = (currentSet: StatefulSet, updateSet: StatefulSet, names: Names, ordinal: number): Pod => {
  const { type, rollingUpdate } = currentSet.spec.updateStrategy ?? {}
  const start = startOrdinal(currentSet)
  const old =
    rollingUpdate === undefined
      ? type === 'RollingUpdate' && ordinal < start + (currentSet.status?.currentReplicas ?? 0)
      : ordinal < start + (rollingUpdate.partition ?? 0)
  return old ? newPod(currentSet, ordinal, names.current) : newPod(updateSet, ordinal, names.update)
}

interface Names {
  readonly current: string
  readonly update: string
}

export interface Outcome {
  readonly counts: Counts
  /** A refused request: the status is written all the same. */
  readonly error?: Error
}

/** defaultStatefulSetControl.updateStatefulSet */
export function* updateReplicas(
  io: Io,
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update }: Revisions,
): Step<Outcome> {
  const at = (revision: Revisions['current']): StatefulSet => ({
    ...set,
    spec: { ...set.spec, template: templateOf(revision) },
  })
  const names: Names = { current: current.metadata.name ?? '', update: update.metadata.name ?? '' }
  const currentSet = at(current)
  const updateSet = at(update)
  const monotonic = set.spec.podManagementPolicy !== 'Parallel'
  const work: Work = { io, set, updateSet, monotonic, wall: io.wall() }
  if (set.metadata.deletionTimestamp !== undefined) return { counts: countReplicas(set, pods, names, work.wall) }

  const start = startOrdinal(set)
  const existing = new Map(pods.filter((pod) => inOrdinalRange(set, pod)).map((pod) => [ordinalOf(pod), pod]))
  const replicas = Array.from(
    { length: replicasOf(set) },
    (_, index) => existing.get(start + index) ?? versionedPod(currentSet, updateSet, names, start + index),
  )
  const condemned = pods
    .filter((pod) => !inOrdinalRange(set, pod) && ordinalOf(pod) >= 0)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const firstUnavailable = [...replicas, ...[...condemned].reverse()].find((pod) => isUnavailable(work, pod))
  const counts = countReplicas(set, [...replicas, ...condemned], names, work.wall)

  try {
    if (yield* runForAll(work, replicas, (pod) => processReplica(work, pod))) return { counts }
    if (yield* runForAll(work, condemned, (pod) => fixClaims(work, pod))) return { counts }
    if (yield* runForAll(work, condemned, (pod) => processCondemned(work, pod, firstUnavailable))) return { counts }
    if (set.spec.updateStrategy?.type === 'OnDelete') return { counts }
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0
    for (let target = replicas.length - 1; target >= partition; target -= 1) {
      const pod = replicas[target]!
      if (podRevision(pod) !== names.update && !isTerminating(pod)) {
        yield* deleteStatefulPod(io, set, pod)
        return { counts: { ...counts, current: counts.current - 1 } }
      }
      if (isUnavailable(work, pod)) return { counts }
    }
    return { counts }
  } catch (error) {
    if (refusalOf(error) === undefined) throw error
    return { counts, error: error as Error }
  }
}
