import { goQuote } from '../names/go-quote.ts'

/** intstr.IntOrString as JSON: a number, or a text such as `25%` or a port name. */
export type IntOrString = number | string

const maxInt64 = 9223372036854775807n

/** strconv.Atoi, on 64 bits. */
const atoi = (text: string): { value: number } | { error: string } => {
  if (!/^[+-]?[0-9]+$/.test(text)) return { error: `strconv.Atoi: parsing ${goQuote(text)}: invalid syntax` }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (value > maxInt64 || value < -maxInt64 - 1n) {
    return { error: `strconv.Atoi: parsing ${goQuote(text)}: value out of range` }
  }
  return { value: Number(value) }
}

/** intstr.Parse: a number if it is an int32, else the text. */
export const parseIntOrString = (text: string): IntOrString => {
  const number = atoi(text)
  return 'value' in number && number.value >= -2147483648 && number.value <= 2147483647 ? number.value : text
}

/** IntOrString.IntValue: what does not parse counts 0. */
export const intValue = (value: IntOrString): number => {
  if (typeof value === 'number') return value
  const number = atoi(value)
  return 'value' in number ? number.value : 0
}

/**
 * intstr.GetScaledValueFromIntOrPercent: a number as it is, a percentage of `total`. Computed in doubles, as upstream does.
 */
export const scaledIntOrPercent = (
  value: IntOrString,
  total: number,
  roundUp: boolean,
): { value: number } | { error: string } => {
  if (typeof value === 'number') return { value }
  if (!value.endsWith('%')) return { error: 'invalid value for IntOrString: invalid type: string is not a percentage' }
  const number = atoi(value.slice(0, -1))
  if ('error' in number)
    return { error: `invalid value for IntOrString: invalid value ${goQuote(value)}: ${number.error}` }
  const share = (number.value * total) / 100
  // Adding 0 turns -0 into 0.
  return { value: (roundUp ? Math.ceil(share) : Math.floor(share)) + 0 }
}

/** The scaled value of a validated field; an invalid one counts 0. */
export const scaledOrZero = (value: IntOrString | undefined, total: number, roundUp: boolean): number => {
  if (value === undefined) return 0
  const scaled = scaledIntOrPercent(value, total, roundUp)
  return 'value' in scaled ? scaled.value : 0
}
