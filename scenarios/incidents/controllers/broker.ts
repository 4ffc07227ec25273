// Operators of a message broker: a Broker is a StatefulSet, and a ConfigMap that says how large its disks are. Each has a mistake
// that a real operator had (rabbitmq/cluster-operator 648 and 782), and each has a twin without it.
import {
  type Answer,
  controllerReference,
  done,
  type Controller,
  type Io,
  type KubeObject,
  type Request,
  type Result,
} from 'kscn/controller'

interface Broker extends KubeObject {
  readonly spec: { readonly size: number }
}
interface Disks extends KubeObject {
  readonly data?: { readonly size?: string }
}
type Steps<A> = Generator<Request, A, unknown>
type Refused = { readonly retry: string } | undefined

/** A refusal ends the reconcile; what is gone, there or another's already is as it should be. */
const refused = (answer: Answer<unknown>): Refused =>
  answer.ok || ['NotFound', 'AlreadyExists', 'Conflict'].includes(answer.reason) ? undefined : { retry: answer.message }

const finalizer = 'example.com/broker'
const statefulSet = 'apps/v1/StatefulSet'
const owned = (broker: Broker): object => ({
  name: broker.metadata.name,
  namespace: broker.metadata.namespace ?? 'default',
  ownerReferences: [controllerReference(broker)],
  annotations: { 'example.com/size': String(broker.spec.size) },
})

function* makeSet(io: Io<Broker>, broker: Broker): Steps<Refused> {
  const labels = { app: broker.metadata.name }
  return refused(
    yield* io.write.create({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: owned(broker),
      spec: {
        replicas: 1,
        serviceName: broker.metadata.name,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'broker', image: 'broker:v1' }] },
        },
      },
    } as never),
  )
}
function* makeDisks(io: Io<Broker>, broker: Broker): Steps<Refused> {
  const data = { size: String(broker.spec.size) }
  return refused(
    yield* io.write.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: owned(broker), data } as never),
  )
}
function* setFinalizers(io: Io<Broker>, broker: Broker, finalizers: readonly string[]): Steps<Refused> {
  const { resourceVersion = '' } = broker.metadata
  return refused(yield* io.write.patch(broker, { metadata: { finalizers } }, { type: 'merge', resourceVersion }))
}

/** `careful`: what is deleted is the very object that was looked at, and not another one of its name. */
const deleting = (name: string, careful: boolean): Controller<Broker> => ({
  name,
  reconciles: 'example.com/v1/Broker',
  owns: [statefulSet],
  *reconcile(key, io): Generator<Request, Result, unknown> {
    const broker = io.read.get(key)
    if (broker === undefined) return done
    const set = io.read.get(statefulSet, key)
    if (broker.metadata.deletionTimestamp !== undefined) {
      // Is it so in truth? Whoever asks and then stands still for a while acts on an old answer all the same.
      const present = yield* io.live.get('example.com/v1/Broker', key)
      if (!present.ok) return done
      if (set !== undefined) {
        const { uid = '' } = set.metadata
        const trouble = refused(yield* io.write.delete(set, careful ? { preconditions: { uid } } : {}))
        if (trouble !== undefined) return trouble
      }
      return (yield* setFinalizers(io, broker, [])) ?? done
    }
    if (broker.metadata.finalizers?.includes(finalizer) !== true)
      return (yield* setFinalizers(io, broker, [finalizer])) ?? done
    return set === undefined ? ((yield* makeSet(io, broker)) ?? done) : done
  },
})
export const reckless = deleting('reckless', false)
export const careful = deleting('careful', true)
/** Its next version, which an upgrade starts beside the old one. */
export const successor = deleting('successor', true)

/** `always`: the disks are looked at in every reconcile, and not only in the one that finds a StatefulSet of another size. */
const resizing = (name: string, always: boolean): Controller<Broker> => ({
  name,
  reconciles: 'example.com/v1/Broker',
  owns: [statefulSet, 'v1/ConfigMap'],
  *reconcile(key, io): Generator<Request, Result, unknown> {
    const broker = io.read.get(key)
    if (broker === undefined) return done
    const size = String(broker.spec.size)
    const set = io.read.get(statefulSet, key)
    const disks = io.read.get<Disks>('v1/ConfigMap', key)
    const resized = set !== undefined && set.metadata.annotations?.['example.com/size'] !== size
    let trouble: Refused
    if (disks === undefined) trouble = yield* makeDisks(io, broker)
    // A StatefulSet cannot be told of larger disks: it is made anew, and its pods stay.
    if (resized) trouble ??= refused(yield* io.write.delete(set, { propagationPolicy: 'Orphan' }))
    if ((resized || always) && disks !== undefined && disks.data?.size !== size)
      trouble ??= refused(yield* io.write.patch(disks, { data: { size } }, { type: 'merge' }))
    if (set === undefined || resized) trouble ??= yield* makeSet(io, broker)
    return trouble ?? done
  },
})
export const forgetful = resizing('forgetful', false)
export const thorough = resizing('thorough', true)
