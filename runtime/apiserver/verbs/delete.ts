import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Namespace } from '../../../api/types/core-v1.generated.ts'
import type { DeleteOptions } from '../../../api/types/meta-v1.generated.ts'
import type { Row } from '../../etcd/etcd.ts'
import { objectKey } from '../../etcd/start-state.ts'
import type { Attributes } from '../admission/plugin.ts'
import { convert } from '../convert.ts'
import { deleteOptionsOf, deleteWarning, validateDeleteOptions } from '../delete-options.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { gracefulStep, marksFor } from '../graceful-deletion.ts'
import { strategyOf } from '../registry/strategies.ts'
import { commit, type Step } from '../server-context.ts'
import { conflict, forbidden, isRefusal, notFound, success, type Refusal } from '../status.ts'
import { writeOver } from '../write-object.ts'
import type { Call } from './call.ts'

export interface Deletion {
  /** What the answer shows. */
  readonly object: KubeObject
  /** The key is gone. */
  readonly deleted: boolean
}

const preconditionRefusal = (call: Call, options: DeleteOptions, object: KubeObject): Refusal | undefined => {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const { metadata } = object
  // rest.BeforeDelete names the kind, not the resource.
  const kind = { group: call.stored.group, plural: call.stored.kind }
  if (uid !== undefined && uid !== metadata.uid) {
    return named(
      call,
      kind,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    return named(
      call,
      kind,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
  }
  return undefined
}

const named = (
  _call: Call,
  kind: { readonly group: string; readonly plural: string },
  name: string,
  why: string,
): Refusal => conflict(kind, name, why)

const attributesFor = (call: Call, name: string, old: KubeObject, options: DeleteOptions): Attributes => ({
  operation: 'DELETE',
  resource: call.stored,
  subresource: call.subresource,
  namespace: call.stored.namespaced ? call.namespace : undefined,
  name,
  user: call.user,
  old,
  dryRun: isDryRun(call, options),
  warn: call.warn,
  requested: call.resource,
  options: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', ...options },
  managers: (object) => call.context.ledger.managersOf(object),
})

export const isDryRun = (call: Call, options: DeleteOptions): boolean =>
  call.options.dryRun === true || (options.dryRun ?? []).length > 0

/** registry/core/namespace/storage: the first delete begins termination, the last one (no finalizers left) removes. */
const namespaceStep = (call: Call, namespace: Namespace): KubeObject | undefined => {
  if (namespace.metadata.deletionTimestamp !== undefined) return undefined
  return {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: call.context.clock.timestamp() },
    status: { ...namespace.status, phase: 'Terminating' },
  } as KubeObject
}

/** registry/generic Store.Delete. `options` has been validated; of an eviction, admission has had its say before. */
export function* deleteObject(
  call: Call,
  name: string,
  options: DeleteOptions,
  evicted = false,
): Step<Deletion | Refusal> {
  const { context, stored, resource } = call
  const key = objectKey(stored, call.namespace, name)
  const strategy = strategyOf(stored)
  const dryRun = isDryRun(call, options)
  let admitted = evicted
  const kept = strategy.keeps?.(name)
  if (kept !== undefined) return forbidden(resource, name, kept)
  for (;;) {
    const row = context.etcd.get(stored, key)
    if (row === undefined) return notFound(resource, name)
    const refusedBy = preconditionRefusal(call, options, row.value)
    if (refusedBy !== undefined) return refusedBy
    if (!admitted) {
      call.progress = 'admission'
      const refused = yield* call.admission.validate(context, attributesFor(call, name, row.value, options), undefined)
      if (refused !== undefined) return refused
      admitted = true
      call.progress = 'storage'
    }
    if (strategy.deletesByPhase === true) {
      const begun = namespaceStep(call, row.value as Namespace)
      if (begun !== undefined) {
        if (dryRun) return { object: begun, deleted: false }
        const answer = yield* writeOver(context, stored, row, begun)
        if (answer.ok) return { object: answer.values[0]!, deleted: false }
        if (answer.error !== undefined) return etcdRefusal(answer.error)
        continue
      }
      if (((row.value as Namespace).spec?.finalizers ?? []).length > 0) return { object: row.value, deleted: false }
    }
    const begun = strategy.beginDelete?.(row.value, context.clock.timestamp())
    if (begun !== undefined) {
      if (dryRun) return { object: begun, deleted: false }
      const answer = yield* writeOver(context, stored, row, begun)
      if (answer.ok) return { object: answer.values[0]!, deleted: false }
      if (answer.error !== undefined) return etcdRefusal(answer.error)
      continue
    }
    const step = gracefulStep(strategy, row.value, options, context.clock.seconds())
    if (step.pending) return { object: row.value, deleted: false }
    const marks = marksFor(strategy, row.value, step, options, context.clock.timestamp())
    let last: Row = row
    if (marks !== undefined) {
      if (dryRun) return { object: marks.object, deleted: marks.deleteNow }
      const answer = yield* writeOver(context, stored, row, marks.object)
      if (!answer.ok) {
        if (answer.error !== undefined) return etcdRefusal(answer.error)
        continue
      }
      if (!marks.deleteNow) return { object: answer.values[0]!, deleted: false }
      const now = context.etcd.get(stored, key)
      if (now === undefined) return { object: answer.values[0]!, deleted: true }
      last = now
    }
    if (dryRun) return { object: last.value, deleted: true }
    const answer = yield* commit({
      compare: [{ resource: stored, key, modRevision: last.modRevision }],
      ops: [{ type: 'delete', resource: stored, key }],
    })
    if (answer.ok) {
      const object = { ...last.value, metadata: { ...last.value.metadata, resourceVersion: String(answer.revision) } }
      context.ledger.carry(object, last.value)
      return { object, deleted: true }
    }
    if (answer.error !== undefined) return etcdRefusal(answer.error)
  }
}

export const deletionAnswer = (call: Call, deletion: Deletion, options: DeleteOptions): ApiResponse => {
  const { stored, resource } = call
  const { object, deleted } = deletion
  const code = !deleted && options.orphanDependents === false ? 202 : 200
  if (!deleted || strategyOf(stored).returnsDeleted === true) return { code, body: convert(stored, resource, object) }
  return success(code, {
    name: object.metadata.name,
    group: resource.group,
    kind: resource.plural,
    uid: object.metadata.uid,
  })
}

export function* deleteVerb(call: Call): Step<ApiResponse | Refusal> {
  const options = deleteOptionsOf(call.request.body)
  if (isRefusal(options)) return options
  const invalidOptions = validateDeleteOptions(options)
  if (invalidOptions !== undefined) return invalidOptions
  const warning = deleteWarning(call.stored, options)
  if (warning !== undefined) call.warn(warning)
  const deletion = yield* deleteObject(call, call.request.name!, options)
  return isRefusal(deletion) ? deletion : deletionAnswer(call, deletion, options)
}
