import { evaluateRules } from '../cel/evaluate-rules.ts'
import { getPath } from '../json/path.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../protocol/resource.ts'
import { embeddedResourceCauses } from '../structural-schema/embedded-resources.ts'
import { listTypeCauses } from '../structural-schema/list-types.ts'
import { validateValue } from '../structural-schema/validate-value.ts'
import { nilPath } from '../structural-schema/value-result.ts'
import { invalid, type Cause } from '../validation/cause.ts'
import type { CustomResource } from './custom-resource.ts'

// apiextensions-apiserver pkg/registry/customresource: strategy.go and validator.go.

/** Complaints after which rules are not asked: they could fail for the same reason (hasBlockingErr). */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

const unchecked = invalid(
  nilPath,
  undefined,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

const maxInt32 = 2147483647

const replicaCauses = (object: KubeObject, path: string): Cause[] => {
  const value = getPath(object, path.replace(/^\./, '').split('.'))
  if (value === undefined) return []
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const shown = typeof value === 'number' ? 'float64' : typeof value
    return [
      invalid(path, 0, `${path} accessor error: ${JSON.stringify(value)} is of the type ${shown}, expected int64`),
    ]
  }
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return value > maxInt32 ? [invalid(path, value, `should be less than or equal to ${maxInt32}`)] : []
}

/** What rules would have refused, had it not stood there before: by the object that was let through. */
const ratcheted = new WeakMap<object, readonly string[]>()

export const ratchetWarnings = (object: KubeObject): readonly string[] => ratcheted.get(object) ?? []

const hasRules = (custom: CustomResource): boolean => {
  let known = ruled.get(custom)
  if (known === undefined) {
    known = JSON.stringify(custom.schema.props).includes('"x-kubernetes-validations"')
    ruled.set(custom, known)
  }
  return known
}
const ruled = new WeakMap<CustomResource, boolean>()

export interface CustomFindings {
  readonly causes: Cause[]
  readonly warnings: readonly string[]
}

const withRules = (
  custom: CustomResource,
  causes: Cause[],
  object: KubeObject,
  old: KubeObject | undefined,
): CustomFindings => {
  if (!hasRules(custom)) return { causes, warnings: [] }
  if (causes.some((cause) => blocking.has(cause.reason))) return { causes: [...causes, unchecked], warnings: [] }
  const found = evaluateRules(custom.schema.props, '', object, old)
  if (found.warnings.length > 0) ratcheted.set(object, found.warnings)
  return { causes: [...causes, ...found.causes], warnings: found.warnings }
}

export const identityCauses = (resource: Resource, object: KubeObject): Cause[] => [
  ...(object.kind === resource.kind ? [] : [invalid('kind', object.kind, `must be ${resource.kind}`)]),
  ...(object.apiVersion === resource.apiVersion
    ? []
    : [invalid('apiVersion', object.apiVersion, `must be ${resource.apiVersion}`)]),
]

/** A new object, but for its metadata. */
export const customCauses = (custom: CustomResource, object: KubeObject): CustomFindings => {
  const { scale, schema } = custom
  const causes = [
    ...validateValue(schema.props, object),
    ...(scale === undefined
      ? []
      : [...replicaCauses(object, scale.specReplicasPath), ...replicaCauses(object, scale.statusReplicasPath)]),
    ...embeddedResourceCauses(schema, object),
    ...listTypeCauses(schema, object),
  ]
  return withRules(custom, causes, object, undefined)
}

/** A changed object, but for its metadata: what was wrong before and has not changed is let be. */
export const customUpdateCauses = (custom: CustomResource, object: KubeObject, old: KubeObject): CustomFindings => {
  const { scale, schema } = custom
  const causes = [
    ...validateValue(schema.props, object, { before: { value: old } }),
    ...(scale === undefined
      ? []
      : [...replicaCauses(object, scale.specReplicasPath), ...replicaCauses(object, scale.statusReplicasPath)]),
    ...embeddedResourceCauses(schema, object),
    ...(listTypeCauses(schema, old).length > 0 ? [] : listTypeCauses(schema, object)),
  ]
  return withRules(custom, causes, object, old)
}

/** A write of the status alone. */
export const customStatusCauses = (custom: CustomResource, object: KubeObject, old: KubeObject): CustomFindings => {
  const status = (object as { readonly status?: unknown }).status
  const before = (old as { readonly status?: unknown }).status
  const own = custom.schema.properties.get('status')
  const causes: Cause[] = []
  if (status !== undefined && own !== undefined) {
    causes.push(...validateValue(own.props, status, { base: 'status', before: { value: before } }))
  }
  if (custom.scale !== undefined) causes.push(...replicaCauses(object, custom.scale.statusReplicasPath))
  causes.push(...embeddedResourceCauses(custom.schema, object))
  if (listTypeCauses(custom.schema, old).length === 0) causes.push(...listTypeCauses(custom.schema, object))
  return withRules(custom, causes, object, old)
}
