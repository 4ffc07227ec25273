// Two controllers for ReplicaSets: one that believes its cache, and one that remembers what it has made and not seen yet.
import {
  controllerReference,
  done,
  type Controller,
  type Io,
  type KubeObject,
  type Request,
  type Result,
} from 'kscn/controller'

interface ReplicaSet extends KubeObject {
  readonly spec: { readonly replicas: number; readonly template: { readonly metadata: object; readonly spec: object } }
}
type Steps<A> = Generator<Request, A, unknown>

/** Makes so many pods; the names of those that were made. */
function* make(io: Io<ReplicaSet>, set: ReplicaSet, count: number): Steps<readonly string[]> {
  const made: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { metadata, spec } = set.spec.template
    const answer = yield* io.write.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace ?? 'default',
        ownerReferences: [controllerReference(set)],
      },
      spec,
    })
    if (answer.ok) made.push(answer.object.metadata.name)
  }
  return made
}

export const hasty: Controller<ReplicaSet> = {
  name: 'hasty',
  reconciles: 'apps/v1/ReplicaSet',
  owns: ['v1/Pod'],
  *reconcile(key, io): Generator<Request, Result, unknown> {
    const set = io.read.get(key)
    if (set === undefined) return done
    const pods = io.read.owned('v1/Pod', set)
    yield* make(io, set, set.spec.replicas - pods.length)
    return done
  },
}

/** What was made and is not in the cache yet, by the key of its owner. */
const expected = new Map<string, Set<string>>()

export const patient: Controller<ReplicaSet> = {
  name: 'patient',
  reconciles: 'apps/v1/ReplicaSet',
  owns: ['v1/Pod'],
  *reconcile(key, io): Generator<Request, Result, unknown> {
    const set = io.read.get(key)
    if (set === undefined) return done
    const pods = io.read.owned('v1/Pod', set)
    const open = expected.get(key) ?? new Set<string>()
    for (const { metadata } of pods) open.delete(metadata.name)
    const made = yield* make(io, set, set.spec.replicas - pods.length - open.size)
    for (const name of made) open.add(name)
    expected.set(key, open)
    return done
  },
}
