import { defaultCauses } from '../structural-schema/validate-defaults.ts'
import { schemaCauses } from '../structural-schema/validate-schema.ts'
import { fitsStructure, structuralOf } from '../structural-schema/structural-of.ts'
import { structuralCauses } from '../structural-schema/validate-structural.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { asPrefix, isDns1035Label, isDns1123Subdomain } from '../names/dns-names.ts'
import type { JSONSchemaProps } from '../types/apiextensions-v1.generated.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { columnCauses, namesCauses, selectableCauses, subresourceCauses } from './custom-resource-parts.ts'
import { conversionCauses } from './custom-resource-conversion.ts'
import { objectMetaCauses } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { child, flag, list, optionalText, strings, struct, text, type View } from './view.ts'

// apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go and pkg/registry/customresourcedefinition/strategy.go.

const version = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion'
const perVersion = ['subresources', 'schema', 'additionalPrinterColumns', 'selectableFields'] as const

/**
 * The internal definition: what all versions have in common stands at the top, and in no version
 * (Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec).
 */
const hoisted = (spec: View): { readonly top: View; readonly versions: readonly View[] } => {
  const versions = list(spec, 'versions')
  const [first] = versions
  if (first === undefined) return { top: {}, versions }
  const common = perVersion.filter((key) =>
    versions.every((one) => structuralEqual(one[key] ?? null, first[key] ?? null)),
  )
  return {
    top: Object.fromEntries(common.map((key) => [key, first[key]])),
    versions: versions.map((one) =>
      Object.fromEntries(Object.entries(one).filter(([key]) => !common.includes(key as never))),
    ),
  }
}

const atRoot = new Set([
  ...[
    'description',
    'type',
    'format',
    'title',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
  ],
  ...['minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'required', 'items', 'properties'],
  ...['externalDocs', 'example', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
])
const atRootText =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]'
const schemaType = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'

/** With a status subresource the status must be cut out of the schema without loss. */
const statusRootCauses = (schema: JSONSchemaProps, path: string): Cause[] => {
  const extra = Object.keys(schema).find((key) => !atRoot.has(key))
  if (schema.type !== undefined && schema.type !== 'object') {
    const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalid(`${path}.type`, schema.type, why)]
  }
  if (extra === undefined) return []
  const why = `only ${atRootText} fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalid(path, { typed: schema, type: schemaType }, why)]
}

/** validateCustomResourceDefinitionValidation, but for CEL rules. */
const validationCauses = (validation: View | undefined, status: boolean, path: string): Cause[] => {
  const schema = validation?.['openAPIV3Schema'] as JSONSchemaProps | undefined
  if (schema === undefined) return []
  const at = `${path}.openAPIV3Schema`
  const causes: Cause[] = status ? statusRootCauses(schema, at) : []
  if (schema.nullable === true) causes.push(forbidden(`${at}.nullable`, 'nullable cannot be true at the root'))
  if (!fitsStructure(schema)) return [...causes, ...schemaCauses(schema, at)]
  const structural = structuralOf(schema)
  const unstructural = structuralCauses(structural, at)
  causes.push(...(unstructural.length > 0 ? unstructural : defaultCauses(structural, at)))
  return [...causes, ...schemaCauses(schema, at)]
}

const deprecationCauses = (one: View, path: string): Cause[] => {
  const warning = optionalText(one, 'deprecationWarning')
  if (warning === undefined) return []
  const wrong: string[] = []
  if (!flag(one, 'deprecated')) wrong.push('can only be set for deprecated versions')
  else {
    if (warning.length > 256) wrong.push('must be <= 256 characters long')
    if (warning === '') wrong.push('must not be an empty string')
    const at = [...warning].findIndex((character) => character !== ' ' && /[\p{C}\p{Z}]/u.test(character))
    if (at !== -1) {
      wrong.push(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`)
    }
  }
  return wrong.map((what) => invalid(`${path}.deprecationWarning`, warning, what))
}

const hasStatus = (owner: View | undefined): boolean => child(child(owner, 'subresources'), 'status') !== undefined

