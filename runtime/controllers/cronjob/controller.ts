import { cronJobJobName } from '../../../api/cron/missed-schedules.ts'
import { parseCronJobSchedule } from '../../../api/cron/parse-schedule.ts'
import { formatIn, timeZone, utc } from '../../../api/cron/time-zone.ts'
import { goQuote } from '../../../api/names/go-quote.ts'
import type { Draft, KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { CronJob, Job } from '../../../api/types/batch-v1.generated.ts'
import type { ObjectReference } from '../../../api/types/core-v1.generated.ts'
import { timestamp } from '../../client/timestamp.ts'
import { keyOf } from '../../client/object-key.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { isControlledBy, newControllerReference } from '../../reconcile/controller-reference.ts'
import { endingOnRefusal, fail, must, refusalOf } from '../../reconcile/refused.ts'
import { decideDue, untilNext } from './decide-times.ts'

// pkg/controller/cronjob/cronjob_controllerv2.go

type Step<R> = Generator<ApiRequest, R, unknown>

const cronJobKind = 'batch/v1/CronJob'
const jobKind = 'batch/v1/Job'
const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** The status under work. */
interface Work {
  readonly io: Io
  readonly cronJob: CronJob
  active: readonly ObjectReference[]
  lastSchedule: string | undefined
  lastSuccess: string | undefined
  changed: boolean
}

const finishedAs = (job: Job): string | undefined =>
  job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True')
    ?.type

const drop = (work: Work, uid: string | undefined): void => {
  work.active = work.active.filter((one) => one.uid !== uid)
}

function* deleteJob(work: Work, job: KubeObject): Step<boolean> {
  const { io, cronJob } = work
  const answer = yield* io.write.delete(job, { propagationPolicy: 'Background' })
  if (!answer.ok) {
    io.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${answer.message}`)
    return false
  }
  drop(work, job.metadata.uid)
  work.changed = true
  io.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name ?? ''}`)
  return true
}

/** cleanupFinishedJobs: the oldest beyond each history limit go. */
function* cleanUp(work: Work, jobs: readonly Job[]): Step<void> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = work.cronJob.spec
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue
    const finished = jobs.filter((job) => finishedAs(job) === type)
    const startOf = (job: Job): string => job.status?.startTime ?? '~'
    finished.sort((a, b) => {
      if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1
      return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
    })
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) yield* deleteJob(work, job)
  }
}

/** The first half of syncCronJob: what has become of the active Jobs. */
function* followJobs(work: Work, jobs: readonly Job[]): Step<void> {
  const { io, cronJob } = work
  const isActive = (uid: string | undefined): boolean => work.active.some((one) => one.uid === uid)
  for (const job of jobs) {
    const { name = '', uid } = job.metadata
    const finished = finishedAs(job)
    if (finished === undefined) {
      if (isActive(uid)) continue
      const live = must(yield* io.live.get(cronJobKind, keyOf(cronJob))) as unknown as CronJob
      if (live.status?.active?.some((one) => one.uid === uid) === true) {
        work.active = live.status.active
        continue
      }
      const message = `Saw a job that the controller did not create or forgot: ${name}`
      io.event(cronJob, 'Warning', 'UnexpectedJob', message)
      continue
    }
    if (isActive(uid)) {
      drop(work, uid)
      io.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${finished}`)
      work.changed = true
    }
    const { completionTime } = job.status ?? {}
    if (finished !== 'Complete' || completionTime === undefined) continue
    if (work.lastSuccess === undefined || completionTime > work.lastSuccess) {
      work.lastSuccess = completionTime
      work.changed = true
    }
  }
  const known = new Set(jobs.map((job) => job.metadata.uid ?? ''))
  for (const one of work.active) {
    if (known.has(one.uid ?? '')) continue
    const live = yield* io.live.get(jobKind, `${one.namespace ?? ''}/${one.name ?? ''}`)
    if (live.ok) continue
    if (live.code !== 404) must(live)
    io.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${one.name ?? ''}`)
    drop(work, one.uid ?? '')
    work.changed = true
  }
}

/** getJobFromTemplate2 */
const jobFor = (cronJob: CronJob, at: number): Draft => {
  const { metadata, spec } = cronJob.spec.jobTemplate
  const zone = timeZone(cronJob.spec.timeZone ?? '') ?? utc
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: cronJobJobName(cronJob.metadata.name ?? '', at),
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [scheduledAnnotation]: formatIn(zone, at) },
      ownerReferences: [newControllerReference(cronJob)],
    },
    spec,
  } as Draft
}

const rfc1123 = (at: number): string => new Date(at * 1000).toUTCString().replace('GMT', '+0000')

