import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { minute, second } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../../reconcile/controller.ts'
import { controllerOf } from '../../reconcile/controller-reference.ts'
import { endingOnRefusal, must } from '../../reconcile/refused.ts'
import { isFinished, isForeign, isTracked } from './job-facts.ts'
import { batchPeriod, releasePod } from './manage.ts'
import { syncJob } from './sync.ts'
import { uidOf, type JobMemory } from './work.ts'

// pkg/controller/job/job_controller.go

const jobKind = 'batch/v1/Job'
/** Keys of pods that nobody counts any more (upstream has a queue of its own for them). */
const orphanPrefix = 'orphan:'

const jobOf = (pod: Pod, io: WatchIo | Io): Job | undefined => {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'Job') return undefined
  const job = io.read.get(jobKind, `${pod.metadata.namespace ?? ''}/${owner.name}`) as Job | undefined
  return job?.metadata.uid === owner.uid ? job : undefined
}

const onPod = (pod: Pod, io: WatchIo, before: Pod | undefined): readonly string[] => {
  const gone = io.read.get('v1/Pod', keyOf(pod)) === undefined
  const job = jobOf(pod, io)
  if (job !== undefined && (gone || !isTracked(pod))) (io.memory as JobMemory).freed.get(keyOf(job))?.delete(uidOf(pod))
  const leaving = gone || pod.metadata.deletionTimestamp !== undefined
  const orphan = controllerOf(pod) === undefined || (leaving && (job === undefined || isFinished(job)))
  if (orphan && isTracked(pod)) io.requeue(orphanPrefix + keyOf(pod), 0)
  if (controllerOf(pod) !== undefined || leaving) return []
  if (before !== undefined && controllerOf(before) === undefined) {
    if (structuralEqual(before.metadata.labels, pod.metadata.labels)) return []
  }
  const { labels, namespace = '' } = pod.metadata
  if (labels === undefined) return []
  return io.read
    .list(jobKind, { namespace })
    .filter((one) => {
      const selector = validSelector((one as Job).spec.selector)
      return !selector.empty && selector.matches(labels)
    })
    .map(keyOf)
}

/** Queues the tracked pods of a Job that is over (enqueueLabelSelector). */
const queueLeftovers = (job: Job, io: WatchIo): void => {
  const selector = validSelector(job.spec.selector)
  for (const pod of io.read.list('v1/Pod', { namespace: job.metadata.namespace ?? '' }) as readonly Pod[])
    if (isTracked(pod) && selector.matches(pod.metadata.labels)) io.requeue(orphanPrefix + keyOf(pod), 0)
}

const onJob = (job: Job, io: WatchIo, before: Job | undefined): readonly string[] => {
  const key = keyOf(job)
  if (io.read.get(jobKind, key) === undefined) {
    queueLeftovers(job, io)
    return [key]
  }
  if (before === undefined) return [key]
  if (isFinished(job)) {
    queueLeftovers(job, io)
    return []
  }
  const { activeDeadlineSeconds } = job.spec
  const start = parseTimestamp(job.status?.startTime)
  if (start !== undefined && activeDeadlineSeconds !== undefined) {
    const due = start + activeDeadlineSeconds * second
    const moved = (before.spec.activeDeadlineSeconds ?? -1) !== activeDeadlineSeconds
    if (moved) io.requeue(key, Math.max(0, due - io.wall()))
  }
  return [key]
}

/** handleSingleOrphanPod */
function* releaseOrphan(io: Io<Job>, key: string): Generator<ApiRequest, Result | void, unknown> {
  const pod = io.read.get('v1/Pod', key) as Pod | undefined
  if (pod === undefined || !isTracked(pod)) return
  const owner = controllerOf(pod)
  if (owner !== undefined && (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1')) return
  const job = jobOf(pod, io)
  if (job !== undefined && (isForeign(job) || !isFinished(job))) return
  const answer = yield* releasePod(io, pod)
  if (!answer.ok && answer.code !== 404) must(answer)
}

const forget = (io: Io<Job>, key: string): void => {
  const memory = io.memory as JobMemory
  memory.freed.delete(key)
  memory.backoff.delete(key)
}

/** kube-controller-manager's job-controller. */
export const jobController = (workers = 5): Controller<Job> => ({
  name: 'job-controller',
  reconciles: jobKind,
  owns: ['v1/Pod'],
  workers,
  expectations: true,
  readsItsWrites: true,
  backoff: { base: second, max: minute },
  memory: (): JobMemory => ({ freed: new Map(), backoff: new Map(), finished: new Set() }),
  // SyncJobBatchPeriod: events of pods, and of a Job whose spec is the same, are gathered.
  delay: ({ before, object }) => {
    if (object.kind !== 'Job') return batchPeriod
    return before !== undefined && before.metadata.generation === object.metadata.generation ? batchPeriod : 0
  },
  watches: {
    'v1/Pod': (object, io, before) => onPod(object as Pod, io, before as Pod | undefined),
    [jobKind]: (object, io, before) => onJob(object as Job, io, before as Job | undefined),
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    if (key.startsWith(orphanPrefix)) return yield* endingOnRefusal(releaseOrphan(io, key.slice(orphanPrefix.length)))
    const job = io.read.get(key)
    const memory = io.memory as JobMemory
    if (job === undefined) {
      io.expect.forget(key)
      forget(io, key)
      return done
    }
    if (isForeign(job)) return done
    if (isFinished(job)) {
      memory.backoff.delete(key)
      memory.finished.delete(job.metadata.uid ?? '')
      return done
    }
    if (memory.finished.has(job.metadata.uid ?? '')) return done
    return yield* endingOnRefusal(syncJob(io, key, job))
  },
})
