import { durationText } from '../duration-value.ts'
import { timeText } from '../time-value.ts'
import {
  elements,
  fail,
  kindOf,
  type Dict,
  type Duration,
  type List,
  type Timestamp,
  type TypeValue,
  type Uint,
  type Value,
} from '../values.ts'

const quoted = (value: Value): string => (typeof value === 'string' ? JSON.stringify(value) : shown(value))

/** `%s` of any value (cel-go ext/formatting.go). */
const shown = (value: Value): string => {
  switch (kindOf(value)) {
    case 'null':
      return 'null'
    case 'bytes':
      return new TextDecoder().decode(value as Uint8Array)
    case 'uint':
      return String((value as Uint).value)
    case 'timestamp':
      return timeText(value as Timestamp)
    case 'duration':
      return durationText(value as Duration)
    case 'type':
      return (value as TypeValue).name
    case 'list':
      return `[${elements(value as List)
        .map(quoted)
        .join(', ')}]`
    case 'map':
    case 'object': {
      const dict = value as Dict
      return `{${dict
        .keys()
        .map((key) => `${quoted(key)}:${quoted(dict.get(key)!)}`)
        .join(', ')}}`
    }
    default:
      return (value as number | bigint | boolean | string).toString()
  }
}

const integer = (value: Value): bigint | undefined =>
  typeof value === 'bigint' ? value : kindOf(value) === 'uint' ? (value as Uint).value : undefined

const float = (value: Value): number | undefined =>
  typeof value === 'number' ? value : integer(value) !== undefined ? Number(integer(value)) : undefined

const radix = (value: Value, base: number, upper: boolean): string | undefined => {
  const number = integer(value)
  const text =
    number !== undefined
      ? number.toString(base)
      : typeof value === 'boolean' && base === 2
        ? value
          ? '1'
          : '0'
        : base === 16 && (typeof value === 'string' || value instanceof Uint8Array)
          ? [...(typeof value === 'string' ? new TextEncoder().encode(value) : value)]
              .map((byte) => byte.toString(16).padStart(2, '0'))
              .join('')
          : undefined
  return upper ? text?.toUpperCase() : text
}

const clause = (letter: string, precision: number, value: Value): string | undefined => {
  switch (letter) {
    case 's':
      return shown(value)
    case 'd':
      return (
        integer(value)?.toString() ?? (typeof value === 'number' && !Number.isFinite(value) ? shown(value) : undefined)
      )
    case 'f':
      return float(value)?.toFixed(precision)
    case 'e':
      return float(value)
        ?.toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2')
    case 'b':
      return radix(value, 2, false)
    case 'o':
      return radix(value, 8, false)
    case 'x':
      return radix(value, 16, false)
    case 'X':
      return radix(value, 16, true)
    default:
      return undefined
  }
}

/** `'%s is %d'.format([…])` */
export const formatText = (pattern: string, values: readonly Value[]): Value => {
  let out = ''
  let next = 0
  for (let index = 0; index < pattern.length; index += 1) {
    if (pattern[index] !== '%') {
      out += pattern[index]
      continue
    }
    if (pattern[index + 1] === '%') {
      out += '%'
      index += 1
      continue
    }
    const found = /^%(?:\.(\d+))?([a-zA-Z])/.exec(pattern.slice(index))
    if (found === null) return fail('could not parse formatting clause: unexpected end of string')
    if (!'sdfebxXo'.includes(found[2]!))
      return fail(`could not parse formatting clause: unrecognized formatting clause "${found[2]}"`)
    if (next >= values.length) return fail(`index ${next} out of range`)
    const text = clause(found[2]!, found[1] === undefined ? 6 : Number(found[1]), values[next]!)
    if (text === undefined)
      return fail(`error during formatting: %${found[2]} clause does not take a value of that type`)
    out += text
    next += 1
    index += found[0].length - 1
  }
  return out
}