const columns = (owner: View, path: string): Cause[] =>
  list(owner, 'additionalPrinterColumns').flatMap((one, i) =>
    columnCauses(one, `${path}.additionalPrinterColumns[${i}]`),
  )

const versionCauses = (one: View, top: View, path: string): Cause[] => {
  const status = top['subresources'] === undefined ? hasStatus(one) : hasStatus(top)
  const schema = child(one, 'schema')
  return [
    ...deprecationCauses(one, path),
    ...validationCauses(schema, status, `${path}.schema`),
    ...subresourceCauses(child(one, 'subresources'), `${path}.subresources`),
    ...columns(one, path),
    ...selectableCauses(one, schema ?? child(top, 'schema'), `${path}.selectableFields`),
  ]
}

const groupCauses = (group: string, path: string): Cause[] => {
  if (group === '') return [required(path)]
  const wrong = isDns1123Subdomain(group)
  if (wrong.length > 0) return [invalid(path, group, wrong.join(','))]
  return group.includes('.') ? [] : [invalid(path, group, 'should be a domain with at least one dot')]
}

const label = (path: string, value: string): Cause[] => {
  const wrong = isDns1035Label(value)
  return wrong.length === 0 ? [] : [invalid(path, value, wrong.join(','))]
}

const requiredNames = ['plural', 'singular', 'kind', 'listKind'] as const
const scopes = ['Cluster', 'Namespaced']

const specCauses = (spec: View): Cause[] => {
  const { top, versions } = hoisted(spec)
  const causes = groupCauses(text(spec, 'group'), 'spec.group')
  const scope = text(spec, 'scope')
  if (scope === '') causes.push(required('spec.scope'))
  else if (!scopes.includes(scope)) causes.push(notSupported('spec.scope', scope, scopes))
  if (child(child(top, 'schema'), 'openAPIV3Schema') === undefined) {
    versions.forEach((one, i) => {
      if (child(child(one, 'schema'), 'openAPIV3Schema') === undefined) {
        causes.push(required(`spec.versions[${i}].schema.openAPIV3Schema`))
      }
    })
  }
  versions.forEach((one, i) => {
    causes.push(...label(`spec.versions[${i}].name`, text(one, 'name')))
    causes.push(...versionCauses(one, top, `spec.versions[${i}]`))
  })
  const shown = { typed: versions, type: version }
  const unique = new Set(versions.map((one) => text(one, 'name'))).size === versions.length
  if (!unique) causes.push(invalid('spec.versions', shown, 'must contain unique version names'))
  if (versions.filter((one) => flag(one, 'storage')).length !== 1) {
    causes.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'))
  }
  const first = text(versions[0], 'name')
  if (first !== '') causes.push(...label('spec.version', first))
  const names = struct(spec, 'names')
  for (const key of requiredNames) if (text(names, key) === '') causes.push(required(`spec.names.${key}`))
  causes.push(...namesCauses(names, 'spec.names'))
  const anyStatus = hasStatus(top) || versions.some(hasStatus)
  causes.push(...validationCauses(child(top, 'schema'), anyStatus, 'spec.validation'))
  causes.push(...subresourceCauses(child(top, 'subresources'), 'spec.subresources'))
  causes.push(...columns(top, 'spec'))
  causes.push(...selectableCauses(top, child(top, 'schema'), 'spec.selectableFields'))
  return [...causes, ...conversionCauses(child(spec, 'conversion'), 'spec.conversion')]
}

const storedCauses = (object: View): Cause[] => {
  const stored = strings(struct(object, 'status'), 'storedVersions')
  const path = 'status.storedVersions'
  if (stored.length === 0) return [invalid(path, undefined, 'must have at least one stored version')]
  const versions = list(struct(object, 'spec'), 'versions')
  const causes = versions
    .filter((one) => flag(one, 'storage') && !stored.includes(text(one, 'name')))
    .map((one) => invalid(path, stored, `must have the storage version ${text(one, 'name')}`))
  stored.forEach((one, i) => {
    if (versions.some((other) => text(other, 'name') === one)) return
    const why = `missing from spec.versions; ${one} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${one} and removes ${one} from status.storedVersions`
    causes.push(invalid(`${path}[${i}]`, one, why))
  })
  return causes
}

