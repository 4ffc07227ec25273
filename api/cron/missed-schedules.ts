import type { CronSchedule } from './schedule.ts'

// pkg/controller/cronjob/utils.go. Times are seconds since 1970, with fractions.

export interface CronJobTimes {
  readonly created: number
  readonly lastSchedule: number | undefined
  readonly startingDeadlineSeconds: number | undefined
}

export interface MissedSchedules {
  /** From where schedules count as missed. */
  readonly earliest: number
  /** The latest time that is due and was not met. */
  readonly mostRecent: number | undefined
  readonly missed: 'none' | 'few' | 'many'
}

/** mostRecentScheduleTime. */
export const mostRecentScheduleTime = (
  times: CronJobTimes,
  now: number,
  schedule: CronSchedule,
  withDeadline: boolean,
): MissedSchedules | { readonly error: string } => {
  let earliest = times.lastSchedule ?? times.created
  if (withDeadline && times.startingDeadlineSeconds !== undefined) {
    earliest = Math.max(earliest, now - times.startingDeadlineSeconds)
  }
  const first = schedule.next(earliest)
  if (first !== undefined && now < first) return { earliest, mostRecent: undefined, missed: 'none' }
  const second = first === undefined ? undefined : schedule.next(first)
  if (first !== undefined && second !== undefined && now < second)
    return { earliest, mostRecent: first, missed: 'none' }
  if (first === undefined || second === undefined || second - first < 1) {
    return { error: 'time difference between two schedules is less than 1 second' }
  }
  const between = Math.round(second - first)
  const count = Math.trunc(Math.trunc(now - first) / between) + 1
  let mostRecent: number | undefined
  let t = schedule.next(first + (count - 2) * between)
  while (t !== undefined && t <= now) {
    mostRecent = t
    t = schedule.next(t)
  }
  return { earliest, mostRecent, missed: count > 100 ? 'many' : count > 0 ? 'few' : 'none' }
}

/** nextScheduleTimeDuration: seconds until the controller looks again, 100 ms after the schedule. */
export const untilNextSchedule = (times: CronJobTimes, now: number, schedule: CronSchedule): number | undefined => {
  const found = mostRecentScheduleTime(times, now, schedule, false)
  let from = now
  if (!('error' in found)) from = found.mostRecent ?? (found.missed === 'none' ? found.earliest : now)
  const next = schedule.next(from)
  return next === undefined ? undefined : next + 0.1 - now
}

/** getJobName: the scheduled time in minutes makes the name. */
export const cronJobJobName = (cronJob: string, scheduled: number): string => `${cronJob}-${Math.floor(scheduled / 60)}`
