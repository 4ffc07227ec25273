import { messagePlan, schemaProps, type MessagePlan, type ProtoShape } from './message-plan.ts'
import { readFields, type WireError, type WireField } from './wire-reader.ts'

/** Messages below one another; far more than any kind nests, few enough for every stack. */
const maxDepth = 200

type Fields = Record<string, unknown>
/** What a field came to, or why the bytes are none. Errors travel as values: a body is not trusted. */
type Decoded = { readonly value: unknown } | WireError

const text = new TextDecoder('utf-8')
const utf8 = (bytes: Uint8Array): string => text.decode(bytes)

const setOwn = (target: Fields, key: string, value: unknown): void => {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true })
  else target[key] = value
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const base64 = (bytes: Uint8Array): string => {
  let out = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]]
    out += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | ((b ?? 0) >> 4)]!
    out += b === undefined ? '==' : alphabet[((b & 15) << 2) | ((c ?? 0) >> 6)]!
    if (b !== undefined) out += c === undefined ? '=' : alphabet[c & 63]!
  }
  return out
}

const intOf = (field: WireField): number => Number(BigInt.asIntN(64, field.varint))

/** {1 seconds, 2 nanos}; an empty message is the zero time. */
const timeText = (bytes: Uint8Array, micro: boolean): Decoded => {
  const fields = readFields(bytes)
  if ('error' in fields) return fields
  if (fields.length === 0) return { value: null }
  let seconds = 0
  let nanos = 0
  for (const field of fields) {
    if (field.number === 1) seconds = intOf(field)
    if (field.number === 2) nanos = intOf(field)
  }
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return { error: 'proto: time out of range' }
  const whole = date.toISOString().slice(0, -5)
  const fraction = String(Math.floor(nanos / 1000)).padStart(6, '0')
  return { value: micro ? `${whole}.${fraction}Z` : `${whole}Z` }
}

/** {1 type, 2 intVal, 3 strVal} */
const intOrString = (bytes: Uint8Array): Decoded => {
  const fields = readFields(bytes)
  if ('error' in fields) return fields
  let [isText, number, string] = [false, 0, '']
  for (const field of fields) {
    if (field.number === 1) isText = intOf(field) === 1
    if (field.number === 2) number = intOf(field)
    if (field.number === 3) string = utf8(field.bytes)
  }
  return { value: isText ? string : number }
}

const firstField = (bytes: Uint8Array, number: number): WireField | undefined | WireError => {
  const fields = readFields(bytes)
  return 'error' in fields ? fields : fields.findLast((field) => field.number === number)
}

const stringOf = (bytes: Uint8Array, missing: string): Decoded => {
  const field = firstField(bytes, 1)
  if (field !== undefined && 'error' in field) return field
  return { value: field === undefined ? missing : utf8(field.bytes) }
}

/** {1 raw}: JSON text. */
const rawJson = (bytes: Uint8Array): Decoded => {
  const field = firstField(bytes, 1)
  if (field !== undefined && 'error' in field) return field
  if (field === undefined || field.bytes.length === 0) return { value: null }
  try {
    return { value: JSON.parse(utf8(field.bytes)) as unknown }
  } catch {
    return { error: 'json: the raw value of a field is no JSON' }
  }
}

const strings = (bytes: Uint8Array, number: number): Decoded => {
  const fields = readFields(bytes)
  return 'error' in fields
    ? fields
    : { value: fields.filter((one) => one.number === number).map((one) => utf8(one.bytes)) }
}

/** JSONSchemaPropsOr…: a schema, or what stands in its place. */
const schemaOr = (
  bytes: Uint8Array,
  kind: 'schemaOrBool' | 'schemaOrArray' | 'schemaOrStrings',
  depth: number,
): Decoded => {
  const fields = readFields(bytes)
  if ('error' in fields) return fields
  const schemaAt = kind === 'schemaOrBool' ? 2 : 1
  const schema = fields.findLast((one) => one.number === schemaAt)
  if (schema !== undefined) return single(schemaProps, schema, depth)
  if (kind === 'schemaOrBool') {
    const allows = fields.findLast((one) => one.number === 1)
    return { value: allows !== undefined && allows.varint !== 0n }
  }
  if (kind === 'schemaOrStrings') return strings(bytes, 2)
  const list: unknown[] = []
  for (const field of fields) {
    if (field.number !== 2) continue
    const item = single(schemaProps, field, depth)
    if ('error' in item) return item
    list.push(item.value)
  }
  return { value: list }
}

const wireTypeOf = (shape: ProtoShape): 0 | 1 | 2 =>
  shape.kind === 'int' || shape.kind === 'bool' ? 0 : shape.kind === 'float' ? 1 : 2