const approved = 'api-approved.kubernetes.io'
const enhancement = 'see https://github.com/kubernetes/enhancements/pull/1111'

const approvalState = (object: View): string => {
  const annotations = struct(struct(object, 'metadata'), 'annotations')
  const given = text(annotations, approved)
  if (given === '') return 'missing'
  if (given.startsWith('unapproved')) return 'bypassed'
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(given) ? 'approved' : 'invalid'
}

/** validateAPIApproval: groups of the community need its word. What has not changed is not asked again. */
const approvalCauses = (object: View, old: View | undefined): Cause[] => {
  const group = text(struct(object, 'spec'), 'group')
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return []
  const state = approvalState(object)
  if (old !== undefined && approvalState(old) === state) return []
  const path = `metadata.annotations[${approved}]`
  const must = `protected groups must have approval annotation "${approved}"`
  if (state === 'missing') return [required(path, `${must}, ${enhancement}`)]
  if (state !== 'invalid') return []
  const given = text(struct(struct(object, 'metadata'), 'annotations'), approved)
  return [invalid(path, given, `${must} with either a URL or a reason starting with "unapproved", ${enhancement}`)]
}

const preserveCauses = (object: View, old: View | undefined): Cause[] => {
  const key = 'preserveUnknownFields'
  if (flag(struct(old, 'spec'), key) || !flag(struct(object, 'spec'), key)) return []
  const way = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalid(`spec.${key}`, true, way)]
}

const statusCauses = (object: View): Cause[] =>
  namesCauses(struct(struct(object, 'status'), 'acceptedNames'), 'status.acceptedNames')

const rest = (object: View, old: View | undefined): Cause[] => [
  ...statusCauses(object),
  ...storedCauses(object),
  ...approvalCauses(object, old),
  ...preserveCauses(object, old),
]

const immutable = (path: string, value: unknown, old: unknown): Cause[] =>
  value === old ? [] : [invalid(path, value, 'field is immutable')]

const updateCauses = (spec: View, old: View, established: boolean): Cause[] => {
  const names = struct(spec, 'names')
  const before = struct(old, 'names')
  return [
    ...(established ? immutable('spec.scope', spec['scope'], old['scope']) : []),
    ...(established ? immutable('spec.names.kind', names['kind'], before['kind']) : []),
    ...immutable('spec.group', spec['group'], old['group']),
    ...immutable('spec.names.plural', names['plural'], before['plural']),
  ]
}

const isEstablished = (object: View): boolean =>
  list(struct(object, 'status'), 'conditions').some((one) => one['type'] === 'Established' && one['status'] === 'True')

/** The storage version of a definition is one of its stored versions. */
const withStoredVersion = (object: View): View => {
  const storage = list(struct(object, 'spec'), 'versions').find((one) => flag(one, 'storage'))
  const status = struct(object, 'status')
  const stored = strings(status, 'storedVersions')
  if (storage === undefined || stored.includes(text(storage, 'name'))) return object
  return { ...object, status: { ...status, storedVersions: [...stored, text(storage, 'name')] } }
}

const prefixRule = asPrefix(isDns1123Subdomain)

const nameCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const wanted = `${text(struct(spec, 'names'), 'plural')}.${text(spec, 'group')}`
  return objectMetaCauses(struct(object, 'metadata'), false, (name, prefix) => [
    ...(prefix ? prefixRule(name) : isDns1123Subdomain(name)),
    ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
  ])
}

export const customResourceDefinitionStrategy: Strategy = {
  statusResetsMetadata: false,
  validatesMetadata: false,
  prepareForCreate: (object) => {
    const { status: _, ...own } = object
    return withStoredVersion(own)
  },
  prepareForUpdate: withStoredVersion,
  validateNew: (object) => [...nameCauses(object), ...specCauses(struct(object, 'spec')), ...rest(object, undefined)],
  validateUpdate(object, old) {
    const spec = struct(object, 'spec')
    const before = struct(old, 'spec')
    return [...specCauses(spec), ...updateCauses(spec, before, isEstablished(old)), ...rest(object, old)]
  },
  validateStatus: statusCauses,
}
