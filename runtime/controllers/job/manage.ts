import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { keyOf } from '../../client/object-key.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import type { Answer, Call, Io } from '../../reconcile/controller.ts'
import { createPod, deletePod, slowStartBatch } from '../../reconcile/pod-control.ts'
import { isPodReady } from '../../reconcile/pod-state.ts'
import { remainingBackoff, remainingForIndex } from './decide-backoff.ts'
import { pendingIndexes } from './decide-indexes.ts'
import { decideRemoval } from './decide-removal.ts'
import {
  hasLimitPerIndex,
  isIndexed,
  isSuspended,
  isTracked,
  trackingFinalizer,
  waitsForTerminating,
} from './job-facts.ts'
import { jobTemplate, newPod } from './new-pod.ts'
import type { JobWork } from './work.ts'

// pkg/controller/job/job_controller.go: manageJob and the deletions.

type Step<R> = Generator<ApiRequest, R, unknown>

/** MaxPodCreateDeletePerSync */
const maxPodsPerSync = 500
export const batchPeriod: Micros = second

export interface Managed {
  readonly active: number
  readonly error?: string
}

/** removeTrackingFinalizerPatch */
export function* releasePod(io: Io, pod: Pod): Call<KubeObject> {
  return yield* io.write.patch(pod, { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } })
}

interface Deleted {
  readonly gone: number
  readonly ready: number
  readonly error?: string
}

const sumUp = (pods: readonly Pod[], answers: readonly Answer<KubeObject>[]): Deleted => {
  let gone = 0
  let ready = 0
  let error: string | undefined
  answers.forEach((answer, index) => {
    if (answer.ok || answer.code === 404) gone += 1
    else error ??= answer.message
    if (isPodReady(pods[index]!)) ready += 1
  })
  return { gone, ready, ...(error === undefined ? {} : { error }) }
}

/** deleteActivePods: those of a Job that has come to its end. */
export function* deleteActive({ io, job, activePods }: JobWork): Step<Deleted> {
  return sumUp(activePods, yield* io.together(activePods.map((pod) => deletePod(io, job, pod))))
}

/** deleteJobPods: pods that are given up are not counted, so their finalizer goes first. */
function* deletePods(work: JobWork, pods: readonly Pod[]): Step<Managed> {
  const { io, job, key } = work
  io.expect.deletions(key, pods.map(keyOf))
  function* giveUp(pod: Pod): Call<KubeObject> {
    if (isTracked(pod)) {
      const released = yield* releasePod(io, pod)
      if (!released.ok) return released
    }
    return yield* deletePod(io, job, pod)
  }
  const answers = yield* io.together(pods.map(giveUp))
  answers.forEach((answer, index) => {
    if (!answer.ok) io.expect.deletionObserved(key, keyOf(pods[index]!))
  })
  const { gone, ready, error } = sumUp(pods, answers)
  work.terminating += gone
  work.ready -= ready
  return { active: work.activePods.length - gone, ...(error === undefined ? {} : { error }) }
}

/** getPodCreationInfoForIndependentIndexes: the indexes that may start now, or how long until the first may. */
const startable = (
  work: JobWork,
  indexes: readonly number[],
  wall: Micros,
): { readonly now: readonly number[]; readonly wait: Micros } => {
  const waits = indexes.map((index) => remainingForIndex(work.delayed.get(index), wall))
  const now = indexes.filter((_, at) => waits[at] === 0)
  return { now, wait: now.length > 0 || waits.length === 0 ? 0 : Math.min(...waits) }
}

/** manageJob: how many pods are active afterwards. */
export function* manageJob(work: JobWork): Step<Managed> {
  const { io, job, key, activePods } = work
  const active = activePods.length
  if (isSuspended(job)) return yield* deletePods(work, decideRemoval(job, activePods, active))

  const parallelism = job.spec.parallelism ?? 1
  const { completions } = job.spec
  const wanted =
    completions === undefined
      ? work.succeeded > 0
        ? active
        : parallelism
      : Math.max(0, Math.min(completions - work.succeeded, parallelism))
  const remove = decideRemoval(job, activePods, Math.max(0, active - wanted)).slice(0, maxPodsPerSync)
  if (remove.length > 0) return yield* deletePods(work, remove)

  let missing = wanted - active - (waitsForTerminating(job) ? work.terminating : 0)
  if (missing <= 0) return { active }
  const wall = io.wall()
  const later = (wait: Micros): Managed => {
    io.requeue(key, Math.max(wait, batchPeriod))
    return { active }
  }
  const wait = hasLimitPerIndex(job) ? 0 : remainingBackoff(work.backoff, wall)
  if (wait > 0) return later(wait)
  missing = Math.min(missing, maxPodsPerSync)
  let indexes: readonly number[] = []
  if (isIndexed(job)) {
    indexes = pendingIndexes(work, missing)
    if (hasLimitPerIndex(job)) {
      const start = startable(work, indexes, wall)
      if (start.wait > 0) return later(start.wait)
      indexes = start.now
    }
    missing = indexes.length
  }
  io.expect.creations(key, missing)
  const template = jobTemplate(job)
  function* create(at: number): Call<unknown> {
    const index = indexes[at]
    const replaced = index === undefined ? undefined : work.delayed.get(index)
    const answer = yield* createPod(io, job, newPod(job, template, index, replaced))
    return namespaceTerminates(answer) ? { ok: true, object: undefined } : answer
  }
  const { successes, error } = yield* slowStartBatch(io, missing, create)
  for (let failed = successes; failed < missing; failed += 1) io.expect.creationObserved(key)
  return { active: active + successes, ...(error === undefined ? {} : { error }) }
}
