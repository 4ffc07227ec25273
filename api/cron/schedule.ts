import { weekday } from './civil.ts'
import { civilIn, instantOf, type TimeZone } from './time-zone.ts'

/** When something is due. Times are seconds since 1970. */
export interface CronSchedule {
  /** The first time after this one; undefined: not within five years. */
  next(after: number): number | undefined
}

export interface CronFields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly daysOfWeek: ReadonlySet<number>
  /** One of the two day fields is a star: then both must match, else one is enough. */
  readonly bothDaysMustMatch: boolean
}

/** SpecSchedule.Next of robfig/cron v3, step by step: what happens around clock changes depends on the steps. */
const nextByFields = (fields: CronFields, zone: TimeZone, after: number): number | undefined => {
  let t = Math.floor(after) + 1
  let added = false
  const local = (): ReturnType<typeof civilIn> => civilIn(zone, t)
  const startOf = (unit: 'month' | 'day' | 'hour'): void => {
    if (added) return
    added = true
    const now = local()
    t = instantOf(zone, {
      ...now,
      day: unit === 'month' ? 1 : now.day,
      hour: unit === 'hour' ? now.hour : 0,
      minute: 0,
      second: 0,
    })
  }
  const dayMatches = (): boolean => {
    const byMonth = fields.daysOfMonth.has(local().day)
    const byWeek = fields.daysOfWeek.has(weekday(t + zone.at(t).offset))
    return fields.bothDaysMustMatch ? byMonth && byWeek : byMonth || byWeek
  }
  const lastYear = local().year + 5
  wrap: while (local().year <= lastYear) {
    while (!fields.months.has(local().month)) {
      startOf('month')
      const now = local()
      t = instantOf(zone, { ...now, month: now.month + 1 })
      if (local().month === 1) continue wrap
    }
    while (!dayMatches()) {
      startOf('day')
      const now = local()
      t = instantOf(zone, { ...now, day: now.day + 1 })
      // Midnight need not exist, or exist twice, on a day when clocks are changed.
      const { hour } = local()
      if (hour !== 0) t += (hour > 12 ? 24 - hour : -hour) * 3600
      if (local().day === 1) continue wrap
    }
    while (!fields.hours.has(local().hour)) {
      startOf('hour')
      t += 3600
      if (local().hour === 0) continue wrap
    }
    while (!fields.minutes.has(local().minute)) {
      if (!added) {
        added = true
        t -= ((t % 60) + 60) % 60
      }
      t += 60
      if (local().minute === 0) continue wrap
    }
    const { second } = local()
    if (second === 0) return t
    added = true
    t += 60 - second
    if (local().second !== 0) return t
  }
  return undefined
}

export const fieldSchedule = (fields: CronFields, zone: TimeZone): CronSchedule => ({
  next: (after) => nextByFields(fields, zone, after),
})

/** ConstantDelaySchedule: every so many seconds, rounded down to the second. */
export const everySchedule = (seconds: number): CronSchedule => ({
  next: (after) => Math.floor(after) + seconds,
})