/** The second half of syncCronJob: starts the Job that is due. Returns how long until the next look. */
function* startJob(work: Work): Step<Micros | undefined> {
  const { io, cronJob } = work
  const { spec } = cronJob
  const warn = (reason: string, message: string): void => io.event(cronJob, 'Warning', reason, message)
  if (cronJob.metadata.deletionTimestamp !== undefined) return undefined
  if (spec.timeZone !== undefined && timeZone(spec.timeZone) === undefined) {
    const quoted = goQuote(spec.timeZone)
    warn('UnknownTimeZone', `invalid timeZone: ${quoted}: unknown time zone ${spec.timeZone}`)
    return undefined
  }
  if (spec.suspend === true) return undefined
  if (spec.schedule.includes('TZ')) {
    const where =
      'see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#unsupported-timezone-specification'
    warn(
      'UnsupportedSchedule',
      `CRON_TZ or TZ used in schedule ${goQuote(spec.schedule)} is not officially supported, ${where} for more details`,
    )
  }
  const schedule = parseCronJobSchedule(spec.schedule, spec.timeZone)
  if ('error' in schedule) {
    warn('UnparseableSchedule', `unparseable schedule: ${goQuote(spec.schedule)} : ${schedule.error}`)
    return undefined
  }
  const wall = io.wall()
  const due = decideDue(cronJob, wall, schedule)
  if ('error' in due) {
    warn('InvalidSchedule', `invalid schedule: ${spec.schedule} : ${due.error}`)
    return undefined
  }
  if (due.manyMissed) {
    const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew'
    warn('TooManyMissedTimes', `too many missed start times. ${advice}`)
  }
  const { at } = due
  if (at === undefined) return untilNext(cronJob, wall, schedule)
  if (spec.startingDeadlineSeconds !== undefined && (at + spec.startingDeadlineSeconds) * second < wall) {
    warn('MissSchedule', `Missed scheduled time to start a job: ${rfc1123(at)}`)
    return untilNext(cronJob, wall, schedule)
  }
  const name = cronJobJobName(cronJob.metadata.name ?? '', at)
  const scheduled = timestamp(at * second)
  if (work.active.some((one) => one.name === name) || work.lastSchedule === scheduled)
    return untilNext(cronJob, wall, schedule)
  if (spec.concurrencyPolicy === 'Forbid' && work.active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    io.event(cronJob, 'Normal', 'JobAlreadyActive', message)
    return untilNext(cronJob, wall, schedule)
  }
  if (spec.concurrencyPolicy === 'Replace') {
    for (const one of work.active) {
      const job = yield* io.live.get(jobKind, `${one.namespace ?? ''}/${one.name ?? ''}`)
      if (!job.ok) warn('FailedGet', `Get job: ${job.message}`)
      const replaced = yield* deleteJob(work, must(job))
      if (!replaced) fail(`could not replace job ${one.namespace ?? ''}/${one.name ?? ''}`)
    }
  }
  const created = yield* io.write.create(jobFor(cronJob, at), cronJob.metadata.namespace)
  let job: KubeObject
  if (created.ok) {
    job = created.object
    io.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`)
  } else if (created.reason === 'AlreadyExists') {
    job = must(yield* io.live.get(jobKind, `${cronJob.metadata.namespace ?? ''}/${name}`))
    const { uid } = job.metadata
    if (!isControlledBy(job, cronJob) || work.active.some((one) => one.uid === uid)) return undefined
  } else {
    if (created.causes?.includes('NamespaceTerminating') !== true)
      warn('FailedCreate', `Error creating job: ${created.message}`)
    return must<never>(created)
  }
  const { namespace, uid, resourceVersion } = job.metadata
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion } as ObjectReference
  work.active = [...work.active, reference]
  work.lastSchedule = scheduled
  work.changed = true
  return untilNext({ ...cronJob, status: { ...cronJob.status, lastScheduleTime: scheduled } }, wall, schedule)
}

function* syncCronJob(io: Io, cronJob: CronJob): Step<Result> {
  const { status } = cronJob
  const work: Work = {
    io,
    cronJob,
    active: status?.active ?? [],
    lastSchedule: status?.lastScheduleTime,
    lastSuccess: status?.lastSuccessfulTime,
    changed: false,
  }
  const jobs = io.read.owned(jobKind, cronJob) as readonly Job[]
  yield* cleanUp(work, jobs)
  let next: Micros | undefined
  let error: Error | undefined
  try {
    yield* followJobs(work, jobs)
    next = yield* startJob(work)
  } catch (thrown) {
    if (refusalOf(thrown) === undefined) throw thrown
    error = thrown as Error
  }
  if (work.changed) {
    const written = {
      ...(work.active.length === 0 ? {} : { active: work.active }),
      ...(work.lastSchedule === undefined ? {} : { lastScheduleTime: work.lastSchedule }),
      ...(work.lastSuccess === undefined ? {} : { lastSuccessfulTime: work.lastSuccess }),
    }
    must(yield* io.write.updateStatus({ ...cronJob, status: written } as KubeObject))
  }
  if (error !== undefined) throw error
  return next === undefined ? done : { requeueAfter: next }
}

/** kube-controller-manager's cronjob-controller. */
export const cronJobController = (workers = 5): Controller<CronJob> => ({
  name: 'cronjob-controller',
  reconciles: cronJobKind,
  owns: [jobKind],
  workers,
  // The next schedule is always ahead: waiting for it does not keep the cluster unsettled.
  requeueTag: 'housekeeping',
  watches: {
    // updateCronJob: after a change of its schedule it waits for the next time.
    [cronJobKind]: (object, io, before) => {
      const cronJob = object as CronJob
      const old = before as CronJob | undefined
      const key = keyOf(cronJob)
      if (old === undefined) return [key]
      if (old.spec.schedule === cronJob.spec.schedule && old.spec.timeZone === cronJob.spec.timeZone) return [key]
      const schedule = parseCronJobSchedule(cronJob.spec.schedule, cronJob.spec.timeZone)
      if ('error' in schedule) {
        const message = `unparseable schedule for cronjob: ${cronJob.spec.schedule}`
        io.event(cronJob, 'Warning', 'UnParseableCronJobSchedule', message)
        return []
      }
      const wait = untilNext(cronJob, io.wall(), schedule)
      if (wait !== undefined) io.requeue(key, wait)
      return []
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    const cronJob = io.read.get(key)
    return cronJob === undefined ? done : yield* endingOnRefusal(syncCronJob(io, cronJob))
  },
})
