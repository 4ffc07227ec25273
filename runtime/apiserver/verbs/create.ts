import { merged } from '../../../api/json/merged.ts'
import type { DecodeOptions } from '../../../api/decode/decode.ts'
import { carryStoredForm, storedForm } from '../../../api/validation/prepare.ts'
import { carryEmptyLists, withEmptyLists } from '../../../api/decode/empty-lists.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ManagedFieldsEntry, ObjectMeta } from '../../../api/types/meta-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import type { Attributes, Deferred } from '../admission/plugin.ts'
import { escalationRefusal } from '../authorize/escalation.ts'
import { convert } from '../convert.ts'
import { decodeBody } from '../http-body.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { applyDefaults, prepareForCreate, validateCreate, warningsForCreate } from '../machinery.ts'
import { generateName } from '../generate-name.ts'
import { atRevision } from '../object-meta.ts'
import { strategyOf } from '../registry/strategies.ts'
import type { LedgerNote } from '../managed-fields-ledger.ts'
import { commit, type Step } from '../server-context.ts'
import {
  alreadyExists,
  badRequest,
  failure,
  forbidden,
  invalid,
  isRefusal,
  plainError,
  type FieldCause,
  type Refusal,
} from '../status.ts'
import { managerOf, shownOptions, type Call } from './call.ts'

/** How strict a client wants its fields to be looked at. */
export const decodeOptions = ({ options }: Call): DecodeOptions =>
  options.fieldValidation === undefined ? {} : { fieldValidation: options.fieldValidation }

