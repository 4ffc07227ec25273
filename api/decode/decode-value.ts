import { deepFreeze } from '../json/deep-freeze.ts'
import { modelOf } from '../json/model.ts'
import { decodeScalar, jsonTypeName } from './decode-scalar.ts'
import { newDecodeState, noteStrict, noteTypeError, type DecodeState } from './decode-state.ts'
import type { FieldPlan, ListShape, MapShape, Shape, TypePlan } from './shape.ts'
import { typePlan } from './type-plan.ts'

/** Values that came out of the decoder as they went in; trusted only when frozen, so that a work copy is looked at again. */
const canonical = new WeakMap<object, Shape | TypePlan>()

/** What frozen structs came out as, where there was nothing to complain of: a template is decoded once. */
const decoded = new WeakMap<object, { readonly plan: TypePlan; readonly result: object }>()

/**
 * Only a whole object and what lies right below it is marked: whoever writes one again changes a part of it and hands on the
 * others, and a mark on each of a cluster's millions of small maps would cost more than it saves.
 */
const markedDepth = 2

const mark = (value: object, plan: Shape | TypePlan, state: DecodeState): void => {
  // A work copy is not marked either: it is copied on.
  if (state.structs.length < markedDepth && Object.isFrozen(value)) canonical.set(value, plan)
}

const zeroOf = (shape: Shape): unknown => {
  switch (shape.kind) {
    case 'string':
    case 'bytes':
      return ''
    case 'int32':
    case 'int64':
    case 'float':
    case 'intOrString':
      return 0
    case 'bool':
      return false
    case 'quantity':
      return '0'
    case 'struct':
      return emptyStruct(typePlan(shape.type))
    case 'list':
    case 'map':
    case 'time':
    case 'microTime':
    case 'any':
      return null
  }
}

const emptyStructs = new Map<TypePlan, object>()

/** A struct of zero values as encoding/json writes it: fields without omitempty, structs without pointer. Frozen and shared. */
const emptyStruct = (plan: TypePlan): object => {
  let empty = emptyStructs.get(plan)
  if (empty === undefined) {
    const out: Record<string, unknown> = {}
    for (const field of plan.fields) {
      const value = absent(field)
      if (value !== undefined) out[field.name] = value
    }
    empty = Object.freeze(out)
    emptyStructs.set(plan, empty)
    canonical.set(empty, plan)
  }
  return empty
}

/** What a field that was not given is written as; undefined: not at all. */
const absent = (field: FieldPlan): unknown => {
  if (field.omitZero) return undefined
  if (field.pointer) return field.always ? null : undefined
  switch (field.shape.kind) {
    case 'struct':
    case 'time':
    case 'microTime':
    case 'intOrString':
    case 'quantity':
      // omitempty leaves out no struct.
      return zeroOf(field.shape)
    case 'any':
      return field.always ? null : undefined
    default:
      return field.always ? zeroOf(field.shape) : undefined
  }
}

interface Standing {
  /** By the field's index. */
  readonly written: readonly boolean[]
  readonly count: number
}

const standings = new Map<TypePlan, Standing>()

/** The fields that are written even if they were not given. */
const standingOf = (plan: TypePlan): Standing => {
  let known = standings.get(plan)
  if (known === undefined) {
    const written = plan.fields.map((field) => absent(field) !== undefined)
    known = { written, count: written.filter((one) => one).length }
    standings.set(plan, known)
  }
  return known
}

