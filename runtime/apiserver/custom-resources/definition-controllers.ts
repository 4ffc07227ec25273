import { acceptNames, establish, withCondition } from '../../../api/custom-resources/definition-status.ts'
import { compileDefinition, conditionOf } from '../../../api/custom-resources/compile-definition.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { CustomResourceDefinition } from '../../../api/types/apiextensions-v1.generated.ts'
import type { Row } from '../../etcd/etcd.ts'
import { second } from '../../kernel/micros.ts'
import { changeMeta } from '../object-meta.ts'
import { commit, type ServerContext, type Step } from '../server-context.ts'
import { writeOver } from '../write-object.ts'
import { definitionKind } from './custom-scheme.ts'

// What kube-apiserver does by itself for custom resources: the naming, establishing and finalizing controllers of
// apiextensions-apiserver. Differs: one queue; with several servers each of them looks, and the first write stands.

const cleanup = 'customresourcecleanup.apiextensions.k8s.io'
const byServer = { manager: 'kube-apiserver', subresource: 'status' }
/** How often the finalizer looks whether the last object is gone. */
const pollInterval = 5 * second

const terminating = (
  status: 'True' | 'False',
  reason: string,
  message: string,
): Parameters<typeof withCondition>[1] => ({
  type: 'Terminating',
  status,
  reason,
  message,
})

/** Deletes what can be deleted now; says whether something is left. */
function* deleteInstances(context: ServerContext, definition: CustomResourceDefinition): Step<boolean> {
  const resource = compileDefinition(definition).stored
  const rows: Row[] = []
  context.etcd.table(resource).scan('', '', (row) => {
    rows.push(row)
  })
  let left = false
  for (const row of rows) {
    const { metadata } = row.value
    if ((metadata.finalizers ?? []).length === 0) {
      yield* commit({
        compare: [{ resource, key: row.key, modRevision: row.modRevision }],
        ops: [{ type: 'delete', resource, key: row.key }],
      })
      continue
    }
    left = true
    if (metadata.deletionTimestamp !== undefined) continue
    const marked = changeMeta(metadata, {
      deletionTimestamp: context.clock.timestamp(),
      deletionGracePeriodSeconds: 0,
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
    })
    yield* writeOver(context, resource, row, { ...row.value, metadata: marked })
  }
  return left
}

/** finalizer/crd_finalizer.go. Returns after how long to look again. */
function* finalize(context: ServerContext, resource: Resource, name: string): Step<number | undefined> {
  const now = context.clock.timestamp()
  const row = context.etcd.get(resource, name)
  if (row === undefined) return undefined
  const definition = row.value as CustomResourceDefinition
  const begun = withCondition(
    definition,
    terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'),
    now,
  )
  const written = yield* writeOver(context, resource, row, begun, byServer)
  if (!written.ok) return written.error === undefined ? undefined : pollInterval
  const established = conditionOf(definition, 'Established')?.status === 'True'
  if (established && (yield* deleteInstances(context, definition))) return pollInterval
  const last = context.etcd.get(resource, name)
  if (last === undefined) return undefined
  const condition = established
    ? terminating('False', 'InstanceDeletionCompleted', 'removed all instances')
    : terminating('False', 'NeverEstablished', 'resource was never established')
  const rest = (last.value.metadata.finalizers ?? []).filter((one) => one !== cleanup)
  if (rest.length === 0) {
    yield* commit({
      compare: [{ resource, key: name, modRevision: last.modRevision }],
      ops: [{ type: 'delete', resource, key: name }],
    })
    return undefined
  }
  const done = withCondition(last.value as CustomResourceDefinition, condition, now)
  const next = { ...done, metadata: changeMeta(done.metadata, { finalizers: rest }) } as KubeObject
  yield* writeOver(context, resource, last, next, byServer)
  return undefined
}

function* reconcile(context: ServerContext, resource: Resource, name: string): Step<number | undefined> {
  const row = context.etcd.get(resource, name)
  if (row === undefined) return undefined
  const { metadata } = row.value
  if (metadata.deletionTimestamp !== undefined) {
    return metadata.finalizers?.includes(cleanup) === true ? yield* finalize(context, resource, name) : undefined
  }
  const definition = row.value as CustomResourceDefinition
  const all = context.lookupAll(definitionKind) as readonly CustomResourceDefinition[]
  const now = context.clock.timestamp()
  const named = acceptNames(definition, all, now)
  const next = named === definition ? establish(definition, now) : named
  if (next === definition) return undefined
  yield* writeOver(context, resource, row, next, byServer)
  return undefined
}

export type RunSteps = <A>(steps: Step<A>, finished: (result: A) => void) => void

/** Follows the definitions that this server knows of, as long as `alive` says that its process runs. */
export const startDefinitionControllers = (context: ServerContext, run: RunSteps, alive: () => boolean): void => {
  const resource = context.scheme().byKind(definitionKind)
  if (resource === undefined) return
  const cache = context.cache(resource)
  const due = new Set<string>()
  const busy = new Set<string>()

  const look = (name: string): void => {
    due.delete(name)
    if (!alive()) return
    if (busy.has(name)) {
      due.add(name)
      return
    }
    busy.add(name)
    run(reconcile(context, resource, name), (again) => {
      busy.delete(name)
      if (due.delete(name)) queue(name, 0)
      else if (again !== undefined) queue(name, again)
    })
  }

  const queue = (name: string, delay: number): void => {
    if (due.has(name)) return
    due.add(name)
    const tag = delay === 0 ? 'progress' : 'housekeeping'
    context.kernel.after(delay, context.actor, () => look(name), { tag, label: `definition ${name}` })
  }

  cache.watchers.add({
    namespace: undefined,
    matches: undefined,
    indexed: undefined,
    key: undefined,
    after: 0,
    event(event) {
      if (event.type !== 'ADDED' && event.type !== 'MODIFIED' && event.type !== 'DELETED') return
      const { name } = event.object.metadata
      if (event.type !== 'DELETED') queue(name, 0)
      else {
        // Its names are free now.
        const { group } = (event.object as CustomResourceDefinition).spec
        for (const one of context.lookupAll(definitionKind) as readonly CustomResourceDefinition[]) {
          if (one.spec.group === group && one.metadata.name !== name) queue(one.metadata.name, 0)
        }
      }
    },
  })
  for (const one of context.lookupAll(definitionKind) as readonly CustomResourceDefinition[]) {
    const idle = one.metadata.deletionTimestamp === undefined && conditionOf(one, 'Established')?.status === 'True'
    if (!idle) queue(one.metadata.name, 0)
  }
}