/** Body → object of the resource, in the request's namespace (handlers/create.go, handlers/rest.go). */
export const decodeForCreate = (call: Call, body: unknown): KubeObject | Refusal => {
  const { resource, namespace } = call
  const decoded = decodeBody(resource, body, decodeOptions(call))
  if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
  for (const warning of decoded.warnings) call.warn(warning)
  const { metadata } = decoded.object as { readonly metadata?: ObjectMeta }
  if (!resource.namespaced || namespace === undefined) return decoded.object
  if (metadata?.namespace === undefined || metadata.namespace === '') {
    return carryEmptyLists(
      decoded.object,
      merged(decoded.object, { metadata: merged((metadata ?? {}) as ObjectMeta, { namespace }) }),
    )
  }
  if (metadata.namespace !== namespace) {
    return badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  return decoded.object
}

/** System fields of a new object, in wire order (rest.FillObjectMetaSystemFields, rest.BeforeCreate). */
const newMeta = (call: Call, meta: Partial<ObjectMeta>, name: string, uid: string): ObjectMeta => {
  const { context, resource } = call
  const namespace = resource.namespaced ? call.namespace : undefined
  return {
    name,
    ...(meta.generateName === undefined || meta.generateName === '' ? {} : { generateName: meta.generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    resourceVersion: '0',
    ...(meta.generation === undefined ? {} : { generation: meta.generation }),
    creationTimestamp: context.clock.timestamp(),
    ...(meta.labels === undefined ? {} : { labels: meta.labels }),
    ...(meta.annotations === undefined ? {} : { annotations: meta.annotations }),
    ...(meta.ownerReferences === undefined ? {} : { ownerReferences: meta.ownerReferences }),
    ...(meta.finalizers === undefined ? {} : { finalizers: meta.finalizers }),
  }
}

const attemptsForName = 8

/** From the decoded object to the stored one (registry/generic Store.Create). */
export function* createObject(
  call: Call,
  input: KubeObject,
  managers?: readonly ManagedFieldsEntry[],
): Step<KubeObject | Refusal> {
  const { context, resource, stored, user, options } = call
  const given = (input.metadata ?? {}) as Partial<ObjectMeta>
  const fixedName = given.name ?? ''
  const generated = fixedName === '' && given.generateName !== undefined && given.generateName !== ''
  const rv = given.resourceVersion
  const namespace = resource.namespaced ? call.namespace : undefined
  const noteOf = (defaulted: KubeObject): LedgerNote => ({
    before: undefined,
    written: withEmptyLists(withoutSystemFields(withoutManagers(defaulted)), input),
    manager: managerOf(call),
    operation: managers === undefined ? 'Update' : 'Apply',
    ...(managers === undefined ? {} : { managers }),
    ...(input.metadata?.managedFields === undefined ? {} : { given: input.metadata.managedFields }),
    apiVersion: resource.apiVersion,
    subresource: '',
    time: context.clock.timestamp(),
  })
  for (let attempt = 1; ; attempt += 1) {
    call.progress = 'admission'
    const deferred: Deferred = { finish: undefined }
    const attributes: Attributes = {
      operation: 'CREATE',
      resource: stored,
      subresource: call.subresource,
      namespace,
      name: fixedName,
      user,
      old: undefined,
      dryRun: options.dryRun === true,
      warn: call.warn,
      requested: resource,
      options: shownOptions(call, 'CreateOptions'),
      managers: (object) => context.ledger.derive(object, noteOf(defaulted)),
      deferred,
    }
    // Defaulting and validation tell an empty list from none; the store does not.
    const defaulted = applyDefaults(resource, withEmptyLists(input, input))
    if (resource.custom?.terminating === true) {
      return forbidden(resource, fixedName, 'create not allowed while custom resource definition is terminating')
    }
    const admitted = yield* call.admission.mutate(context, attributes, convert(resource, stored, defaulted))
    if (isRefusal(admitted)) return admitted
    const escalation = escalationRefusal(call, admitted, undefined)
    if (escalation !== undefined) return escalation
    if (rv !== undefined && rv !== '' && rv !== '0' && /^\d+$/.test(rv)) {
      return plainError('resourceVersion should not be set on objects to be created')
    }
    const admittedName = admitted.metadata.name ?? ''
    const nameless = generated && admittedName === ''
    const identity = nameless ? context.settings.identify?.(admitted) : undefined
    const suffix = identity?.suffix
    const name = nameless ? generateName(context.kernel, given.generateName, suffix) : admittedName
    const prepared = prepareForCreate(
      stored,
      {
        ...admitted,
        metadata: newMeta(call, admitted.metadata, name, identity?.uid ?? context.uid()),
      },
      { now: context.clock.timestamp(), user },
    )
    const strategy = strategyOf(stored)
    const shared = strategy.beforeCreate?.(context, prepared, options.dryRun === true) ?? prepared
    if (isRefusal(shared)) return shared
    const completed = deferred.finish?.(shared) ?? shared
    const judge = (object: KubeObject): readonly FieldCause[] =>
      validateCreate(stored, withEmptyLists(storedForm(object), input), resource)
    let causes = judge(shared)
    if (causes.length > 0 && completed !== shared) causes = judge(completed)
    if (causes.length > 0)
      return invalid(
        resource.custom === undefined ? stored : { group: resource.group, kind: completed.kind },
        name,
        causes,
      )
    let warnings = warningsForCreate(stored, shared)
    if (warnings.length > 0 && completed !== shared) warnings = warningsForCreate(stored, completed)
    for (const warning of warnings) call.warn(warning)
    const refused = yield* call.admission.validate(context, { ...attributes, name }, completed)
    if (refused !== undefined) return refused
    const key = objectKey(stored, namespace, name)
    call.progress = 'storage'
    const current = context.etcd.get(stored, key)
    if (current === undefined) {
      const note = noteOf(defaulted)
      if (options.dryRun === true) return context.ledger.show(withoutVersion(completed), note)
      const lease = strategy.lease?.(context) ?? 0
      const value = (revision: number): KubeObject => {
        context.ledger.commit(revision, note)
        return carryStoredForm(completed, atRevision(completed, revision))
      }
      const answer = yield* commit({
        compare: [{ resource: stored, key, modRevision: 0 }],
        ops: [{ type: 'put', resource: stored, key, lease, value }],
      })
      if (answer.ok) {
        return answer.values[0]!
      }
      if (answer.error !== undefined) return etcdRefusal(answer.error)
    }
    if (generated && attempt < attemptsForName) continue
    return nameTaken(call, name, (given.generateName ?? '') !== '')
  }
}

/** The registry's answer to a name that exists (Store.Create → rest.CheckGeneratedNameError). */
const nameTaken = (call: Call, name: string, generated: boolean): Refusal => {
  const { context, resource, stored, namespace } = call
  const existing = context.etcd.get(stored, objectKey(stored, resource.namespaced ? namespace : undefined, name))?.value
  const refused = alreadyExists(resource, name)
  const status = refused.response.body as { readonly message: string }
  const terminating = existing?.metadata.deletionTimestamp !== undefined
  let message = terminating ? `object is being deleted: ${status.message}` : status.message
  if (generated) message += ', the server was not able to generate a unique name for the object'
  return {
    refused: true,
    response: {
      ...refused.response,
      body: {
        ...refused.response.body,
        message,
        ...(generated
          ? { details: { ...(refused.response.body as { details?: object }).details, retryAfterSeconds: 1 } }
          : {}),
      },
      ...(generated ? { retryAfter: 1 } : {}),
    },
  }
}

/** rest.WipeObjectMetaSystemFields: what a client says of these is not even noted. */
const withoutSystemFields = (object: KubeObject): KubeObject => {
  const { metadata } = object
  if (metadata?.deletionTimestamp === undefined && metadata?.deletionGracePeriodSeconds === undefined) return object
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, ...rest } = metadata
  return { ...object, metadata: rest }
}

/** managedFields are no part of what is written. */
export const withoutManagers = (object: KubeObject): KubeObject => {
  if (object.metadata?.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: metadata }
}

const withoutVersion = (object: KubeObject): KubeObject => {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata: metadata as ObjectMeta }
}

export function* create(call: Call): Step<ApiResponse | Refusal> {
  if (call.request.name !== undefined && call.subresource === '')
    return forbidden(call.resource, call.request.name, 'create by name is not served')
  const object = decodeForCreate(call, call.request.body)
  if (isRefusal(object)) return object
  const created = yield* createObject(call, object)
  if (isRefusal(created)) return created
  return { code: 201, body: convert(call.stored, call.resource, created) }
}
