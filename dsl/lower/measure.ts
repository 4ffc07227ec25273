import { own } from '../names/own.ts'
import { canonicalText } from '../../api/quantity/canonical-quantity.ts'
import { parseQuantity } from '../../api/quantity/parse-quantity.ts'
import type { Literal } from '../plan/expression.ts'

const second = 1_000_000
const units: Readonly<Record<string, number>> = {
  ms: 1000,
  s: second,
  m: 60 * second,
  h: 3600 * second,
  d: 86_400 * second,
}

/** Whole microseconds of `1m30s`; undefined if it is no duration. */
export const durationMicros = (text: string): number | undefined => {
  const pattern = /([0-9]+)(?:\.([0-9]+))?([a-z]+)/y
  let total = 0
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    const unit = found === null ? undefined : own(units, found[3] ?? '')
    if (found === null || unit === undefined) return undefined
    total += Number(found[1]) * unit
    // Digits behind the point in whole numbers: no rounding error can creep in.
    const fraction = (found[2] ?? '').slice(0, 9)
    if (fraction !== '') total += Math.round((Number(fraction) * unit) / Number(`1${'0'.repeat(fraction.length)}`))
    at = pattern.lastIndex
  }
  return text === '' ? undefined : total
}

/** Canonical text of `0.5`, `250m`, `1Gi`; undefined if it is no quantity. */
export const quantityText = (text: string): string | undefined =>
  'error' in parseQuantity(text) ? undefined : canonicalText(text)

/** `5m` may be minutes or milli-units: the place where it stands decides. */
export const isAmbiguous = (text: string): boolean => /^[0-9]+(\.[0-9]+)?m$/.test(text)

/** What a measure is by itself; undefined: nothing, or ambiguous. */
export const measureLiteral = (text: string): Literal | undefined => {
  if (/^[0-9]+(\.[0-9]+)?%$/.test(text)) return { type: 'percent', value: Number(text.slice(0, -1)) }
  if (isAmbiguous(text)) return undefined
  const micros = durationMicros(text)
  if (micros !== undefined) return { type: 'duration', micros }
  const quantity = quantityText(text)
  return quantity === undefined ? undefined : { type: 'quantity', text: quantity }
}

/** Advice for `16GB`, `5min`, `10sec`: what was probably meant. */
export const measureAdvice = (text: string): string | undefined => {
  const bytes = /^([0-9]+(?:\.[0-9]+)?)([kKMGTP])(i?)[bB]$/.exec(text)
  if (bytes !== null) {
    const [, number = '', letter = ''] = bytes
    const power = 'KMGTP'.indexOf(letter.toUpperCase()) + 1
    const size = (factor: number): string => {
      let value = Number(number)
      for (let i = 0; i < power; i++) value *= factor
      return scientific(value)
    }
    const decimal = letter.toUpperCase() === 'K' ? 'k' : letter
    return `${number}${letter.toUpperCase()}i (${size(1024)} bytes) or ${number}${decimal} (${size(1000)} bytes)?`
  }
  const words: readonly (readonly [RegExp, string])[] = [
    [/^([0-9.]+)(?:sec|secs|second|seconds)$/, 's'],
    [/^([0-9.]+)(?:min|mins|minute|minutes)$/, 'm'],
    [/^([0-9.]+)(?:hr|hrs|hour|hours)$/, 'h'],
    [/^([0-9.]+)(?:day|days)$/, 'd'],
    [/^([0-9.]+)(?:msec|millis)$/, 'ms'],
  ]
  for (const [pattern, unit] of words) {
    const found = pattern.exec(text)
    if (found !== null) return `did you mean \`${found[1] ?? ''}${unit}\`?`
  }
  return undefined
}

/** `17.2e9`: one digit behind the point, the exponent a multiple of three. */
const scientific = (value: number): string => {
  let exponent = 0
  let rest = value
  while (rest >= 1000) {
    rest /= 1000
    exponent += 3
  }
  return `${rest.toFixed(1)}e${exponent}`
}
