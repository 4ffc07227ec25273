import { structuralEqual } from '../json/structural-equal.ts'
import type { JSONSchemaProps, ValidationRule } from '../types/apiextensions-v1.generated.ts'
import { duplicate, forbidden, invalid, invalidUnshown, required, type Cause } from '../validation/cause.ts'
import { adapt } from './adapt.ts'
import { rulesOf, type CompiledRule } from './rules.ts'
import { schemaType } from './schema-type.ts'
import type { CelType } from './types.ts'
import { isFailure, none, some, type Value } from './values.ts'

/** RuntimeCELCostBudget of k8s.io/apiserver/pkg/apis/cel/config.go: what all rules of one object may cost together. */
export const costBudget = 10_000_000
const maxMessage = 5 * 1024

export interface RulesResult {
  readonly causes: readonly Cause[]
  /** What would be refused, did it not stand there before (ratcheting). */
  readonly warnings: readonly string[]
}

interface Walk {
  readonly causes: Cause[]
  readonly warnings: string[]
  budget: number
}

/** Where one value's old counterpart is known, for ratcheting. */
interface Correlation {
  readonly old: unknown
  readonly known: boolean
  /** The nearest ancestor with a counterpart is what it was. */
  readonly ancestorSame: boolean
}

/** Whether a schema or one below it has rules: asked once a schema. */
const withRules = new WeakMap<object, boolean>()
const hasRules = (schema: JSONSchemaProps): boolean => {
  let known = withRules.get(schema)
  if (known === undefined) {
    const inside = (one: unknown): boolean => typeof one === 'object' && one !== null && hasRules(one)
    known =
      (schema['x-kubernetes-validations'] ?? []).length > 0 ||
      Object.values(schema.properties ?? {}).some(inside) ||
      inside(schema.additionalProperties) ||
      inside(schema.items) ||
      (schema.allOf ?? []).some(inside)
    withRules.set(schema, known)
  }
  return known
}

const types = new WeakMap<object, CelType | false>()
const typeOf = (schema: JSONSchemaProps, root: boolean): CelType | undefined => {
  if (root) return schemaType(schema, true)
  let known = types.get(schema)
  if (known === undefined) types.set(schema, (known = schemaType(schema) ?? false))
  return known === false ? undefined : known
}

const shownRule = (rule: ValidationRule): string =>
  (rule.message === undefined || rule.message === '' ? rule.rule : rule.message).trim()
const defaultMessage = (rule: ValidationRule): string =>
  rule.message === undefined || rule.message === '' ? `failed rule: ${rule.rule.trim()}` : rule.message.trim()

const complaint = (path: string, value: unknown, detail: string, reason: string | undefined): Cause => {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(path, detail)
    case 'FieldValueRequired':
      return required(path, detail)
    case 'FieldValueDuplicate':
      return duplicate(path, value ?? null)
    default:
      return value === undefined ? invalidUnshown(path, detail) : invalid(path, value, detail)
  }
}

const shownPath = (path: string): string => (path === '' ? '<nil>' : path)

interface Place {
  readonly schema: JSONSchemaProps
  readonly path: string
  readonly self: unknown
  readonly correlation: Correlation
}

const failureText = (message: string, rule: ValidationRule): readonly [text: string, last: boolean] => {
  if (message.startsWith('no such overload'))
    return [
      `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${shownRule(rule)}`,
      false,
    ]
  if (message.startsWith('operation cancelled: actual cost limit exceeded'))
    return [
      `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${shownRule(rule)}`,
      true,
    ]
  return [`${message} evaluating rule: ${shownRule(rule)}`, false]
}

/** The text of a messageExpression; undefined where it gives none that may be shown. */
const messageOf = (one: CompiledRule, resolve: (name: string) => Value | undefined, walk: Walk): string | undefined => {
  if (one.message === undefined) return undefined
  const { value, cost } = one.message.evaluate(resolve)
  walk.budget -= cost
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' || text.length > maxMessage || text.includes('\n') ? undefined : text
}

