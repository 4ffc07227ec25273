import type { Json } from '../../api/object.ts'
import type { PathStep } from '../../dsl/plan/expression.ts'
import { leafOf, type Leaf } from '../../api/schema/field-type.ts'
import { typeAt } from './type-at.ts'
import { absentValue, booleanValue, listValue, numberValue, stringValue, type Value } from './value.ts'

/** `{.spec.containers[name=app].image}` as it is written. */
export const pathText = (path: readonly PathStep[]): string => {
  const steps = path.map((step) => {
    switch (step.kind) {
      case 'field':
        return /^[A-Za-z_][\w-]*$/.test(step.name) ? `.${step.name}` : `["${step.name}"]`
      case 'every':
        return '.*'
      case 'index':
        return `[${step.index}]`
      case 'key':
        return `[${step.key}=${step.value}]`
    }
  })
  return `{${steps.join('')}}`
}

const stepInto = (value: unknown, step: PathStep): unknown => {
  if (value === null || typeof value !== 'object') return undefined
  switch (step.kind) {
    case 'field':
      return Array.isArray(value) ? undefined : (value as Readonly<Record<string, unknown>>)[step.name]
    case 'index':
      return Array.isArray(value) ? (value as readonly unknown[])[step.index] : undefined
    case 'key':
      return Array.isArray(value)
        ? (value as readonly Readonly<Record<string, unknown>>[]).find((item) => String(item[step.key]) === step.value)
        : undefined
    case 'every':
      return Array.isArray(value) ? value : Object.values(value)
  }
}

/** What stands at the path, `every` spread into a list. */
const collect = (value: unknown, path: readonly PathStep[], from: number): unknown => {
  let here = value
  for (let index = from; index < path.length; index += 1) {
    const step = path[index]!
    here = stepInto(here, step)
    if (here === undefined) return undefined
    if (step.kind === 'every') {
      const rest = index + 1
      return (here as readonly unknown[]).map((item) => collect(item, path, rest)).filter((item) => item !== undefined)
    }
  }
  return here
}

/** What stands at a path, as it is. */
export const rawAt = (root: unknown, path: readonly PathStep[]): Json | undefined =>
  collect(root, path, 0) as Json | undefined

const fromRfc3339 = (text: string, epoch: number): Value => {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z$/.exec(text)
  if (match === null) return stringValue(text)
  const millis = Date.parse(`${match[1]}Z`)
  const micros = Number((match[2] ?? '').padEnd(6, '0'))
  return { kind: 'time', micros: millis * 1000 + micros - epoch, moves: 0 }
}

/** A JSON value with the type that the schema gives it. */
export const valueOfJson = (json: unknown, leaf: Leaf, epoch: number): Value => {
  if (json === undefined || json === null) return absentValue('')
  if (typeof json === 'boolean') return booleanValue(json)
  if (leaf === 'quantity' && (typeof json === 'string' || typeof json === 'number')) {
    return { kind: 'quantity', text: String(json) }
  }
  if (typeof json === 'number') return numberValue(json)
  if (typeof json === 'string') {
    if (leaf === 'time') return fromRfc3339(json, epoch)
    if (leaf === 'int-or-string' && /^\d+%$/.test(json)) return { kind: 'percent', value: Number(json.slice(0, -1)) }
    return stringValue(json)
  }
  if (Array.isArray(json)) return listValue((json as readonly unknown[]).map((item) => valueOfJson(item, leaf, epoch)))
  return { kind: 'json', json: json as Json }
}

/**
 * The value at a path of an object. `type` is its kind's schema. An integer or boolean under `.status` that is not there reads
 * as 0 or false, since Kubernetes omits zeroes.
 */
export const readPath = (root: unknown, path: readonly PathStep[], type: string | undefined, epoch: number): Value => {
  const leaf = leafOf(typeAt(type, path))
  const found = collect(root, path, 0)
  if (found !== undefined && found !== null) return valueOfJson(found, leaf, epoch)
  const first = path[0]
  if (first?.kind === 'field' && first.name === 'status') {
    if (leaf === 'integer') return numberValue(0)
    if (leaf === 'boolean') return booleanValue(false)
  }
  return absentValue(pathText(path))
}

/** Whether anything stands at the path, zeroes that Kubernetes omits not counted. */
export const pathPresent = (root: unknown, path: readonly PathStep[]): boolean => {
  const found = collect(root, path, 0)
  return found !== undefined && found !== null && !(Array.isArray(found) && found.length === 0)
}
