import { durationText, parseDurationText } from '../duration-value.ts'
import { define, type Overload } from '../overloads.ts'
import { parseTimeText, timeText } from '../time-value.ts'
import {
  fail,
  noSuchOverload,
  typeName,
  uint,
  type Duration,
  type Timestamp,
  type Uint,
  type Value,
} from '../values.ts'

const doubleText = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const text = String(value)
  const found = /^(-?[\d.]+)e([+-])(\d+)$/.exec(text)
  return found === null ? text : `${found[1]}e${found[2]}${found[3]!.padStart(2, '0')}`
}

const toInt = (value: bigint): Value => (BigInt.asIntN(64, value) === value ? value : fail('integer overflow'))
const toUint = (value: bigint): Value =>
  BigInt.asUintN(64, value) === value ? uint(value) : fail('unsigned integer overflow')

const parseInteger = (text: string, signed: boolean): Value => {
  if (!(signed ? /^[+-]?\d+$/ : /^\d+$/).test(text)) {
    const call = signed ? 'ParseInt' : 'ParseUint'
    return fail(`strconv.${call}: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  return signed ? toInt(BigInt(text.replace(/^\+/, ''))) : toUint(BigInt(text))
}

const truths: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  TRUE: true,
  true: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  FALSE: false,
  false: false,
  False: false,
}

const utf8 = (bytes: Uint8Array): Value => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string')
  }
}

export const conversions: readonly Overload[] = [
  define('bool', 'bool -> bool', ([a]) => a!),
  define(
    'bool',
    'string -> bool',
    ([a]) => truths[a as string] ?? fail(`strconv.ParseBool: parsing ${JSON.stringify(a)}: invalid syntax`),
  ),
  define('bytes', 'bytes -> bytes', ([a]) => a!),
  define('bytes', 'string -> bytes', ([a]) => new TextEncoder().encode(a as string)),
  define('double', 'double -> double', ([a]) => a!),
  define('double', 'int -> double', ([a]) => Number(a)),
  define('double', 'uint -> double', ([a]) => Number((a as Uint).value)),
  define('double', 'string -> double', ([a]) => {
    const text = a as string
    if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
    if (/^nan$/i.test(text)) return Number.NaN
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
      ? Number(text)
      : fail(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`)
  }),
  define('duration', 'duration -> duration', ([a]) => a!),
  define('duration', 'int -> duration', ([a]) => ({ kind: 'duration', nanos: a as bigint })),
  define('duration', 'string -> duration', ([a]) => parseDurationText(a as string)),
  define('dyn', 'A -> dyn', ([a]) => a!),
  define('int', 'int -> int', ([a]) => a!),
  define('int', 'double -> int', ([a]) => {
    const value = Math.trunc(a as number)
    return Number.isFinite(value) && Math.abs(value) < 9_223_372_036_854_775_807
      ? toInt(BigInt(value))
      : fail('integer overflow')
  }),
  define('int', 'duration -> int', ([a]) => (a as Duration).nanos),
  define('int', 'string -> int', ([a]) => parseInteger(a as string, true)),
  define('int', 'timestamp -> int', ([a]) => {
    const { nanos } = a as Timestamp
    const seconds = nanos / 1_000_000_000n
    return nanos % 1_000_000_000n < 0n ? seconds - 1n : seconds
  }),
  define('int', 'uint -> int', ([a]) => toInt((a as Uint).value)),
  define('string', 'string -> string', ([a]) => a!),
  define('string', 'bool -> string', ([a]) => (a as number | bigint | boolean).toString()),
  define('string', 'bytes -> string', ([a]) => utf8(a as Uint8Array), 'bytes_to_string'),
  define('string', 'double -> string', ([a]) => doubleText(a as number)),
  define('string', 'duration -> string', ([a]) => durationText(a as Duration)),
  define('string', 'int -> string', ([a]) => (a as number | bigint | boolean).toString()),
  define('string', 'timestamp -> string', ([a]) => timeText(a as Timestamp)),
  define('string', 'uint -> string', ([a]) => String((a as Uint).value)),
  define('timestamp', 'timestamp -> timestamp', ([a]) => a!),
  define('timestamp', 'int -> timestamp', ([a]) => ({ kind: 'timestamp', nanos: (a as bigint) * 1_000_000_000n })),
  define('timestamp', 'string -> timestamp', ([a]) => parseTimeText(a as string)),
  define('uint', 'uint -> uint', ([a]) => a!),
  define('uint', 'double -> uint', ([a]) =>
    (a as number) >= 0 && (a as number) < 18_446_744_073_709_551_615
      ? toUint(BigInt(Math.trunc(a as number)))
      : fail('unsigned integer overflow'),
  ),
  define('uint', 'int -> uint', ([a]) => toUint(a as bigint)),
  define('uint', 'string -> uint', ([a]) => parseInteger(a as string, false)),
  define('type', 'A -> type<A>', ([a]) => (a === undefined ? noSuchOverload : { kind: 'type', name: typeName(a) })),
]