/** validateExpressions: the rules of one schema about one value. false: the budget is spent. */
const applyRules = (place: Place, type: CelType, rules: readonly CompiledRule[], walk: Walk): boolean => {
  const { schema, self, correlation } = place
  const path = shownPath(place.path)
  const typeName = schema.type ?? ''
  const old = correlation.known && correlation.old !== null ? correlation.old : undefined
  const now = adapt(self, type)
  const before = old === undefined ? undefined : adapt(old, type)
  for (const one of rules) {
    if (walk.budget <= 0) {
      walk.causes.push(
        invalid(
          path,
          typeName,
          'validation failed due to running out of cost budget, no further validation rules will be run',
        ),
      )
      return false
    }
    if (one.error !== undefined) {
      walk.causes.push(invalid(path, typeName, `rule compile error: ${one.error}`))
      continue
    }
    if (one.expression === undefined) continue
    const optional = one.rule.optionalOldSelf === true
    if (one.usesOldSelf && before === undefined && !optional) continue
    const oldSelf = optional ? (before === undefined ? none : some(before)) : before
    const resolve = (name: string): Value | undefined =>
      name === 'self' ? now : name === 'oldSelf' ? oldSelf : undefined
    const { value, cost } = one.expression.evaluate(resolve)
    if (cost > walk.budget) {
      walk.causes.push(
        invalid(
          path,
          typeName,
          'validation failed due to running out of cost budget, no further validation rules will be run',
        ),
      )
      walk.budget = -1
      return false
    }
    walk.budget -= cost
    if (value === true) continue
    if (isFailure(value)) {
      const [text, last] = failureText(value.message, one.rule)
      walk.causes.push(invalid(path, typeName, text))
      if (last) return false
      continue
    }
    const detail = messageOf(one, resolve, walk) ?? defaultMessage(one.rule)
    const at = one.fieldPath === '' ? path : place.path === '' ? one.fieldPath : `${place.path}.${one.fieldPath}`
    const shown = typeName === 'object' || typeName === 'array' ? undefined : self
    const cause = complaint(at, shown, detail, one.rule.reason)
    const same = correlation.known ? structuralEqual(correlation.old, self) : correlation.ancestorSame
    if (!one.usesOldSelf && same) walk.warnings.push(`${cause.field}: ${cause.message}`)
    else walk.causes.push(cause)
  }
  return true
}

const below = (correlation: Correlation, self: unknown, old: unknown): Correlation => {
  const ancestorSame = correlation.known ? structuralEqual(correlation.old, self) : correlation.ancestorSame
  return { old, known: old !== undefined, ancestorSame }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists of type map find an element's counterpart by its keys; others have none. */
const counterpart = (schema: JSONSchemaProps, old: unknown, item: unknown): unknown => {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old) || !isObject(item)) return undefined
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return (old as readonly unknown[]).find(
    (one) => isObject(one) && keys.every((key) => structuralEqual(one[key], item[key])),
  )
}

const visit = (place: Place, root: boolean, walk: Walk): boolean => {
  const { schema, path, self, correlation } = place
  if (self === null || self === undefined || !hasRules(schema)) return true
  const type = typeOf(schema, root)
  if (type !== undefined && !applyRules(place, type, rulesOf(schema, type), walk)) return false
  const child = (inner: JSONSchemaProps, at: string, value: unknown, old: unknown): boolean =>
    visit({ schema: inner, path: at, self: value, correlation: below(correlation, self, old) }, false, walk)
  if (Array.isArray(self)) {
    const { items } = schema
    if (typeof items !== 'object' || items === null || Array.isArray(items)) return true
    return (self as readonly unknown[]).every((one, index) =>
      child(items as JSONSchemaProps, `${path}[${index}]`, one, counterpart(schema, correlation.old, one)),
    )
  }
  if (!isObject(self)) return true
  const old = isObject(correlation.old) ? correlation.old : undefined
  const extra = schema.additionalProperties
  const properties = schema.properties
  for (const key of Object.keys(self).sort()) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined
    if (property !== undefined) {
      if (!child(property, path === '' ? key : `${path}.${key}`, self[key], old?.[key])) return false
    } else if (typeof extra === 'object' && extra !== null && !child(extra, `${path}[${key}]`, self[key], old?.[key]))
      return false
  }
  return true
}

/**
 * What the `x-kubernetes-validations` rules of a schema say of a value (apiextensions-apiserver/pkg/apiserver/schema/cel/
 * validation.go). `path` is where the value stands: '' is a whole custom resource. `oldSelf` is undefined in a create.
 */
export const evaluateRules = (schema: JSONSchemaProps, path: string, self: unknown, oldSelf: unknown): RulesResult => {
  const walk: Walk = { causes: [], warnings: [], budget: costBudget }
  if (!hasRules(schema)) return walk
  visit(
    { schema, path, self, correlation: { old: oldSelf, known: oldSelf !== undefined, ancestorSame: false } },
    path === '',
    walk,
  )
  return walk
}
