import defaultsJson from '../schema/data/defaults.json' with { type: 'json' }
import { canonicalObject } from '../decode/decode.ts'
import { modelOf } from '../json/model.ts'
import type { FieldPlan, Shape, TypePlan } from '../decode/shape.ts'
import { typePlan } from '../decode/type-plan.ts'
import { deepFreeze } from '../json/deep-freeze.ts'
import { defaultCustom } from '../custom-resources/coerce-custom.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../protocol/resource.ts'
import { defaulters } from './defaulters.ts'
import { fillNil, fillZero, type Fields } from './fill.ts'
import { roundResourceList } from './resource-list.ts'

/** `+default` tags of the Go types that OpenAPI states. */
const statics = (defaultsJson as { readonly static: Readonly<Record<string, Fields>> }).static

interface Walk {
  readonly own: ((value: Fields) => Fields) | undefined
  readonly children: readonly FieldPlan[]
}

const walks = new Map<string, Walk>()
const reaching = new Map<string, boolean>()

/** Whether a shape has anything below it that is defaulted. */
const reaches = (shape: Shape): boolean => {
  switch (shape.kind) {
    case 'struct': {
      const known = reaching.get(shape.type)
      if (known !== undefined) return known
      // A recursive type adds nothing by itself.
      reaching.set(shape.type, false)
      const found =
        defaulters[shape.type] !== undefined ||
        statics[shape.type] !== undefined ||
        typePlan(shape.type).fields.some((field) => reaches(field.shape))
      reaching.set(shape.type, found)
      return found
    }
    case 'list':
      return reaches(shape.item)
    case 'map':
      return shape.go === 'v1.ResourceList' || reaches(shape.value)
    default:
      return false
  }
}

const ownDefaults = (plan: TypePlan): Walk['own'] => {
  const fixed = statics[plan.type]
  const set = defaulters[plan.type]
  if (fixed === undefined) return set
  const nil: Record<string, unknown> = {}
  const zero: Record<string, unknown> = {}
  for (const key of Object.keys(fixed)) (plan.byName.get(key)?.pointer === true ? nil : zero)[key] = fixed[key]
  return (value) => fillZero(fillNil(set === undefined ? value : set(value), nil), zero)
}

const walkOf = (plan: TypePlan): Walk => {
  let walk = walks.get(plan.type)
  if (walk === undefined) {
    walk = { own: ownDefaults(plan), children: plan.fields.filter((field) => reaches(field.shape)) }
    walks.set(plan.type, walk)
  }
  return walk
}

/** Results for frozen structs: a pod template is defaulted once, however many pods share it. */
const remembered = new WeakMap<object, { readonly plan: TypePlan; readonly result: Fields }>()

const defaultStruct = (plan: TypePlan, value: Fields): Fields => {
  const model = modelOf(value)
  const known = remembered.get(model)
  if (known?.plan === plan && (model === value || known.result === model)) return model === value ? known.result : value
  const { own, children } = walkOf(plan)
  let out = own === undefined ? value : own(value)
  for (const field of children) {
    const before = out[field.name]
    if (before === undefined || before === null) continue
    const after = defaultShape(field.shape, before)
    if (after === before) continue
    if (out === value) out = { ...value }
    ;(out as Record<string, unknown>)[field.name] = after
  }
  if (Object.isFrozen(value)) remembered.set(value, { plan, result: deepFreeze(out) })
  return out
}

const defaultShape = (shape: Shape, value: unknown): unknown => {
  switch (shape.kind) {
    case 'struct':
      return defaultStruct(typePlan(shape.type), value as Fields)
    case 'list': {
      let changed = false
      const out = (value as readonly unknown[]).map((item) => {
        const after = defaultShape(shape.item, item)
        if (after !== item) changed = true
        return after
      })
      return changed ? out : value
    }
    case 'map': {
      if (shape.go === 'v1.ResourceList') return roundResourceList(value as Fields)
      if (shape.value.kind !== 'struct') return value
      let out: Record<string, unknown> | undefined
      for (const key of Object.keys(value as Fields)) {
        const item = (value as Fields)[key]
        const after = defaultShape(shape.value, item)
        if (after === item) continue
        out ??= { ...(value as Fields) }
        out[key] = after
      }
      return out ?? value
    }
    default:
      return value
  }
}

/**
 * A decoded object with its defaults, in canonical form: what the server's defaulting functions (pkg/apis/<group>/v<n>
 * SetObjectDefaults_<Kind>) and conversions make of it. Path-copying; an object that lacks nothing comes back as it is.
 */
export const applyDefaults = (resource: Resource, object: KubeObject): KubeObject => {
  if (resource.type === undefined)
    return resource.custom === undefined ? object : defaultCustom(resource.custom, object)
  const value = object as unknown as Fields
  const out = defaultStruct(typePlan(resource.type), value)
  return out === value ? object : canonicalObject(resource, out as unknown as KubeObject)
}
