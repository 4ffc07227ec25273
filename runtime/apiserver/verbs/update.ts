import { isStoredOtherwise } from '../../../api/validation/prepare.ts'
import { carryEmptyLists, withEmptyLists } from '../../../api/decode/empty-lists.ts'
import { settleTimes } from '../../../api/managed-fields/field-manager.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { ManagedFieldsEntry, ObjectMeta } from '../../../api/types/meta-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import type { Attributes } from '../admission/plugin.ts'
import { escalationRefusal } from '../authorize/escalation.ts'
import { convert } from '../convert.ts'
import { decodeBody } from '../http-body.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import type { LedgerNote } from '../managed-fields-ledger.ts'
import { applyDefaults, prepareForUpdate, validateUpdate, warningsForUpdate } from '../machinery.ts'
import { atRevision, changeMeta } from '../object-meta.ts'
import { strategyOf } from '../registry/strategies.ts'
import { commit, type Step } from '../server-context.ts'
import {
  badRequest,
  conflict,
  failure,
  invalid,
  isRefusal,
  modifiedConflict,
  notFound,
  type Refusal,
} from '../status.ts'
import { managerOf, shownOptions, type Call } from './call.ts'
import { createObject, decodeOptions, withoutManagers } from './create.ts'

/** What a write makes of the current object, before admission. */
export interface Change {
  readonly object: KubeObject
  /** Known where the change is an apply. */
  readonly managers?: readonly ManagedFieldsEntry[]
  readonly operation?: 'Apply' | 'Update'
  /** Given by the writer in the object's metadata. */
  readonly given?: readonly ManagedFieldsEntry[]
}

export interface UpdateRules {
  readonly key: string
  readonly name: string
  /** Called again with the newer object when somebody else was faster. */
  change(current: KubeObject): Change | Refusal
  /** Of an update to a name that does not exist: the object to create. */
  readonly create?: () => KubeObject | Refusal
  /** Whether a write without resourceVersion is taken whatever the current one is. */
  readonly unconditional: boolean
  /** Skips prepareForUpdate and validation: the registry writes for itself (binding, deletion). */
  readonly internal?: boolean
  /** The write is one of the main resource, though it came through a subresource (scale). */
  readonly asMain?: boolean
}

export interface UpdateResult {
  readonly object: KubeObject
  readonly created: boolean
  readonly deleted: boolean
}

/** Client fields that may be left empty in an update, and are then what they were (ValidateObjectMetaAccessorUpdate). */
const keepSystemFields = (object: KubeObject, old: KubeObject): KubeObject => {
  const before = old.metadata
  const after = object.metadata as Partial<ObjectMeta>
  const same =
    after.uid === before.uid &&
    after.creationTimestamp === before.creationTimestamp &&
    after.deletionTimestamp === before.deletionTimestamp &&
    after.deletionGracePeriodSeconds === before.deletionGracePeriodSeconds &&
    after.resourceVersion === before.resourceVersion &&
    after.generation === before.generation &&
    after.managedFields === undefined &&
    after.selfLink === undefined
  if (same) return object
  return {
    ...object,
    metadata: changeMeta(after as ObjectMeta, {
      uid: after.uid === undefined || after.uid === '' ? before.uid : after.uid,
      creationTimestamp: after.creationTimestamp ?? before.creationTimestamp,
      deletionTimestamp: after.deletionTimestamp ?? before.deletionTimestamp,
      deletionGracePeriodSeconds: after.deletionGracePeriodSeconds ?? before.deletionGracePeriodSeconds,
      resourceVersion: before.resourceVersion,
      generation: before.generation,
      managedFields: undefined,
      selfLink: undefined,
    }),
  }
}

/** BeforeUpdate and deletion: nothing is left that holds a terminating object (registry/generic ShouldDeleteDuringUpdate). */
const completesDeletion = (call: Call, object: KubeObject, old: KubeObject): boolean => {
  if ((object.metadata.finalizers ?? []).length > 0 || old.metadata.deletionTimestamp === undefined) return false
  const grace = old.metadata.deletionGracePeriodSeconds
  if (grace !== undefined && grace !== 0) return false
  return strategyOf(call.stored).deletesDuringUpdate?.(object) ?? true
}

