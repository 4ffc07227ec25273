import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilFromSeconds, civilSeconds, weekday } from '../../../../api/cron/civil.ts'
import { mostRecentScheduleTime } from '../../../../api/cron/missed-schedules.ts'
import { parseCronJobSchedule, parseSchedule } from '../../../../api/cron/parse-schedule.ts'
import type { CronSchedule } from '../../../../api/cron/schedule.ts'
import { formatIn, instantOf, timeZone, utc } from '../../../../api/cron/time-zone.ts'

const seconds = fc.integer({ min: 946_684_800, max: 2_208_988_800 })
const scheduleOf = (text: string): CronSchedule => {
  const schedule = parseSchedule(text)
  if ('error' in schedule) throw new Error(schedule.error)
  return schedule
}

it('the calendar is that of Date', () => {
  fc.assert(
    fc.property(seconds, (t) => {
      const date = new Date(t * 1000)
      expect(formatIn(utc, t)).toBe(date.toISOString().replace('.000Z', 'Z'))
      expect(civilSeconds(civilFromSeconds(t))).toBe(t)
      expect(weekday(t)).toBe(date.getUTCDay())
    }),
  )
})

describe('time zones', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Africa/Casablanca',
    'Pacific/Apia',
    'America/Sao_Paulo',
  ]

  it('have the offsets that Intl knows of the past', () => {
    for (const name of zones) {
      const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
      const zone = timeZone(name)
      fc.assert(
        fc.property(fc.integer({ min: 1_262_304_000, max: 1_767_225_600 }), (t) => {
          const shown = format.formatToParts(t * 1000).find((part) => part.type === 'timeZoneName')?.value ?? ''
          const match = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(shown)
          const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0)
          expect(zone?.at(t).offset).toBe((match?.[1] === '-' ? -60 : 60) * minutes)
        }),
        { numRuns: 50 },
      )
    }
  })

  it('turn a civil time back into its instant, but where clocks are changed', () => {
    const zone = timeZone('Europe/Berlin') ?? utc
    fc.assert(
      fc.property(seconds, (t) => {
        const back = instantOf(zone, civilFromSeconds(t + zone.at(t).offset))
        expect([0, -3600, 3600]).toContain(back - t)
      }),
    )
  })

  it.each(['Nowhere/None', 'europe/berlin', 'constructor', '../etc'])('%s is none', (name) => {
    expect(timeZone(name)).toBeUndefined()
  })
})

describe('schedules', () => {
  it('go forward, and hit only minutes that match', () => {
    const schedule = scheduleOf('*/15 8-17 * * 1-5')
    fc.assert(
      fc.property(seconds, (t) => {
        const next = schedule.next(t) ?? 0
        expect(next).toBeGreaterThan(t)
        const { minute, hour, second } = civilFromSeconds(next)
        expect([minute % 15, second]).toEqual([0, 0])
        expect(hour >= 8 && hour <= 17 && weekday(next) >= 1 && weekday(next) <= 5).toBe(true)
        expect(schedule.next(next - 1)).toBe(next)
      }),
    )
  })

  it('end where nothing matches', () => {
    expect(scheduleOf('0 0 31 2 *').next(1_700_000_000)).toBeUndefined()
  })

  it('ignore a time zone that is not known, as the controller does', () => {
    expect(parseCronJobSchedule('0 0 * * *', 'Nowhere/None')).not.toHaveProperty('error')
    expect(parseSchedule('TZ=Nowhere/None 0 0 * * *')).toHaveProperty('error')
    expect(parseSchedule('TZ=UTC')).toHaveProperty('error')
  })

  it('tell what was missed', () => {
    const times = { created: 0, lastSchedule: undefined, startingDeadlineSeconds: undefined }
    const hourly = scheduleOf('@hourly')
    expect(mostRecentScheduleTime(times, 3599, hourly, true)).toMatchObject({ mostRecent: undefined, missed: 'none' })
    expect(mostRecentScheduleTime(times, 3600, hourly, true)).toMatchObject({ mostRecent: 3600, missed: 'none' })
    expect(mostRecentScheduleTime(times, 10_000, hourly, true)).toMatchObject({ mostRecent: 7200, missed: 'few' })
    expect(mostRecentScheduleTime(times, 3600 * 200, hourly, true)).toMatchObject({ missed: 'many' })
    expect(mostRecentScheduleTime(times, 10, scheduleOf('0 0 31 2 *'), true)).toHaveProperty('error')
  })
})
