import { hour, minute, second, type Micros } from '../kernel/micros.ts'

const units: Readonly<Record<string, number>> = { h: hour, m: minute, s: second, ms: 1000, us: 1, µs: 1 }

/** time.ParseDuration of `1m30s`, `500ms`; undefined for what is none. */
export const parseGoDuration = (text: string): Micros | undefined => {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs))+$/.test(text)) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs)/g)) {
    sum += Number(amount) * (units[unit ?? ''] ?? 0)
  }
  return Math.round(sum)
}

/** time.Duration's String() of a time in whole microseconds. */
export const goDuration = (micros: Micros): string => {
  if (micros === 0) return '0s'
  if (micros < 1000) return `${micros}µs`
  if (micros < second) return `${trimmed(micros, 1000)}ms`
  const hours = Math.floor(micros / hour)
  const minutes = Math.floor((micros - hours * hour) / minute)
  const seconds = `${trimmed(micros - hours * hour - minutes * minute, second)}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

const trimmed = (value: number, unit: number): string => {
  const whole = Math.floor(value / unit)
  const rest = value - whole * unit
  if (rest === 0) return String(whole)
  return `${whole}.${String(rest)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '')}`
}