/** etcd3's GuaranteedUpdate under registry/generic Store.Update: admission, strategy, validation, and the optimistic lock. */
export function* guaranteedUpdate(call: Call, rules: UpdateRules): Step<UpdateResult | Refusal> {
  const { context, stored, resource, options, user } = call
  const { subresource } = call
  const part = rules.asMain === true ? '' : subresource
  const strategy = strategyOf(stored)
  const noteOf = (change: Change, current: KubeObject): LedgerNote => {
    const sent = change.given ?? change.object.metadata.managedFields
    return {
      before: current,
      written: withEmptyLists(convert(stored, resource, withoutManagers(change.object)), change.object),
      manager: managerOf(call),
      operation: rules.internal === true ? 'Server' : (change.operation ?? 'Update'),
      apiVersion: resource.apiVersion,
      subresource,
      time: context.clock.timestamp(),
      ...(change.managers === undefined ? {} : { managers: change.managers }),
      ...(sent === undefined ? {} : { given: sent }),
    }
  }
  for (;;) {
    const row = context.etcd.get(stored, rules.key)
    if (row === undefined) {
      if (rules.create === undefined) return notFound(resource, rules.name)
      const fresh = rules.create()
      if (isRefusal(fresh)) return fresh
      const created = yield* createObject(call, fresh)
      return isRefusal(created) ? created : { object: created, created: true, deleted: false }
    }
    const current = row.value
    const change = rules.change(current)
    if (isRefusal(change)) return change
    const given = change.object.metadata
    const uidRefusal = checkUid(call, rules, given, current)
    if (uidRefusal !== undefined) return uidRefusal
    call.progress = 'admission'
    const attributes: Attributes = {
      operation: 'UPDATE',
      resource: stored,
      subresource,
      namespace: stored.namespaced ? call.namespace : undefined,
      name: rules.name,
      user,
      old: current,
      dryRun: options.dryRun === true,
      warn: call.warn,
      requested: resource,
      options: shownOptions(call, 'UpdateOptions'),
      managers: (object) =>
        object === current
          ? context.ledger.managersOf(current)
          : context.ledger.derive(object, noteOf(change, current)),
    }
    const admitted =
      rules.internal === true ? change.object : yield* call.admission.mutate(context, attributes, change.object)
    if (isRefusal(admitted)) return admitted
    const escalation = rules.internal === true ? undefined : escalationRefusal(call, admitted, current)
    if (escalation !== undefined) return escalation
    const version = given.resourceVersion ?? ''
    if (version === '' && !rules.unconditional) {
      return invalid({ group: resource.group, kind: resource.plural }, rules.name, [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0: must be specified for an update',
          field: 'metadata.resourceVersion',
        },
      ])
    }
    if (version !== '' && version !== '0' && version !== current.metadata.resourceVersion)
      return modifiedConflict(resource, rules.name)
    let next = admitted
    if (rules.internal !== true) {
      next = keepSystemFields(next, current)
      if (part === '') {
        const completed = strategy.beforeUpdate?.(context, next, current, options.dryRun === true) ?? next
        if (isRefusal(completed)) return completed
        next = completed
      }
      next = prepareForUpdate(stored, next, current, {
        subresource: part,
        circumstances: { now: context.clock.timestamp(), user },
      })
      const causes = validateUpdate(stored, withEmptyLists(next, change.object), current, {
        requested: resource,
        subresource: part,
      })
      if (causes.length > 0) return invalid(resource.custom === undefined ? stored : resource, rules.name, causes)
      for (const warning of warningsForUpdate(stored, next, current, part === '' ? undefined : part)) call.warn(warning)
    }
    const refused = rules.internal === true ? undefined : yield* call.admission.validate(context, attributes, next)
    if (refused !== undefined) return refused
    call.progress = 'storage'
    const note = noteOf(change, current)
    if (completesDeletion(call, next, current)) {
      if (options.dryRun === true) return { object: next, created: false, deleted: true }
      const answer = yield* commit({
        compare: [{ resource: stored, key: rules.key, modRevision: row.modRevision }],
        ops: [{ type: 'delete', resource: stored, key: rules.key }],
      })
      if (answer.ok) {
        // Shown as of the version that it replaced.
        return { object: context.ledger.show({ ...next }, note), created: false, deleted: true }
      }
      if (answer.error !== undefined) return etcdRefusal(answer.error)
      continue
    }
    if (structuralEqual(next, current) && !isStoredOtherwise(current)) {
      // Nothing of the object changes; its managers may: whoever writes what stands there owns it too.
      if (rules.internal === true) return { object: current, created: false, deleted: false }
      const before = context.ledger.managersOf(current)
      const managers = settleTimes(before, context.ledger.derive(current, note), true)
      if (structuralEqual(managers ?? [], before)) return { object: current, created: false, deleted: false }
    }
    if (options.dryRun === true) {
      return { object: context.ledger.show({ ...next }, note), created: false, deleted: false }
    }
    const target = next
    const lease = strategy.lease?.(context) ?? 0
    const answer = yield* commit({
      compare: [{ resource: stored, key: rules.key, modRevision: row.modRevision }],
      ops: [
        {
          type: 'put',
          resource: stored,
          key: rules.key,
          lease,
          value(revision) {
            context.ledger.commit(revision, note)
            return atRevision(target, revision)
          },
        },
      ],
    })
    if (answer.ok) {
      return { object: answer.values[0]!, created: false, deleted: false }
    }
    if (answer.error !== undefined) return etcdRefusal(answer.error)
    // Somebody was faster: once more with what stands there now. A resourceVersion in the request then meets its conflict.
  }
}

