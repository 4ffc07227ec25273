import zonesJson from './time-zones.json' with { type: 'json' }
import { civilFromSeconds, civilSeconds, daysFromCivil, type CivilTime } from './civil.ts'

/**
 * time-zones.json: the IANA database as TZif files hold it, from the year 2000 on. A zone is
 * `offset in 2000|transition=offset,…|rule`: offsets in seconds east of UTC, transitions in seconds since 1970, base 36; the
 * rule (POSIX TZ) goes on after the last transition.
 */
const { zones, names } = zonesJson as {
  readonly zones: readonly string[]
  readonly names: Readonly<Record<string, number>>
}

interface Period {
  readonly offset: number
  readonly start: number
  readonly end: number
}

export interface TimeZone {
  readonly name: string
  /** The offset at an instant (seconds since 1970), and since and until when it holds. */
  at(seconds: number): Period
}

export const utc: TimeZone = { name: 'UTC', at: () => ({ offset: 0, start: -Infinity, end: Infinity }) }

interface Rule {
  readonly month: number
  readonly week: number
  readonly day: number
  /** Jn: a day of the year that never counts leap days; n: one that does. */
  readonly julian: number | undefined
  readonly countsLeapDays: boolean
  readonly time: number
}
interface Footer {
  readonly standard: number
  readonly summer: { readonly offset: number; readonly begin: Rule; readonly end: Rule } | undefined
}

const clock = (text: string | undefined): number => {
  if (text === undefined || text === '') return 0
  const negative = text.startsWith('-')
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number)
  return (negative ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds)
}

const parseRule = (text: string): Rule => {
  const [date = '', time] = text.split('/')
  const seconds = time === undefined ? 7200 : clock(time)
  if (!date.startsWith('M')) {
    const julian = date.startsWith('J') ? Number(date.slice(1)) : Number(date)
    return { month: 0, week: 0, day: 0, julian, countsLeapDays: !date.startsWith('J'), time: seconds }
  }
  const [month = 1, week = 1, day = 0] = date.slice(1).split('.').map(Number)
  return { month, week, day, julian: undefined, countsLeapDays: false, time: seconds }
}

const footerPattern = /^(?:<[^>]*>|[A-Za-z]+)([+-]?[0-9:]+)(?:(?:<[^>]*>|[A-Za-z]+)([+-]?[0-9:]+)?,([^,]+),(.+))?$/

const parseFooter = (text: string): Footer | undefined => {
  const match = footerPattern.exec(text)
  if (match === null) return undefined
  // POSIX counts west of Greenwich.
  const standard = -clock(match[1])
  const [, , given, begin, end] = match
  if (begin === undefined || end === undefined) return { standard, summer: undefined }
  const offset = given === undefined ? standard + 3600 : -clock(given)
  return { standard, summer: { offset, begin: parseRule(begin), end: parseRule(end) } }
}

/** Seconds since 1970 of a rule's moment in a year, as local time without offset. */
const momentOf = (rule: Rule, year: number): number => {
  const first = daysFromCivil(year, 1, 1)
  if (rule.julian !== undefined) {
    const leap = daysFromCivil(year + 1, 1, 1) - first === 366
    const day = rule.countsLeapDays ? rule.julian : rule.julian - 1 + (leap && rule.julian >= 60 ? 1 : 0)
    return (first + day) * 86400 + rule.time
  }
  const firstOfMonth = daysFromCivil(year, rule.month, 1)
  const weekdayOfFirst = (((firstOfMonth + 4) % 7) + 7) % 7
  let day = firstOfMonth + ((rule.day - weekdayOfFirst + 7) % 7) + (rule.week - 1) * 7
  if (day >= daysFromCivil(year, rule.month + 1, 1)) day -= 7
  return day * 86400 + rule.time
}

const byFooter = ({ standard, summer }: Footer, seconds: number, since: number): Period => {
  if (summer === undefined) return { offset: standard, start: since, end: Infinity }
  const { year } = civilFromSeconds(seconds + standard)
  const changes: { at: number; offset: number }[] = []
  for (const y of [year - 1, year, year + 1]) {
    changes.push({ at: momentOf(summer.begin, y) - standard, offset: summer.offset })
    changes.push({ at: momentOf(summer.end, y) - summer.offset, offset: standard })
  }
  changes.sort((a, b) => a.at - b.at)
  let found: Period = { offset: standard, start: since, end: Infinity }
  changes.forEach(({ at, offset }, i) => {
    if (at <= seconds) found = { offset, start: Math.max(at, since), end: changes[i + 1]?.at ?? Infinity }
  })
  return found
}

const build = (name: string, data: string): TimeZone => {
  const [initial = '0', list = '', footerText = ''] = data.split('|')
  const transitions =
    list === ''
      ? []
      : list.split(',').map((item) => {
          const [time = '0', offset = '0'] = item.split('=')
          return { time: parseInt(time, 36), offset: Number(offset) }
        })
  const footer = parseFooter(footerText)
  const last = transitions.at(-1)
  return {
    name,
    at: (seconds) => {
      if (last !== undefined && seconds < last.time) {
        let low = 0
        let high = transitions.length
        // The first transition that is still to come.
        while (low < high) {
          const middle = (low + high) >> 1
          if ((transitions[middle]?.time ?? 0) <= seconds) low = middle + 1
          else high = middle
        }
        const before = transitions[low - 1]
        return {
          offset: before?.offset ?? Number(initial),
          start: before?.time ?? -Infinity,
          end: transitions[low]?.time ?? Infinity,
        }
      }
      const since = last?.time ?? -Infinity
      if (footer !== undefined) return byFooter(footer, seconds, since)
      return { offset: last?.offset ?? Number(initial), start: since, end: Infinity }
    },
  }
}

const known = new Map<string, TimeZone>()

/** time.LoadLocation: by its exact IANA name; '', UTC and Local are UTC. Undefined: there is no such zone. */
export const timeZone = (name: string): TimeZone | undefined => {
  if (name === '' || name === 'UTC' || name === 'Local') return utc
  const found = known.get(name)
  if (found !== undefined) return found
  const data = Object.hasOwn(names, name) ? zones[names[name] ?? 0] : undefined
  if (data === undefined) return undefined
  const zone = build(name, data)
  known.set(name, zone)
  return zone
}

/** The civil time in a zone. */
export const civilIn = (zone: TimeZone, seconds: number): CivilTime =>
  civilFromSeconds(seconds + zone.at(seconds).offset)

/**
 * time.Date: the instant of a civil time, whose parts may overflow. Where clocks are changed, the choice is Go's: by the offset
 * that holds at the same numbers in UTC, else by the one that holds then.
 */
export const instantOf = (zone: TimeZone, civil: CivilTime): number => {
  const seconds = civilSeconds(civil)
  const period = zone.at(seconds)
  if (period.offset === 0) return seconds
  const guess = seconds - period.offset
  return guess >= period.start && guess < period.end ? guess : seconds - zone.at(guess).offset
}

/** RFC 3339 with the zone's offset, as time.Format writes it. */
export const formatIn = (zone: TimeZone, seconds: number): string => {
  const { offset } = zone.at(seconds)
  const { year, month, day, hour, minute, second } = civilFromSeconds(seconds + offset)
  const two = (n: number): string => String(n).padStart(2, '0')
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`
  if (offset === 0) return `${date}Z`
  const minutes = Math.abs(Math.trunc(offset / 60))
  return `${date}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
