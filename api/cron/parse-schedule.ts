import { parseGoDuration } from '../durations/go-duration.ts'
import { refuse, refused } from '../json/refusal.ts'
import { goQuote } from '../names/go-quote.ts'
import { everySchedule, fieldSchedule, type CronFields, type CronSchedule } from './schedule.ts'
import { timeZone, utc, type TimeZone } from './time-zone.ts'

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]

const parseInteger = (text: string): number => {
  if (!/^[+-]?[0-9]+$/.test(text)) {
    throw refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`)
  }
  const value = Number(text)
  if (!Number.isSafeInteger(value)) {
    throw refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: value out of range`)
  }
  if (value < 0) throw refuse(`negative number (${value}) not allowed: ${text}`)
  return value
}

const parseName = (text: string, { names, min }: Bounds): number => {
  const index = names?.indexOf(text.toLowerCase()) ?? -1
  return index < 0 ? parseInteger(text) : index + min
}

/** One field's values, and whether it is a star, which decides how the two day fields combine. */
interface Field {
  readonly values: ReadonlySet<number>
  readonly star: boolean
}

/** getRange: number | number "-" number, each with "/" step. */
const parseRange = (text: string, field: Bounds): Field => {
  const [range = '', step, ...moreSlashes] = text.split('/')
  const [low = '', high, ...moreHyphens] = range.split('-')
  let star = low === '*' || low === '?'
  let start = field.min
  let end = field.max
  if (!star) {
    start = parseName(low, field)
    if (moreHyphens.length > 0) throw refuse(`too many hyphens: ${text}`)
    end = high === undefined ? start : parseName(high, field)
  }
  let size = 1
  if (moreSlashes.length > 0) throw refuse(`too many slashes: ${text}`)
  if (step !== undefined) {
    size = parseInteger(step)
    if (high === undefined) end = field.max
    if (size > 1) star = false
  }
  if (start < field.min) throw refuse(`beginning of range (${start}) below minimum (${field.min}): ${text}`)
  if (end > field.max) throw refuse(`end of range (${end}) above maximum (${field.max}): ${text}`)
  if (start > end) throw refuse(`beginning of range (${start}) beyond end of range (${end}): ${text}`)
  if (size === 0) throw refuse(`step of range should be a positive number: ${text}`)
  const values = new Set<number>()
  for (let value = start; value <= end; value += size) values.add(value)
  return { values, star }
}

const parseField = (text: string, field: Bounds): Field => {
  const values = new Set<number>()
  let star = false
  for (const part of text.split(',')) {
    if (part === '') continue
    const range = parseRange(part, field)
    star ||= range.star
    for (const value of range.values) values.add(value)
  }
  return { values, star }
}

const fieldsOf = (texts: readonly string[]): CronFields => {
  const parsed = texts.map((text, i) => parseField(text, bounds[i] ?? { min: 0, max: 0 }))
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parsed as [Field, Field, Field, Field, Field]
  return {
    minutes: minute.values,
    hours: hour.values,
    daysOfMonth: dayOfMonth.values,
    months: month.values,
    daysOfWeek: dayOfWeek.values,
    bothDaysMustMatch: dayOfMonth.star || dayOfWeek.star,
  }
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const every = '@every '

const parse = (text: string): CronSchedule => {
  if (text === '') throw refuse('empty spec string')
  let body = text
  let zone: TimeZone = utc
  if (/^(?:CRON_)?TZ=/.test(text)) {
    // Differs: upstream panics on a time zone without a schedule.
    const blank = text.indexOf(' ') < 0 ? text.length : text.indexOf(' ')
    const name = text.slice(text.indexOf('=') + 1, blank)
    const found = timeZone(name)
    if (found === undefined) throw refuse(`provided bad location ${name}: unknown time zone ${name}`)
    zone = found
    body = text.slice(blank).trim()
  }
  if (body.startsWith('@')) {
    const fields = Object.hasOwn(descriptors, body) ? descriptors[body] : undefined
    if (fields !== undefined) return fieldSchedule(fieldsOf(fields.split(' ')), zone)
    if (!body.startsWith(every)) throw refuse(`unrecognized descriptor: ${body}`)
    const span = body.slice(every.length)
    const duration = parseGoDuration(span)
    if ('error' in duration) throw refuse(`failed to parse duration ${body}: ${duration.error}`)
    return everySchedule(Math.max(1, Number(duration.nanos / 1_000_000_000n)))
  }
  const fields = body.split(/\s+/).filter((field) => field !== '')
  if (fields.length !== 5) {
    throw refuse(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  }
  return fieldSchedule(fieldsOf(fields), zone)
}

/** cron.ParseStandard of robfig/cron v3: five fields or a descriptor, with an optional time zone in front. */
export const parseSchedule = (text: string): CronSchedule | { readonly error: string } => {
  try {
    return parse(text)
  } catch (thrown) {
    return { error: refused(thrown).message }
  }
}

/** formatSchedule of the CronJob controller: the schedule in its time zone; one that is not known is left out. */
export const parseCronJobSchedule = (
  schedule: string,
  zone: string | undefined,
): CronSchedule | { readonly error: string } =>
  zone === undefined || schedule.includes('TZ') || timeZone(zone) === undefined
    ? parseSchedule(schedule)
    : parseSchedule(`TZ=${zone} ${schedule}`)
