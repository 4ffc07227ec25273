import { isDns1123Label } from '../names/dns-names.ts'
import { isLabelKey, isLabelValue } from '../names/label-names.ts'
import { utf8Length } from '../names/utf8-length.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { forbidden, invalid, invalids, required, tooLong, type Cause } from './cause.ts'
import { flag, list, map, number, optionalNumber, strings, text, type View } from './view.ts'

// apimachinery/pkg/api/validation/objectmeta.go and apis/meta/v1/validation.

const totalAnnotationSizeLimit = 256 * 1024

export type NameFunction = (name: string, prefix: boolean) => readonly string[]

/** Frozen labels and annotations with which nothing is wrong: pods of a template share theirs, and a status write keeps them. */
const soundLabels = new WeakSet<object>()
const soundAnnotations = new WeakSet<object>()

export const labelCauses = (labels: Readonly<Record<string, string>>, path: string): Cause[] => {
  const causes: Cause[] = []
  if (soundLabels.has(labels)) return causes
  for (const key in labels) {
    causes.push(...invalids(path, key, isLabelKey(key)))
    causes.push(...invalids(path, labels[key], isLabelValue(labels[key] ?? '')))
  }
  if (causes.length === 0 && Object.isFrozen(labels)) soundLabels.add(labels)
  return causes
}

export const annotationCauses = (annotations: Readonly<Record<string, string>>, path: string): Cause[] => {
  const causes: Cause[] = []
  if (soundAnnotations.has(annotations)) return causes
  let size = 0
  for (const key in annotations) {
    causes.push(...invalids(path, key, isLabelKey(key.toLowerCase())))
    size += utf8Length(key) + utf8Length(annotations[key] ?? '')
  }
  if (size > totalAnnotationSizeLimit) causes.push(tooLong(path, totalAnnotationSizeLimit))
  if (causes.length === 0 && Object.isFrozen(annotations)) soundAnnotations.add(annotations)
  return causes
}

const ownerCauses = (owners: readonly View[], path: string): Cause[] => {
  const causes: Cause[] = []
  let first = ''
  for (const owner of owners) {
    const apiVersion = text(owner, 'apiVersion')
    const kind = text(owner, 'kind')
    const parts = apiVersion.split('/')
    const version = apiVersion === '' || parts.length > 2 ? '' : (parts.at(-1) ?? '')
    if (version === '') causes.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'))
    if (kind === '') causes.push(invalid(`${path}.kind`, kind, 'must not be empty'))
    if (text(owner, 'name') === '') causes.push(invalid(`${path}.name`, '', 'must not be empty'))
    if (text(owner, 'uid') === '') causes.push(invalid(`${path}.uid`, '', 'must not be empty'))
    if (apiVersion === 'v1' && kind === 'Event') {
      causes.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (flag(owner, 'controller')) {
      const current = `${kind}/${text(owner, 'name')}`
      if (first === '') first = current
      else {
        causes.push(
          invalid(
            path,
            owners,
            `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${current}`,
          ),
        )
      }
    }
  }
  return causes
}

const finalizerCauses = (finalizers: readonly string[], path: string): Cause[] => {
  const causes = finalizers.flatMap((one) => invalids(path, one, isLabelKey(one)))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    causes.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  return causes
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

/** validateKubeFinalizerName: what core's ValidateObjectMeta and ValidateObjectMetaUpdate add to the generic ones. */
export const kubeFinalizerCauses = (meta: View): Cause[] =>
  strings(meta, 'finalizers').flatMap((one, i) =>
    one.includes('/') || standardFinalizers.includes(one)
      ? []
      : [
          invalid(
            `metadata.finalizers[${i}]`,
            one,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  )

/** Names that would not survive in a URL path: path.ValidatePathSegmentName. */
export const pathSegmentName: NameFunction = (name, prefix) => {
  const wrong: string[] = []
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`]
  for (const part of ['/', '%']) if (name.includes(part)) wrong.push(`may not contain '${part}'`)
  return wrong
}

/** ValidateObjectMetaAccessor. */
export const objectMetaCauses = (meta: View, namespaced: boolean, nameRule: NameFunction): Cause[] => {
  const path = 'metadata'
  const causes: Cause[] = []
  const generateName = text(meta, 'generateName')
  if (generateName !== '') causes.push(...invalids(`${path}.generateName`, generateName, nameRule(generateName, true)))
  const name = text(meta, 'name')
  if (name === '') causes.push(required(`${path}.name`, 'name or generateName is required'))
  else causes.push(...invalids(`${path}.name`, name, nameRule(name, false)))
  const namespace = text(meta, 'namespace')
  if (namespaced) {
    if (namespace === '') causes.push(required(`${path}.namespace`))
    else causes.push(...invalids(`${path}.namespace`, namespace, isDns1123Label(namespace)))
  } else if (namespace !== '') {
    causes.push(forbidden(`${path}.namespace`, 'not allowed on this type'))
  }
  const generation = number(meta, 'generation')
  if (generation < 0) causes.push(invalid(`${path}.generation`, generation, 'must be greater than or equal to 0'))
  causes.push(...labelCauses(map(meta, 'labels'), `${path}.labels`))
  causes.push(...annotationCauses(map(meta, 'annotations'), `${path}.annotations`))
  causes.push(...ownerCauses(list(meta, 'ownerReferences'), `${path}.ownerReferences`))
  causes.push(...finalizerCauses(strings(meta, 'finalizers'), `${path}.finalizers`))
  return causes
}

export const immutable = (field: string, value: unknown, old: unknown): Cause[] =>
  structuralEqual(value, old) ? [] : [invalid(field, value, 'field is immutable')]

/** ValidateObjectMetaAccessorUpdate. */
export const objectMetaUpdateCauses = (meta: View, old: View): Cause[] => {
  const path = 'metadata'
  const causes: Cause[] = []
  if (old['deletionTimestamp'] !== undefined) {
    const before = strings(old, 'finalizers')
    const added = [...new Set(strings(meta, 'finalizers'))].filter((one) => !before.includes(one)).sort()
    if (added.length > 0) {
      const shown = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`
      causes.push(
        forbidden(
          `${path}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
        ),
      )
    }
  }
  if (text(meta, 'resourceVersion') === '')
    causes.push(invalid(`${path}.resourceVersion`, '', 'must be specified for an update'))
  if (number(meta, 'generation') < number(old, 'generation')) {
    causes.push(invalid(`${path}.generation`, number(meta, 'generation'), 'must not be decremented'))
  }
  for (const key of ['name', 'namespace', 'uid'])
    causes.push(...immutable(`${path}.${key}`, text(meta, key), text(old, key)))
  causes.push(...immutable(`${path}.creationTimestamp`, meta['creationTimestamp'], old['creationTimestamp']))
  causes.push(...immutable(`${path}.deletionTimestamp`, meta['deletionTimestamp'], old['deletionTimestamp']))
  causes.push(
    ...immutable(
      `${path}.deletionGracePeriodSeconds`,
      optionalNumber(meta, 'deletionGracePeriodSeconds'),
      optionalNumber(old, 'deletionGracePeriodSeconds'),
    ),
  )
  causes.push(...labelCauses(map(meta, 'labels'), `${path}.labels`))
  causes.push(...annotationCauses(map(meta, 'annotations'), `${path}.annotations`))
  causes.push(...ownerCauses(list(meta, 'ownerReferences'), `${path}.ownerReferences`))
  return causes
}
