import { fitsInt64, maxInt64, powerOfTen, roundAway, type Quantity, type QuantityFormat } from './quantity.ts'

export interface QuantityProblem {
  readonly error: string
}

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const numericWrong = 'unable to parse numeric part of quantity'
const suffixWrong = "unable to parse quantity's suffix"

interface Suffix {
  readonly exponent: number
  readonly format: QuantityFormat
}

const decimal = (exponent: number): Suffix => ({ exponent, format: 'DecimalSI' })
const binary = (exponent: number): Suffix => ({ exponent, format: 'BinarySI' })
const suffixes: ReadonlyMap<string, Suffix> = new Map([
  ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((s, i): [string, Suffix] => [s, decimal(3 * i - 9)]),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((s, i): [string, Suffix] => [s, binary(10 * i + 10)]),
])

/** suffixHandler.interpret: a known suffix, or an exponent such as e3, E-6. */
const readSuffix = (text: string): Suffix | undefined => {
  const known = suffixes.get(text)
  if (known !== undefined) return known
  if (!/^[eE][+-]?[0-9]+$/.test(text)) return undefined
  const exponent = BigInt(text.slice(text[1] === '+' ? 2 : 1))
  if (!fitsInt64(exponent)) return undefined
  return { exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' }
}

/**
 * parseQuantityString: sign, leading zeros, digits, point, digits, suffix. Numerator digits may be missing altogether, which
 * upstream reads as 0.
 */
const shape = /^[+-]?0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/

const read = (text: string): Quantity | QuantityProblem => {
  if (text === '') return { error: formatWrong }
  if (text === '0') return { unscaled: 0n, exponent: 0, big: false, format: 'DecimalSI', spelled: text }
  const match = shape.exec(text)
  if (match === null) return { error: formatWrong }
  const suffixText = match[3] ?? ''
  const suffix = readSuffix(suffixText)
  if (suffix === undefined) return { error: suffixWrong }
  const num = match[1] === '' || match[1] === undefined ? '0' : match[1]
  const denom = match[2] ?? ''
  const negative = text.startsWith('-')
  const small = readSmall(text, { num, denom, negative, suffix })
  if (small !== undefined) return small
  const value = text.slice(0, text.length - suffixText.length)
  if (!/[0-9]/.test(value)) return { error: numericWrong }
  return readBig(BigInt(num + denom) * (negative ? -1n : 1n), denom.length, suffix)
}

interface Parts {
  readonly num: string
  readonly denom: string
  readonly negative: boolean
  readonly suffix: Suffix
}

/** The fast path of ParseQuantity: up to 18 digits (15 with a binary suffix), no smaller than nano. */
const readSmall = (text: string, { num, denom, negative, suffix }: Parts): Quantity | undefined => {
  const isBinary = suffix.format === 'BinarySI'
  if (isBinary && denom !== '') return undefined
  const precision = isBinary
    ? 15 - num.length - Math.floor((suffix.exponent * 3) / 10) - 1
    : 18 - num.length - denom.length
  const exponent = (isBinary ? 0 : suffix.exponent) - denom.length
  if (precision < 0 || exponent < -9) return undefined
  const shifted = num + denom
  const value = BigInt(shifted)
  const product = isBinary ? value << BigInt(suffix.exponent) : value
  if (!fitsInt64(product)) return undefined
  const amount = { unscaled: negative ? -product : product, exponent, big: false, format: suffix.format }
  const canonical = isBinary
    ? (value & 7n) !== 0n
    : exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
  return canonical ? { ...amount, spelled: text } : amount
}

const readBig = (signed: bigint, places: number, suffix: Suffix): Quantity => {
  const isBinary = suffix.format === 'BinarySI'
  const exponent = (isBinary ? 0 : suffix.exponent) - places
  let amount = isBinary ? signed << BigInt(suffix.exponent) : signed
  if (amount === 0n) return { unscaled: 0n, exponent, big: true, format: suffix.format }
  amount = roundAway(amount, exponent, -9)
  const magnitude = amount < 0n ? -amount : amount
  const one = powerOfTen(9)
  if (isBinary && magnitude > maxInt64 * one) {
    return { unscaled: amount < 0n ? -maxInt64 : maxInt64, exponent: 0, big: true, format: suffix.format }
  }
  // A fraction below one is shown in decimal, to avoid rounding.
  const format = isBinary && magnitude < one ? 'DecimalSI' : suffix.format
  return { unscaled: amount, exponent: -9, big: true, format }
}

const remembered = new Map<string, Quantity | QuantityProblem>()
const remember = 10_000

/** ParseQuantity: the quantity, or upstream's complaint. Remembered by text. */
export const parseQuantity = (text: string): Quantity | QuantityProblem => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const result = Object.freeze(read(text))
  if (remembered.size >= remember) remembered.clear()
  remembered.set(text, result)
  return result
}

/** A quantity from text that has been validated before; throws on any other. */
export const quantityOf = (text: string | number): Quantity => {
  const result = parseQuantity(String(text))
  if ('error' in result) throw new Error(`${JSON.stringify(text)} is no quantity: ${result.error}`)
  return result
}

/**
 * Quantity.UnmarshalJSON of a decoded JSON value: numbers are taken by their text, blanks around a string are dropped, null is
 * the unset quantity. `raw` is the number's own spelling, where the decoder kept it.
 */
export const quantityFromJson = (value: unknown, raw?: string): Quantity | QuantityProblem => {
  if (value === null) return { unscaled: 0n, exponent: 0, big: false, format: '' }
  if (typeof value === 'string') return parseQuantity(value.trim())
  return parseQuantity(raw ?? JSON.stringify(value))
}