const isZero = (value: unknown): boolean => {
  if (value === '' || value === 0 || value === false || value === null) return true
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

/** The written form of a decoded value of a field. */
const written = (field: FieldPlan, value: unknown): unknown => {
  if (field.pointer) return value
  switch (field.shape.kind) {
    case 'struct':
    case 'intOrString':
    case 'quantity':
    case 'time':
    case 'microTime':
      return value
    case 'any':
      return value
    case 'list':
    case 'map':
      // Stored as protobuf, which knows no empty list.
      return isZero(value) ? (field.always ? null : undefined) : value
    default:
      return isZero(value) && !field.always ? undefined : value
  }
}

const noteDuplicates = (state: DecodeState, value: object, key: string): void => {
  if (state.duplicates?.get(value)?.includes(key) === true) noteStrict(state, 'duplicate field', key)
}

/** Values by their fields' index, of those before the first that changes. */
const valuesBefore = (plan: TypePlan, source: Record<string, unknown>, until: string): unknown[] => {
  const values = new Array<unknown>(plan.fields.length)
  for (const key in source) {
    if (key === until) break
    const field = plan.byName.get(key)
    if (field !== undefined && source[key] !== null) values[field.index] = source[key]
  }
  return values
}

/** An object into a struct: unknown fields dropped, fields in wire order. Returns the very input if it was canonical. */
export const decodeStruct = (plan: TypePlan, input: object, state: DecodeState): object => {
  const frozen = Object.isFrozen(input)
  if (frozen) {
    const model = modelOf(input)
    if (canonical.get(model) === plan) return input
    const before = decoded.get(model)
    if (before?.plan === plan && model === input) return before.result
  }
  const complaints = state.strict.length + state.emptied.length
  const source = input as Record<string, unknown>
  // Made at the first change: most of what comes in is canonical already.
  let values: unknown[] | undefined
  const { written: always, count } = standingOf(plan)
  let standing = 0
  let previous = -1
  state.structs.push(plan.goName)
  for (const key in source) {
    const field = plan.byName.get(key)
    if (field === undefined) {
      noteStrict(state, 'unknown field', key)
      values ??= valuesBefore(plan, source, key)
      continue
    }
    if (state.duplicates !== undefined) noteDuplicates(state, input, key)
    if (field.index < previous) values ??= valuesBefore(plan, source, key)
    previous = field.index
    const raw = source[key]
    if (raw === null || raw === undefined) {
      if (raw === undefined || absent(field) !== null) values ??= valuesBefore(plan, source, key)
      else standing += 1
      continue
    }
    state.fields.push(key)
    state.strictPath.push(key)
    const value = decodeValue(field.shape, raw, state)
    if (field.always && field.shape.kind === 'list' && Array.isArray(value) && value.length === 0) {
      state.emptied.push(state.strictPath.slice())
    }
    state.fields.pop()
    state.strictPath.pop()
    const told = written(field, value)
    if (told !== raw) values ??= valuesBefore(plan, source, key)
    if (values !== undefined) values[field.index] = told
    else if (always[field.index] === true) standing += 1
  }
  state.structs.pop()
  if (values === undefined && standing === count) {
    mark(input, plan, state)
    return input
  }
  const given = values ?? valuesBefore(plan, source, '')
  const out: Record<string, unknown> = {}
  for (const field of plan.fields) {
    const value = given[field.index] ?? absent(field)
    if (value !== undefined) out[field.name] = value
  }
  const clean =
    complaints === state.strict.length + state.emptied.length && state.saved === undefined && state.fatal === undefined
  if (frozen && clean && state.duplicates === undefined) decoded.set(input, { plan, result: deepFreeze(out) })
  mark(out, plan, state)
  return out
}

const decodeList = (shape: ListShape, input: readonly unknown[], state: DecodeState): readonly unknown[] => {
  if (canonical.get(input) === shape && Object.isFrozen(input)) return input
  let changed = false
  const out = input.map((raw, index) => {
    state.strictPath.push(index)
    const value = raw === null || raw === undefined ? zeroOf(shape.item) : decodeValue(shape.item, raw, state)
    state.strictPath.pop()
    if (value !== raw) changed = true
    return value
  })
  const result = changed ? out : input
  mark(result, shape, state)
  return result
}

/** Maps are written with sorted keys. */
const decodeMap = (shape: MapShape, input: object, state: DecodeState): object => {
  if (canonical.get(input) === shape && Object.isFrozen(input)) return input
  const source = input as Record<string, unknown>
  let changed = false
  let previous: string | undefined
  const entries: [string, unknown][] = []
  for (const key of Object.keys(source)) {
    if (state.duplicates !== undefined) noteDuplicates(state, input, key)
    if (previous !== undefined && key < previous) changed = true
    previous = key
    const raw = source[key]
    state.strictPath.push(key)
    const value = raw === null || raw === undefined ? zeroOf(shape.value) : decodeValue(shape.value, raw, state)
    state.strictPath.pop()
    if (value !== raw) changed = true
    entries.push([key, value])
  }
  if (changed) entries.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  const result = changed ? Object.fromEntries(entries) : input
  mark(result, shape, state)
  return result
}

/** A value that is not null, by its shape. */
export const decodeValue = (shape: Shape, value: unknown, state: DecodeState): unknown => {
  switch (shape.kind) {
    case 'struct':
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return decodeStruct(typePlan(shape.type), value, state)
      noteTypeError(state, jsonTypeName(value), shape.go)
      return zeroOf(shape)
    case 'list':
      if (Array.isArray(value)) return decodeList(shape, value as unknown[], state)
      noteTypeError(state, jsonTypeName(value), shape.go)
      return null
    case 'map':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return decodeMap(shape, value, state)
      noteTypeError(state, jsonTypeName(value), shape.go)
      return null
    default:
      if (shape.objects !== undefined && typeof value === 'object' && value !== null && !Array.isArray(value)) {
        // A type that decodes itself: what its own decoder drops is told to nobody.
        return decodeStruct(typePlan(shape.objects), value, newDecodeState())
      }
      return decodeScalar(shape, value, state)
  }
}
