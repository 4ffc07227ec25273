import { mostRecentScheduleTime, untilNextSchedule, type CronJobTimes } from '../../../api/cron/missed-schedules.ts'
import type { CronSchedule } from '../../../api/cron/schedule.ts'
import type { CronJob } from '../../../api/types/batch-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { second, type Micros } from '../../kernel/micros.ts'

// pkg/controller/cronjob/utils.go, between the clock of the cluster and that of a schedule (seconds).

const timesOf = (cronJob: CronJob): CronJobTimes => {
  const last = parseTimestamp(cronJob.status?.lastScheduleTime)
  return {
    created: (parseTimestamp(cronJob.metadata.creationTimestamp) ?? 0) / second,
    lastSchedule: last === undefined ? undefined : last / second,
    startingDeadlineSeconds: cronJob.spec.startingDeadlineSeconds,
  }
}

/** nextScheduleTimeDuration */
export const untilNext = (cronJob: CronJob, wall: Micros, schedule: CronSchedule): Micros | undefined => {
  const seconds = untilNextSchedule(timesOf(cronJob), wall / second, schedule)
  return seconds === undefined ? undefined : Math.max(0, Math.round(seconds * second))
}

export type Due = { readonly error: string } | { readonly at: number | undefined; readonly manyMissed: boolean }

/** nextScheduleTime: the latest time that is due, in seconds since 1970. */
export const decideDue = (cronJob: CronJob, wall: Micros, schedule: CronSchedule): Due => {
  const found = mostRecentScheduleTime(timesOf(cronJob), wall / second, schedule, true)
  if ('error' in found) return found
  const { mostRecent, missed } = found
  if (mostRecent === undefined || mostRecent > wall / second) return { at: undefined, manyMissed: false }
  return { at: mostRecent, manyMissed: missed === 'many' }
}
