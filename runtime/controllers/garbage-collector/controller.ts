import type { Key } from '../../../api/kind.ts'
import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { OwnerReference } from '../../../api/types/meta-v1.generated.ts'
import { done, type Answer, type Call, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import {
  blockingDependents,
  createGraph,
  foregroundFinalizer,
  has,
  orphanFinalizer,
  type Graph,
  type Identity,
  type Node,
  type Wanted,
} from './graph.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

const graphOf = (io: { readonly memory: unknown }): Graph => io.memory as Graph

/** The object at an identity, as far as requests about it need it. */
const standIn = ({ apiVersion, kind, namespace, name, uid }: Identity): KubeObject =>
  ({ apiVersion, kind, metadata: { ...(namespace === '' ? {} : { namespace }), name, uid } }) as KubeObject

const kindOf = ({ apiVersion, kind }: Identity): string => `${apiVersion}/${kind}`

const keysOf = (wanted: Wanted, io: Pick<Io, 'event'>): readonly Key[] => {
  for (const { dependent, owner } of wanted.invalid) {
    const { namespace } = dependent.identity
    const identity = `[${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}]`
    const message = `ownerRef ${identity} does not exist in namespace "${namespace}"`
    io.event(standIn(dependent.identity), 'Warning', 'OwnerRefInvalidNamespace', message)
  }
  return [...[...wanted.remove].map((uid) => `delete:${uid}`), ...[...wanted.orphan].map((uid) => `orphan:${uid}`)]
}

const requeue = (io: Io, wanted: Wanted): void => {
  for (const key of keysOf(wanted, io)) io.requeue(key, 0)
}

/** A live look at an identity. undefined: its kind cannot be looked up there. */
function* look(io: Io, identity: Identity): Steps<Answer<KubeObject> | undefined> {
  const resource = io.served(kindOf(identity))
  if (resource === undefined) return undefined
  const key = resource.namespaced ? `${identity.namespace}/${identity.name}` : identity.name
  return yield* io.live.get(kindOf(identity), key)
}

type Standing = 'solid' | 'dangling' | 'waiting'

/** isDangling and classifyReferences for one reference; a text is an error. */
function* standingOf(
  io: Io,
  node: Node,
  owner: OwnerReference,
): Steps<Standing | { readonly error: string } | 'wrong-scope'> {
  const graph = graphOf(io)
  const { namespace } = node.identity
  const at = (where: string): Identity => ({
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    namespace: where,
    name: owner.name,
    uid: owner.uid,
  })
  if (graph.isKnownAbsent(at('')) || graph.isKnownAbsent(at(namespace))) return 'dangling'
  const resource = io.served(`${owner.apiVersion}/${owner.kind}`)
  if (resource === undefined) return { error: `unable to get REST mapping for ${owner.apiVersion}/${owner.kind}.` }
  if (resource.namespaced && namespace === '') return 'wrong-scope'
  const place = at(resource.namespaced ? namespace : '')
  const answer = yield* look(io, place)
  if (answer === undefined || (!answer.ok && answer.code !== 404))
    return { error: answer?.ok === false ? answer.message : '' }
  if (!answer.ok || answer.object.metadata.uid !== owner.uid) {
    graph.noteAbsent(place)
    return 'dangling'
  }
  const going = answer.object.metadata.deletionTimestamp !== undefined && has(answer.object, foregroundFinalizer)
  return going ? 'waiting' : 'solid'
}

const withoutOwners = (node: Node, uids: readonly string[]): object => ({
  metadata: { uid: node.identity.uid, ownerReferences: uids.map((uid) => ({ $patch: 'delete', uid })) },
})

/** deleteObject: with the preconditions of what was seen; after a conflict that left the owners alone, without its version. */
function* remove(io: Io, seen: KubeObject, policy: 'Foreground' | 'Background' | 'Orphan'): Steps<Answer<KubeObject>> {
  const { uid = '', resourceVersion = '' } = seen.metadata
  const first = yield* io.write.delete(seen, { preconditions: { uid, resourceVersion }, propagationPolicy: policy })
  if (first.ok || first.reason !== 'Conflict') return first
  const { namespace, name } = seen.metadata
  const live = yield* io.live.get(
    `${seen.apiVersion}/${seen.kind}`,
    namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`,
  )
  if (!live.ok) return live.code === 404 ? live : first
  const { metadata } = live.object
  const sameOwners = structuralEqual(metadata.ownerReferences ?? [], seen.metadata.ownerReferences ?? [])
  if (metadata.uid !== uid || metadata.resourceVersion === resourceVersion || !sameOwners) return first
  return yield* io.write.delete(seen, { preconditions: { uid }, propagationPolicy: policy })
}

/** removeFinalizer, retried on conflict (retry.DefaultBackoff: four steps; without its pauses of 10 ms). */
function* removeFinalizer(io: Io, node: Node, finalizer: string): Steps<string | undefined> {
  for (let step = 0; ; step += 1) {
    const live = yield* look(io, node.identity)
    if (live === undefined || (!live.ok && live.code === 404)) return undefined
    if (!live.ok) return live.message
    const { finalizers = [], resourceVersion } = live.object.metadata
    if (!finalizers.includes(finalizer)) return undefined
    const rest = finalizers.filter((one) => one !== finalizer)
    const patch = { metadata: { resourceVersion, finalizers: rest.length === 0 ? null : rest } }
    const answer = yield* io.write.patch(live.object, patch, { type: 'merge' })
    if (answer.ok) return undefined
    if (answer.reason !== 'Conflict' || step >= 3) return answer.message
  }
}

/** attemptToDeleteItem. */
function* attemptToDelete(io: Io, node: Node): Steps<Result> {
  const graph = graphOf(io)
  if (node.beingDeleted && !node.deletingDependents) return done
  const { identity } = node
  const latest = yield* look(io, identity)
  if (latest === undefined)
    return io.served(kindOf(identity)) === undefined ? { retry: `no kind ${kindOf(identity)}` } : done
  if (!latest.ok && latest.code !== 404) return { retry: latest.message }
  if (!latest.ok || latest.object.metadata.uid !== identity.uid) {
    requeue(io, graph.absent(identity))
    return done
  }
  if (node.deletingDependents) {
    const blocking = blockingDependents(node)
    if (blocking.length === 0) {
      const error = yield* removeFinalizer(io, node, foregroundFinalizer)
      return error === undefined ? done : { retry: error }
    }
    for (const one of blocking) if (!one.deletingDependents) io.requeue(`delete:${one.identity.uid}`, 0)
    return done
  }
  const object = latest.object
  const owners = object.metadata.ownerReferences ?? []
  if (owners.length === 0) return done
  const standings: { readonly owner: OwnerReference; readonly standing: Standing }[] = []
  for (const owner of owners) {
    const standing = yield* standingOf(io, node, owner)
    if (standing === 'wrong-scope') return done
    if (typeof standing === 'object') return { retry: standing.error }
    standings.push({ owner, standing })
  }
  const of = (standing: Standing): readonly string[] =>
    standings.filter((one) => one.standing === standing).map(({ owner }) => owner.uid)
  if (of('solid').length > 0) {
    const loose = [...of('dangling'), ...of('waiting')]
    if (loose.length === 0) return done
    const answer = yield* io.write.patch(object, withoutOwners(node, loose))
    return answer.ok ? done : { retry: answer.message }
  }
  let policy: 'Foreground' | 'Background' | 'Orphan'
  if (of('waiting').length > 0 && node.dependents.size > 0) {
    // A circle: a dependent that waits as well would never go.
    if ([...node.dependents.values()].some((one) => one.deletingDependents)) {
      const unblocked = owners
        .filter((owner) => owner.blockOwnerDeletion === true)
        .map((owner) => ({ ...owner, blockOwnerDeletion: false }))
      const answer = yield* io.write.patch(object, { metadata: { uid: identity.uid, ownerReferences: unblocked } })
      if (!answer.ok) return { retry: answer.message }
    }
    policy = 'Foreground'
  } else
    policy = has(object, orphanFinalizer) ? 'Orphan' : has(object, foregroundFinalizer) ? 'Foreground' : 'Background'
  const answer = yield* remove(io, object, policy)
  if (answer.ok) return done
  if (answer.code !== 404) return { retry: answer.message }
  requeue(io, graph.absent(identity))
  return done
}

/** attemptToOrphanWorker: dependents lose their reference, then the owner its finalizer. */
function* orphanDependents(io: Io, node: Node): Steps<Result> {
  const calls = [...node.dependents.values()].map((one): Call<KubeObject> =>
    io.write.patch(standIn(one.identity), withoutOwners(one, [node.identity.uid])),
  )
  const answers = yield* io.together(calls)
  for (const answer of answers) if (!answer.ok && answer.code !== 404) return { retry: answer.message }
  const error = yield* removeFinalizer(io, node, orphanFinalizer)
  return error === undefined ? done : { retry: error }
}

const ignored = new Set(['v1/Event', 'events.k8s.io/v1/Event'])

/** kube-controller-manager's garbage-collector-controller: pkg/controller/garbagecollector. */
export const garbageCollectorController = (workers = 20): Controller => ({
  name: 'generic-garbage-collector',
  writes: 'any',
  eventSource: 'garbage-collector-controller',
  reconciles: 'v1/Namespace',
  workers,
  memory: createGraph,
  watches: { 'v1/Namespace': () => [] },
  watchesAll: (event, io) => {
    const { object, before, type } = event
    if (ignored.has(`${object.apiVersion}/${object.kind}`)) return []
    const graph = graphOf(io)
    return keysOf(type === 'deleted' ? graph.deleted(object) : graph.upsert(object, before), io)
  },
  *reconcile(key, io): Steps<Result> {
    const colon = key.indexOf(':')
    const node = graphOf(io).get(key.slice(colon + 1))
    if (node === undefined) return done
    if (key.startsWith('orphan:')) return yield* orphanDependents(io, node)
    const result = yield* attemptToDelete(io, node)
    // What is known from a reference only is asked for until its own event comes, or its absence is certain.
    if (result === done && node.virtual && graphOf(io).get(node.identity.uid) === node)
      return { retry: 'not observed yet' }
    return result
  },
})
