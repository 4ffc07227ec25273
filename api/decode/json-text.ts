import { maxDepth } from './too-deep.ts'

/** JSON text as Go reads it, with what JSON.parse does not tell: duplicate keys, and Go's words for a syntax error. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: WeakMap<object, readonly string[]> }
  | { readonly ok: false; readonly message: string }

interface Reader {
  readonly text: string
  at: number
  depth: number
  error: string | undefined
  readonly duplicates: WeakMap<object, string[]>
}

const blank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9

const skip = (reader: Reader): void => {
  while (reader.at < reader.text.length && blank(reader.text.charCodeAt(reader.at))) reader.at += 1
}

/** quoteChar of encoding/json. */
const quoted = (letter: string): string => {
  if (letter === "'") return "'\\''"
  if (letter === '"') return "'\"'"
  const code = letter.charCodeAt(0)
  if (code === 7 || code === 11) return code === 7 ? "'\\a'" : "'\\v'"
  const unprintable = code < 0x20 ? !/[\b\f\n\r\t]/.test(letter) : code >= 0x7f && (code <= 0xa0 || code === 0xad)
  if (unprintable)
    return code < 0x80 ? `'\\x${code.toString(16).padStart(2, '0')}'` : `'\\u${code.toString(16).padStart(4, '0')}'`
  return `'${JSON.stringify(letter).slice(1, -1)}'`
}

const refuse = (reader: Reader, context: string): undefined => {
  const letter = reader.text[reader.at]
  reader.error ??=
    letter === undefined ? 'unexpected end of JSON input' : `invalid character ${quoted(letter)} ${context}`
  return undefined
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const readString = (reader: Reader): string | undefined => {
  let out = ''
  reader.at += 1
  let start = reader.at
  for (;;) {
    const letter = reader.text[reader.at]
    if (letter === undefined) return refuse(reader, '')
    if (letter === '"') {
      out += reader.text.slice(start, reader.at)
      reader.at += 1
      return out
    }
    if (letter < ' ') return refuse(reader, 'in string literal')
    if (letter !== '\\') {
      reader.at += 1
      continue
    }
    out += reader.text.slice(start, reader.at)
    reader.at += 1
    const kind = reader.text[reader.at] ?? ''
    if (kind === 'u') {
      for (let i = 1; i <= 4; i += 1) {
        reader.at += 1
        if (!/[0-9a-fA-F]/.test(reader.text[reader.at] ?? ''))
          return refuse(reader, 'in \\u hexadecimal character escape')
      }
      out += String.fromCharCode(parseInt(reader.text.slice(reader.at - 3, reader.at + 1), 16))
    } else {
      const plain = escapes[kind]
      if (plain === undefined) return refuse(reader, 'in string escape code')
      out += plain
    }
    reader.at += 1
    start = reader.at
  }
}

const readWord = (reader: Reader, word: string, value: unknown): unknown => {
  for (let i = 1; i < word.length; i += 1) {
    reader.at += 1
    if (reader.text[reader.at] !== word[i])
      return refuse(reader, `in literal ${word} (expecting ${quoted(word[i] ?? '')})`)
  }
  reader.at += 1
  return value
}

const readNumber = (reader: Reader): unknown => {
  const found = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(reader.text.slice(reader.at, reader.at + 400))
  if (found === null) {
    reader.at += 1
    return refuse(reader, 'in numeric literal')
  }
  reader.at += found[0].length
  return Number(found[0])
}

const readObject = (reader: Reader): unknown => {
  const out: Record<string, unknown> = {}
  reader.at += 1
  skip(reader)
  if (reader.text[reader.at] === '}') {
    reader.at += 1
    return out
  }
  for (;;) {
    skip(reader)
    if (reader.text[reader.at] !== '"') return refuse(reader, 'looking for beginning of object key string')
    const key = readString(reader)
    if (key === undefined) return undefined
    skip(reader)
    if (reader.text[reader.at] !== ':') return refuse(reader, 'after object key')
    reader.at += 1
    const value = readValue(reader)
    if (reader.error !== undefined) return undefined
    if (Object.hasOwn(out, key)) {
      const known = reader.duplicates.get(out) ?? []
      known.push(key)
      reader.duplicates.set(out, known)
    }
    Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true })
    skip(reader)
    const next = reader.text[reader.at]
    if (next !== ',' && next !== '}') return refuse(reader, 'after object key:value pair')
    reader.at += 1
    if (next === '}') return out
  }
}

const readArray = (reader: Reader): unknown => {
  const out: unknown[] = []
  reader.at += 1
  skip(reader)
  if (reader.text[reader.at] === ']') {
    reader.at += 1
    return out
  }
  for (;;) {
    out.push(readValue(reader))
    if (reader.error !== undefined) return undefined
    skip(reader)
    const next = reader.text[reader.at]
    if (next !== ',' && next !== ']') return refuse(reader, 'after array element')
    reader.at += 1
    if (next === ']') return out
  }
}

const readValue = (reader: Reader): unknown => {
  skip(reader)
  const letter = reader.text[reader.at] ?? ''
  switch (letter) {
    case '{':
    case '[': {
      // pushParseState of encoding/json
      if (reader.depth === maxDepth) return refuse(reader, 'exceeded max depth')
      reader.depth += 1
      const value = letter === '{' ? readObject(reader) : readArray(reader)
      reader.depth -= 1
      return value
    }
    case '"':
      return readString(reader)
    case 't':
      return readWord(reader, 'true', true)
    case 'f':
      return readWord(reader, 'false', false)
    case 'n':
      return readWord(reader, 'null', null)
    default:
      return /[-0-9]/.test(letter) ? readNumber(reader) : refuse(reader, 'looking for beginning of value')
  }
}

/** Reads one JSON value and nothing else. */
export const readJsonText = (text: string): JsonText => {
  const reader: Reader = { text, at: 0, depth: 0, error: undefined, duplicates: new WeakMap() }
  const value = readValue(reader)
  skip(reader)
  if (reader.error === undefined && reader.at < text.length) refuse(reader, 'after top-level value')
  return reader.error === undefined
    ? { ok: true, value, duplicates: reader.duplicates }
    : { ok: false, message: reader.error }
}
