import { merged } from '../json/merged.ts'
import { canonicalObject } from '../decode/decode.ts'
import { applyDefaults } from '../defaults/apply-defaults.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../protocol/resource.ts'
import { strategyOf } from './strategies.ts'
import type { PrepareContext } from './strategy.ts'
import { struct, type View } from './view.ts'

const epoch: PrepareContext = { now: '1970-01-01T00:00:00Z' }

const view = (object: KubeObject): View => object as unknown as View

/** What comes back from etcd: decoding a stored object defaults it once more (a new claim's phase comes from here). */
const finish = (resource: Resource, object: View): KubeObject => {
  const canonical = canonicalObject(resource, object as unknown as KubeObject)
  const read = applyDefaults(resource, canonical)
  if (read !== canonical && (resource.kind === 'Job' || resource.kind === 'PersistentVolumeClaim')) {
    otherwiseStored.set(read, canonical)
  }
  return read
}

/** Objects that the store holds without what reading them adds: a Job's labels, a claim's phase. */
const otherwiseStored = new WeakMap<object, KubeObject>()

/** What is validated and stored: without what reading it adds. */
export const storedForm = (object: KubeObject): KubeObject => otherwiseStored.get(object) ?? object

/** Whether the first write after this one changes the stored bytes, even if nothing that is shown changes. */
export const isStoredOtherwise = (object: object): boolean => otherwiseStored.has(object)

/** `to` is `from` with the revision of its commit. */
export const carryStoredForm = <T extends object>(from: object, to: T): T => {
  const stored = otherwiseStored.get(from)
  if (stored !== undefined) otherwiseStored.set(to, stored)
  return to
}

const withMeta = (object: View, fields: View): View =>
  merged(object, { metadata: merged(struct(object, 'metadata'), fields) })

/**
 * A new object, decoded, defaulted and admitted, as its registry strategy prepares it: no status, generation 1, and what the
 * kind does besides. Name, uid and creationTimestamp are there already (a Job's selector is made from the uid).
 */
export const prepareForCreate = (
  resource: Resource,
  object: KubeObject,
  context: PrepareContext = epoch,
): KubeObject => {
  const strategy = strategyOf(resource.id)
  let out = view(object)
  const keeps = strategy.keepsStatus === true || strategy.keepsStatusOnCreate === true
  if (resource.subresources.includes('status') && !keeps && out['status'] !== undefined) {
    const { status: _, ...rest } = out
    out = rest
  }
  const meta = struct(out, 'metadata')
  if (resource.generation) {
    if (meta['generation'] !== 1) out = withMeta(out, { generation: 1 })
  }
  if (strategy.prepareForCreate !== undefined) out = strategy.prepareForCreate(out, context)
  return finish(resource, out)
}

/** Of a custom resource every change but one of its metadata moves the generation. */
const differsBeyondMetadata = (object: View, old: View): boolean => {
  const { metadata: _, ...now } = object
  const { metadata: __, ...before } = old
  return !structuralEqual(now, before)
}

/** A status write of a custom resource changes nothing else (customresource/status_strategy.go). */
const onlyStatus = (object: View, old: View): View => {
  const { status: _, ...rest } = old
  return object['status'] === undefined ? rest : { ...rest, status: object['status'] }
}

const generationOf = (resource: Resource, object: View, old: View): number | undefined => {
  const before = struct(old, 'metadata')['generation'] as number | undefined
  const rule = strategyOf(resource.id).generation ?? (resource.generation ? 'spec' : 'never')
  if (rule === 'never') return before
  if (resource.type === undefined) return differsBeyondMetadata(object, old) ? (before ?? 0) + 1 : before
  const moved = rule === 'spec' ? !structuralEqual(struct(object, 'spec'), struct(old, 'spec')) : rule(object, old)
  return moved ? (before ?? 0) + 1 : before
}

/** metav1.ResetObjectMetaForStatus */
const resetMetadata = (object: View, old: View): View => {
  const before = struct(old, 'metadata')
  return withMeta(object, {
    deletionTimestamp: before['deletionTimestamp'],
    generation: before['generation'],
    selfLink: before['selfLink'],
    labels: before['labels'],
    annotations: before['annotations'],
    finalizers: before['finalizers'],
    ownerReferences: before['ownerReferences'],
  })
}

/** What rest.BeforeUpdate does to metadata whatever the kind. */
const commonMeta = (object: View, old: View): View => {
  const meta = struct(object, 'metadata')
  const before = struct(old, 'metadata')
  const fields: Record<string, unknown> = {}
  if (meta['uid'] === undefined) fields['uid'] = before['uid']
  if (before['creationTimestamp'] !== undefined) fields['creationTimestamp'] = before['creationTimestamp']
  if (before['deletionTimestamp'] !== undefined) fields['deletionTimestamp'] = before['deletionTimestamp']
  if (before['deletionGracePeriodSeconds'] !== undefined && meta['deletionGracePeriodSeconds'] === undefined) {
    fields['deletionGracePeriodSeconds'] = before['deletionGracePeriodSeconds']
  }
  return Object.keys(fields).every((key) => meta[key] === fields[key]) ? object : withMeta(object, fields)
}

/**
 * An update as its registry strategy prepares it: a main write keeps the old status, a status write the old spec; generation
 * moves with the spec only; uid and times come from the stored object.
 */
export const prepareForUpdate = (
  resource: Resource,
  object: KubeObject,
  old: KubeObject,
  options: { readonly subresource?: string; readonly context?: PrepareContext } = {},
): KubeObject => {
  const strategy = strategyOf(resource.id)
  const { subresource, context = epoch } = options
  const before = view(old)
  let out = view(object)
  const generation = struct(before, 'metadata')['generation']
  if (struct(out, 'metadata')['generation'] !== generation) out = withMeta(out, { generation })
  if (subresource === undefined) {
    if (
      resource.subresources.includes('status') &&
      strategy.keepsStatus !== true &&
      out['status'] !== before['status']
    ) {
      const { status: _, ...rest } = out
      out = before['status'] === undefined ? rest : { ...rest, status: before['status'] }
    }
    if (strategy.prepareForUpdate !== undefined) out = strategy.prepareForUpdate(out, before, context)
    const next = generationOf(resource, out, before)
    if (next !== generation) out = withMeta(out, { generation: next })
  } else if (subresource === 'status' && resource.type === undefined) out = onlyStatus(out, before)
  else if (subresource === 'status') {
    if ('spec' in before ? out['spec'] !== before['spec'] : 'spec' in out) out = { ...out, spec: before['spec'] }
    if (strategy.statusResetsMetadata === true) out = resetMetadata(out, before)
    if (strategy.prepareForStatus !== undefined) out = strategy.prepareForStatus(out, before, context)
  } else {
    const special = strategy.prepare?.[subresource]
    if (special !== undefined) out = special(out, before, context)
  }
  return finish(resource, commonMeta(out, before))
}