/** A uid in the body is a precondition (rest.DefaultUpdatedObjectInfo.Preconditions, storage.Preconditions.Check). */
const checkUid = (
  call: Call,
  rules: UpdateRules,
  given: Partial<ObjectMeta>,
  current: KubeObject,
): Refusal | undefined => {
  // A patch has none: validation finds the change.
  if (
    call.request.verb === 'patch' ||
    given.uid === undefined ||
    given.uid === '' ||
    given.uid === current.metadata.uid
  )
    return undefined
  const key = `${call.stored.etcdPrefix}/${rules.key}`
  return conflict(
    call.resource,
    rules.name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${current.metadata.uid}`,
  )
}

/** Name and namespace of a body must be those of the URL, or empty (handlers/rest.go, EnsureObjectNamespaceMatchesRequestNamespace). */
export const matchPath = (call: Call, object: KubeObject): KubeObject | Refusal => {
  const metadata = (object.metadata ?? {}) as Partial<ObjectMeta>
  const name = call.request.name!
  if (metadata.name !== undefined && metadata.name !== '' && metadata.name !== name) {
    return badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  }
  let fixed = object
  if (metadata.name === undefined || metadata.name === '')
    fixed = { ...fixed, metadata: { ...metadata, name } as ObjectMeta }
  if (call.resource.namespaced && call.namespace !== undefined) {
    if (metadata.namespace === undefined || metadata.namespace === '') {
      fixed = { ...fixed, metadata: { ...fixed.metadata, namespace: call.namespace } }
    } else if (metadata.namespace !== call.namespace) {
      return badRequest('the namespace of the provided object does not match the namespace sent on the request')
    }
  }
  return fixed
}

export function* update(call: Call): Step<ApiResponse | Refusal> {
  const { resource, stored, request } = call
  const decoded = decodeBody(resource, request.body, decodeOptions(call))
  if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
  for (const warning of decoded.warnings) call.warn(warning)
  if (((decoded.object.metadata as Partial<ObjectMeta> | undefined)?.name ?? '') === '') {
    const name = request.name!
    return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  }
  const body = matchPath(call, decoded.object)
  if (isRefusal(body)) return body
  const object = convert(resource, stored, applyDefaults(resource, withEmptyLists(body, decoded.object)))
  const result = yield* guaranteedUpdate(call, {
    key: objectKey(stored, call.namespace, request.name!),
    name: request.name!,
    change: () => ({
      object: carryEmptyLists(decoded.object, object),
      // An empty list is gone from the decoded object, but it has been sent: it resets the managers.
      ...(decoded.resetsManagers === true ? { given: [] } : {}),
    }),
    unconditional: resource.unconditionalUpdate,
    ...(resource.createOnUpdate && call.subresource === ''
      ? { create: () => carryEmptyLists(decoded.object, body) }
      : {}),
  })
  if (isRefusal(result)) return result
  return { code: result.created ? 201 : 200, body: convert(stored, resource, result.object) }
}
