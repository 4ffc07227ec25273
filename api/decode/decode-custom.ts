import type { DecodeState } from './decode-state.ts'
import { decodeStruct } from './decode-value.ts'
import { typePlan } from './type-plan.ts'

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const sortedForms = new WeakSet<object>()

/** Unstructured objects are Go maps: written with sorted keys at every depth. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (sortedForms.has(value) && Object.isFrozen(value)) return value
  let same = true
  let result: object
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => {
      const out = sorted(item)
      if (out !== item) same = false
      return out
    })
    result = same ? value : items
  } else {
    const source = value as Record<string, unknown>
    const keys = Object.keys(source)
    const order = keys.slice().sort()
    const out: Record<string, unknown> = {}
    order.forEach((key, index) => {
      const item = sorted(source[key])
      if (item !== source[key] || key !== keys[index]) same = false
      Object.defineProperty(out, key, { value: item, enumerable: true, writable: true, configurable: true })
    })
    result = same ? value : out
  }
  sortedForms.add(result)
  return result
}

/** A custom resource: metadata decoded as ObjectMeta, the rest as it came, sorted. Its schema is applied elsewhere. */
export const decodeCustom = (input: object, state: DecodeState): object => {
  const source = input as Record<string, unknown>
  const metadata = source['metadata']
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    return sorted({ ...source, metadata: {} }) as object
  state.strictPath.push('metadata')
  const decoded = decodeStruct(typePlan(objectMeta), metadata, state)
  state.strictPath.pop()
  const form = sorted(decoded)
  return sorted(form === metadata ? source : { ...source, metadata: form }) as object
}
