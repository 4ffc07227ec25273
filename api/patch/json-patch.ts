import { refuse, refused } from '../json/refusal.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { goQuote } from '../names/go-quote.ts'
import type { PatchResult } from './patch-result.ts'

type Operation = { readonly [field: string]: unknown }
type Container = { readonly [key: string]: unknown } | readonly unknown[]

/** handlers.maxJSONPatchOperations. */
const maxOperations = 10_000

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

const decodeKey = (key: string): string => key.replace(/~[01]/g, (code) => (code === '~1' ? '/' : '~'))

/** strconv.Atoi of a list index; a negative one counts from `length`. */
const indexOf = (key: string, length: number): number => {
  if (!/^[+-]?[0-9]+$/.test(key)) throw refuse(`strconv.Atoi: parsing ${goQuote(key)}: invalid syntax`)
  const index = Number(key)
  const wrong = refuse(`Unable to access invalid index: ${index}: invalid index referenced`)
  if (index < -length) throw wrong
  return index < 0 ? index + length : index
}

const inRange = (index: number, length: number): number => {
  if (index >= length) throw refuse(`Unable to access invalid index: ${index}: invalid index referenced`)
  return index
}

/** partialDoc.get: undefined for a missing key, null included. */
const get = (container: Container, key: string): unknown => {
  if (Array.isArray(container)) return container[inRange(indexOf(key, container.length), container.length)]
  return Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined
}

const withField = (object: Container, key: string, value: unknown): Container => {
  const copy = { ...(object as Record<string, unknown>) }
  Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true })
  return copy
}

const add = (container: Container, key: string, value: unknown): Container => {
  if (!Array.isArray(container)) return withField(container, key, value)
  if (key === '-') return [...(container as unknown[]), value]
  const index = inRange(indexOf(key, container.length + 1), container.length + 1)
  return container.toSpliced(index, 0, value) as unknown[]
}

const set = (container: Container, key: string, value: unknown): Container =>
  Array.isArray(container)
    ? (container.with(inRange(indexOf(key, container.length), container.length), value) as unknown[])
    : withField(container, key, value)

const remove = (container: Container, key: string): Container => {
  if (Array.isArray(container)) {
    return container.toSpliced(inRange(indexOf(key, container.length), container.length), 1) as unknown[]
  }
  if (!Object.hasOwn(container, key)) throw refuse(`Unable to remove nonexistent key: ${key}: missing value`)
  const copy = { ...(container as Record<string, unknown>) }
  Reflect.deleteProperty(copy, key)
  return copy
}

/** findObject: what stands before the first slash does not matter, and a path needs one. */
const stepsOf = (path: string): string[] | undefined => {
  const steps = path.split('/').slice(1).map(decodeKey)
  return steps.length === 0 ? undefined : steps
}

const missing = (path: string, kind: string): Error =>
  refuse(`${kind} operation does not apply: doc is missing path: ${goQuote(path)}: missing value`)

const step = (container: Container, key: string): unknown => {
  try {
    return get(container, key)
  } catch (thrown) {
    refused(thrown)
    return undefined
  }
}

const containerAt = (document: unknown, path: string, kind: string): { container: Container; key: string } => {
  const steps = stepsOf(path)
  let current = document
  for (const key of steps?.slice(0, -1) ?? []) current = isContainer(current) ? step(current, key) : undefined
  const key = steps?.at(-1)
  if (key === undefined || !isContainer(current)) throw missing(path, kind)
  return { container: current, key }
}

/** The document with the container at a path replaced by what `change` makes of it; copies the way there. */
const changeAt = (
  document: unknown,
  steps: readonly string[],
  change: (container: Container, key: string) => Container,
): unknown => {
  const [key, ...rest] = steps
  const container = document as Container
  if (key === undefined) return document
  return rest.length === 0 ? change(container, key) : set(container, key, changeAt(get(container, key), rest, change))
}

const textField = (operation: Operation, field: 'path' | 'from'): string => {
  const value = operation[field]
  if (typeof value === 'string') return value
  throw refuse(`operation missing ${field} field: missing value`)
}

const applyOne = (document: unknown, operation: Operation): unknown => {
  const kind = typeof operation.op === 'string' ? operation.op : 'unknown'
  const edit = (path: string, change: (container: Container, key: string) => Container): unknown => {
    containerAt(document, path, kind)
    return changeAt(document, stepsOf(path) ?? [], change)
  }
  const value = Object.hasOwn(operation, 'value') ? operation.value : null
  switch (kind) {
    case 'add':
      return edit(textField(operation, 'path'), (container, key) => add(container, key, value))
    case 'remove':
      return edit(textField(operation, 'path'), remove)
    case 'replace': {
      const path = textField(operation, 'path')
      if (path !== '') return edit(path, (container, key) => set(container, key, value))
      if (!isContainer(value)) throw refuse('replace operation value must be object or array')
      return value
    }
    case 'move': {
      const from = containerAt(document, textField(operation, 'from'), kind)
      const held = get(from.container, from.key) ?? null
      const without = changeAt(document, stepsOf(textField(operation, 'from')) ?? [], remove)
      return applyOne(without, { op: 'add', path: textField(operation, 'path'), value: held })
    }
    case 'copy': {
      const from = containerAt(document, textField(operation, 'from'), kind)
      return applyOne(document, {
        op: 'add',
        path: textField(operation, 'path'),
        value: get(from.container, from.key) ?? null,
      })
    }
    case 'test': {
      const path = textField(operation, 'path')
      const at = path === '' ? undefined : containerAt(document, path, kind)
      const held = at === undefined ? document : get(at.container, at.key)
      if (!structuralEqual(held ?? null, value)) throw refuse(`testing value ${path} failed: test failed`)
      return document
    }
    default:
      throw refuse(`Unexpected kind: ${kind}`)
  }
}

const goKind = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

const cannot = (value: unknown, type: string): { error: string; code: 400 } => ({
  error: `error decoding patch: json: cannot unmarshal ${goKind(value)} into Go value of type ${type}`,
  code: 400,
})

/**
 * A JSON patch (RFC 6902) as gopkg.in/evanphx/json-patch.v4 applies it, which is laxer: `replace` makes a missing field,
 * negative indexes count from the end. Copies only what changes; the first refused operation refuses the patch.
 */
export const applyJsonPatch = <T>(document: T, operations: unknown): PatchResult<T> => {
  if (operations === null) return { document }
  if (!Array.isArray(operations)) return cannot(operations, '[]handlers.jsonPatchOp')
  for (const operation of operations as unknown[]) {
    if (!isContainer(operation) || Array.isArray(operation)) return cannot(operation, 'handlers.jsonPatchOp')
  }
  if (operations.length > maxOperations) {
    return {
      error: `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
      code: 413,
    }
  }
  let current: unknown = document
  try {
    for (const operation of operations as Operation[]) current = applyOne(current, operation)
  } catch (thrown) {
    return { error: refused(thrown).message, code: 422 }
  }
  return { document: current as T }
}