/** One value of a field. */
const single = (shape: ProtoShape, field: WireField, depth: number): Decoded => {
  if (field.wireType !== wireTypeOf(shape)) return { error: `proto: wrong wireType = ${field.wireType}` }
  const { bytes } = field
  switch (shape.kind) {
    case 'int':
      return { value: intOf(field) }
    case 'bool':
      return { value: field.varint !== 0n }
    case 'float':
      return { value: new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true) }
    case 'string':
      return { value: utf8(bytes) }
    case 'bytes':
      return { value: base64(bytes) }
    case 'quantity':
      return stringOf(bytes, '0')
    case 'time':
    case 'microTime':
      return timeText(bytes, shape.kind === 'microTime')
    case 'duration': {
      const nanos = firstField(bytes, 1)
      if (nanos !== undefined && 'error' in nanos) return nanos
      return { value: `${nanos === undefined ? 0 : intOf(nanos) / 1e9}s` }
    }
    case 'intOrString':
      return intOrString(bytes)
    case 'rawJson':
      return rawJson(bytes)
    case 'stringList':
      return strings(bytes, 1)
    case 'schemaOrBool':
    case 'schemaOrArray':
    case 'schemaOrStrings':
      return schemaOr(bytes, shape.kind, depth + 1)
    case 'message': {
      const into: Fields = {}
      const error = decodeInto(into, messagePlan(shape.type), bytes, depth + 1)
      return error ?? { value: into }
    }
    case 'list':
    case 'map':
      return { error: 'proto: a list within a list' }
  }
}

const zeroOf = (shape: ProtoShape): unknown =>
  shape.kind === 'string' || shape.kind === 'bytes'
    ? ''
    : shape.kind === 'quantity'
      ? '0'
      : shape.kind === 'message'
        ? {}
        : null

/** {1 key, 2 value} */
const mapEntry = (target: Fields, value: ProtoShape, bytes: Uint8Array, depth: number): WireError | undefined => {
  const fields = readFields(bytes)
  if ('error' in fields) return fields
  let key = ''
  let decoded = zeroOf(value)
  for (const field of fields) {
    if (field.number === 1) key = utf8(field.bytes)
    if (field.number === 2) {
      const one = single(value, field, depth + 1)
      if ('error' in one) return one
      decoded = one.value
    }
  }
  setOwn(target, key, decoded)
  return undefined
}

const decodeInto = (target: Fields, plan: MessagePlan, bytes: Uint8Array, depth: number): WireError | undefined => {
  if (depth > maxDepth) return { error: 'proto: the message is nested too deeply' }
  const fields = readFields(bytes)
  if ('error' in fields) return fields
  for (const field of fields) {
    const known = plan.get(field.number)
    if (known === undefined) continue
    const { name, shape, inline } = known
    if (inline) {
      if (shape.kind !== 'message') continue
      if (field.wireType !== 2) return { error: `proto: wrong wireType = ${field.wireType} for field ${name}` }
      const error = decodeInto(target, messagePlan(shape.type), field.bytes, depth + 1)
      if (error !== undefined) return error
    } else if (shape.kind === 'list') {
      const list = (Object.hasOwn(target, name) ? target[name] : (target[name] = [])) as unknown[]
      // Numbers of a list may come packed into one field.
      const packed = field.wireType === 2 && wireTypeOf(shape.item) === 0
      const one = packed ? unpack(field.bytes) : single(shape.item, field, depth)
      if ('error' in one) return one
      if (packed) list.push(...(one.value as readonly unknown[]))
      else list.push(one.value)
    } else if (shape.kind === 'map') {
      if (field.wireType !== 2) return { error: `proto: wrong wireType = ${field.wireType} for field ${name}` }
      const map = (Object.hasOwn(target, name) ? target[name] : (target[name] = {})) as Fields
      const error = mapEntry(map, shape.value, field.bytes, depth)
      if (error !== undefined) return error
    } else {
      const one = single(shape, field, depth)
      if ('error' in one) return { error: /wireType/.test(one.error) ? `${one.error} for field ${name}` : one.error }
      target[name] = one.value
    }
  }
  return undefined
}

const unpack = (bytes: Uint8Array): Decoded => {
  const values: number[] = []
  let value = 0n
  let shift = 0n
  for (const byte of bytes) {
    if (shift > 63n) return { error: 'proto: integer overflow' }
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte >= 0x80) continue
    values.push(Number(BigInt.asIntN(64, value)))
    value = 0n
    shift = 0n
  }
  return shift === 0n ? { value: values } : { error: 'unexpected EOF' }
}

/** A message of an OpenAPI type as the JSON value that says the same. */
export const decodeMessage = (type: string, bytes: Uint8Array): Decoded => {
  const value: Fields = {}
  return decodeInto(value, messagePlan(type), bytes, 0) ?? { value }
}
