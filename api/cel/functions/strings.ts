import { goQuote } from '../../names/go-quote.ts'
import { define, type Overload } from '../overloads.ts'
import { compileGoRegex } from '../go-regex.ts'
import { elements, fail, listOf, type List, type Value } from '../values.ts'
import { formatText } from './format-text.ts'

const text = (value: Value | undefined): string => value as string
const points = (value: Value | undefined): string[] => [...(value as string)]
const range = (index: number): Value => fail(`index out of range: ${index}`)

const charAt = ([value, at]: readonly Value[]): Value => {
  const letters = points(value)
  const index = Number(at)
  if (index < 0 || index > letters.length) return range(index)
  return letters[index] ?? ''
}

const find = (value: Value, wanted: Value, from: number, backwards: boolean): Value => {
  const letters = points(value)
  const sought = points(wanted)
  if (sought.length === 0) return BigInt(from)
  const last = letters.length - sought.length
  for (
    let index = backwards ? Math.min(from, last) : from;
    backwards ? index >= 0 : index <= last;
    index += backwards ? -1 : 1
  ) {
    if (sought.every((letter, offset) => letters[index + offset] === letter)) return BigInt(index)
  }
  return -1n
}

const indexOf = (args: readonly Value[], backwards: boolean): Value => {
  const length = points(args[0]).length
  const from = args[2] === undefined ? (backwards ? length : 0) : Number(args[2])
  if (from < 0 || from > length) return range(from)
  if (length < points(args[1]).length && points(args[1]).length > 0) return -1n
  return find(args[0]!, args[1]!, from, backwards)
}

const substring = ([value, from, to]: readonly Value[]): Value => {
  const letters = points(value)
  const start = Number(from)
  const end = to === undefined ? letters.length : Number(to)
  if (start > end && to !== undefined) return fail(`invalid substring range. start: ${start}, end: ${end}`)
  if (start < 0 || start > letters.length) return range(start)
  if (end < 0 || end > letters.length) return range(end)
  return letters.slice(start, end).join('')
}

const replace = ([value, from, to, count]: readonly Value[]): Value => {
  let left = count === undefined ? -1 : Number(count)
  const [old, fresh] = [text(from), text(to)]
  if (left < 0)
    return old === ''
      ? [...text(value)].reduce((out, letter) => out + letter + fresh, fresh)
      : text(value).replaceAll(old, () => fresh)
  let out = ''
  let rest = text(value)
  while (left > 0) {
    const at = rest.indexOf(old)
    if (at === -1) break
    if (old === '') {
      out += fresh
      const letter = [...rest][0] ?? ''
      out += letter
      rest = rest.slice(letter.length)
      left -= 1
      if (letter === '') return out
      continue
    }
    out += rest.slice(0, at) + fresh
    rest = rest.slice(at + old.length)
    left -= 1
  }
  return out + rest
}

const split = ([value, by, count]: readonly Value[]): Value => {
  const limit = count === undefined ? -1 : Number(count)
  if (limit === 0) return listOf([])
  const parts = text(by) === '' ? points(value) : text(value).split(text(by))
  if (limit < 0 || parts.length <= limit) return listOf(parts)
  return listOf([...parts.slice(0, limit - 1), parts.slice(limit - 1).join(text(by))])
}

const ascii =
  (upper: boolean) =>
  ([value]: readonly Value[]): Value =>
    text(value).replace(upper ? /[a-z]/g : /[A-Z]/g, (letter) => (upper ? letter.toUpperCase() : letter.toLowerCase()))

const join = ([list, by]: readonly Value[]): Value => {
  const parts = elements(list as List)
  return parts.some((one) => typeof one !== 'string')
    ? fail('no such overload')
    : (parts as string[]).join(by === undefined ? '' : text(by))
}

const regex = (pattern: Value, use: (compiled: RegExp) => Value, wrong: (message: string) => string): Value => {
  const compiled = compileGoRegex(text(pattern))
  return typeof compiled === 'string' ? fail(wrong(compiled)) : use(compiled)
}

const matches = ([value, pattern]: readonly Value[]): Value =>
  regex(
    pattern!,
    (one) => one.test(text(value)),
    (message) => message,
  )
const illegal = (message: string): string => `Illegal regex: ${message}`

const findAll = ([value, pattern, count]: readonly Value[]): Value =>
  regex(
    pattern!,
    (one) => {
      const limit = count === undefined ? -1 : Number(count)
      const all = [...text(value).matchAll(new RegExp(one.source, `${one.flags}g`))].map((found) => found[0])
      return listOf(limit < 0 ? all : all.slice(0, limit))
    },
    illegal,
  )

export const strings: readonly Overload[] = [
  define('.contains', 'string, string -> bool', ([a, b]) => text(a).includes(text(b)), 'contains_string'),
  define('.endsWith', 'string, string -> bool', ([a, b]) => text(a).endsWith(text(b)), 'ends_with_string'),
  define('.startsWith', 'string, string -> bool', ([a, b]) => text(a).startsWith(text(b)), 'starts_with_string'),
  define('matches', 'string, string -> bool', matches, 'matches'),
  define('.matches', 'string, string -> bool', matches, 'matches_string'),
  define('.find', 'string, string -> string', ([a, b]) => regex(b!, (one) => one.exec(text(a))?.[0] ?? '', illegal)),
  define('.findAll', 'string, string -> list<string>', findAll),
  define('.findAll', 'string, string, int -> list<string>', findAll),
  define('.charAt', 'string, int -> string', charAt),
  define('.indexOf', 'string, string -> int', (args) => indexOf(args, false)),
  define('.indexOf', 'string, string, int -> int', (args) => indexOf(args, false)),
  define('.lastIndexOf', 'string, string -> int', (args) => indexOf(args, true)),
  define('.lastIndexOf', 'string, string, int -> int', (args) => indexOf(args, true)),
  define('.join', 'list<string> -> string', join),
  define('.join', 'list<string>, string -> string', join),
  define('.lowerAscii', 'string -> string', ascii(false)),
  define('.upperAscii', 'string -> string', ascii(true)),
  define('.replace', 'string, string, string -> string', replace),
  define('.replace', 'string, string, string, int -> string', replace),
  define('.split', 'string, string -> list<string>', split),
  define('.split', 'string, string, int -> list<string>', split),
  define('.substring', 'string, int -> string', substring),
  define('.substring', 'string, int, int -> string', substring),
  define('.trim', 'string -> string', ([a]) => text(a).trim()),
  define('.reverse', 'string -> string', ([a]) => points(a).reverse().join('')),
  define(
    '.format',
    'string, list<dyn> -> string',
    ([a, list]) => formatText(text(a), elements(list as List)),
    'string_format',
  ),
  define('strings.quote', 'string -> string', ([a]) => goQuote(text(a)), 'strings_quote'),
]
