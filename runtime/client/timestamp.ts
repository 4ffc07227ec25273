import type { Micros } from '../kernel/micros.ts'

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** Days since 1970 to year, month, day (Howard Hinnant's civil_from_days). */
const civil = (days: number): readonly [number, number, number] => {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

let lastSecond = -1
let lastText = ''

/** metav1.Time: RFC 3339, whole seconds, UTC. `wall` is microseconds since 1970 (kernel.epoch + an instant). */
export const timestamp = (wall: Micros): string => {
  const seconds = Math.floor(wall / 1_000_000)
  if (seconds === lastSecond) return lastText
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const [year, month, day] = civil(days)
  const clock = `${pad(Math.floor(rest / 3600), 2)}:${pad(Math.floor(rest / 60) % 60, 2)}:${pad(rest % 60, 2)}`
  lastText = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}Z`
  lastSecond = seconds
  return lastText
}

/** metav1.MicroTime: six digits of fraction. */
export const microTimestamp = (wall: Micros): string => {
  const text = timestamp(wall)
  const fraction = wall - Math.floor(wall / 1_000_000) * 1_000_000
  return `${text.slice(0, -1)}.${pad(fraction, 6)}Z`
}

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/

/** A cluster's objects bear few different times, and these are asked for again and again. */
const parsed = new Map<string, Micros | undefined>()
const mostParsed = 4096

/** Microseconds since 1970 of a timestamp as the API server prints it; undefined for anything else. */
export const parseTimestamp = (text: string | undefined): Micros | undefined => {
  if (text === undefined) return undefined
  const known = parsed.get(text)
  if (known !== undefined) return known
  const micros = parse(text)
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(text, micros)
  return micros
}

const parse = (text: string): Micros | undefined => {
  const match = shape.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction] = match
  const y = Number(year) - (Number(month) <= 2 ? 1 : 0)
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (Number(month) + (Number(month) > 2 ? -3 : 9)) + 2) / 5) + Number(day) - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  const days = era * 146_097 + dayOfEra - 719_468
  const whole = days * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return whole * 1_000_000 + Number((fraction ?? '').padEnd(6, '0').slice(0, 6))
}
