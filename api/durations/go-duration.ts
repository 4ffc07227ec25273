import { goQuote } from '../names/go-quote.ts'

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const limit = 1n << 63n

/** time.ParseDuration: nanoseconds, or Go's complaint. */
export const parseGoDuration = (text: string): { nanos: bigint } | { error: string } => {
  const wrong = { error: `time: invalid duration ${goQuote(text)}` }
  const negative = text.startsWith('-')
  let rest = negative || text.startsWith('+') ? text.slice(1) : text
  if (rest === '0') return { nanos: 0n }
  if (rest === '') return wrong
  let total = 0n
  while (rest !== '') {
    const match = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest)
    const whole = match?.[1] ?? ''
    const fraction = match?.[2] ?? ''
    const name = match?.[3] ?? ''
    if (match === null || (whole === '' && fraction === '')) return wrong
    rest = rest.slice(match[0].length)
    let value = BigInt(whole === '' ? 0 : whole)
    if (value > limit) return wrong
    if (name === '') return { error: `time: missing unit in duration ${goQuote(text)}` }
    const unit = Object.hasOwn(units, name) ? units[name] : undefined
    if (unit === undefined) return { error: `time: unknown unit ${goQuote(name)} in duration ${goQuote(text)}` }
    value = value * unit + fractionOf(fraction, unit)
    total += value
    if (value > limit || total > limit) return wrong
  }
  if (negative) return { nanos: -total }
  return total === limit ? wrong : { nanos: total }
}

/** leadingFraction, whose digits stop to count once they pass 63 bits; computed in doubles, as Go does. */
const fractionOf = (digits: string, unit: bigint): bigint => {
  let value = 0n
  let scale = 1
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n) break
    const next = value * 10n + BigInt(digit)
    if (next > limit) break
    value = next
    scale *= 10
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}

const trimmed = (value: bigint, places: number): string => {
  const digits = value.toString().padStart(places + 1, '0')
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - places)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** time.Duration.String(). */
export const goDurationText = (nanos: bigint): string => {
  if (nanos === 0n) return '0s'
  const sign = nanos < 0n ? '-' : ''
  const value = nanos < 0n ? -nanos : nanos
  if (value < 1000n) return `${sign}${value}ns`
  if (value < 1_000_000n) return `${sign}${trimmed(value, 3)}µs`
  if (value < 1_000_000_000n) return `${sign}${trimmed(value, 6)}ms`
  const seconds = `${trimmed(value % 60_000_000_000n, 9)}s`
  const minutes = value / 60_000_000_000n
  if (minutes === 0n) return `${sign}${seconds}`
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

/** time.Duration.Round: half away from zero; what would overflow stays as it is at the bounds. */
export const roundGoDuration = (nanos: bigint, to: bigint): bigint => {
  const magnitude = nanos < 0n ? -nanos : nanos
  const rest = magnitude % to
  const rounded = rest + rest < to ? magnitude - rest : magnitude - rest + to
  const signed = nanos < 0n ? -rounded : rounded
  return signed > limit - 1n ? limit - 1n : signed < -limit ? -limit : signed
}
