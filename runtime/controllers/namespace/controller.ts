import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { ListBody } from '../../../api/protocol/response.ts'
import type { Namespace, Pod } from '../../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { millisecond, second, type Micros } from '../../kernel/micros.ts'
import { done, type Answer, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { withConditions } from './conditions.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>

/** namespace_controller.go: namespaceDeletionGracePeriod, finalizerEstimateSeconds. */
const deletionGracePeriod: Micros = 5 * second
const finalizerEstimateSeconds = 15

const background = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' }

interface Pass {
  readonly errors: string[]
  readonly remaining: Map<string, number>
  readonly finalizers: Map<string, number>
  estimate: number
}

function* list(io: Io, resource: Resource, namespace: string): Steps<Answer<ListBody>> {
  return (yield* io.write.send({ verb: 'list', resource, namespace })) as unknown as Answer<ListBody>
}

/** estimateGracefulTermination: the longest grace period of the pods, unless it has passed already. */
function* estimateFor(io: Io, resource: Resource, namespace: Namespace): Steps<number | string> {
  if (resource.group !== '' || resource.plural !== 'pods') return 0
  const pods = yield* list(io, resource, namespace.metadata.name ?? '')
  if (!pods.ok) return pods.message
  let estimate = 0
  for (const pod of pods.object.items as readonly Pod[]) {
    if (!isPodTerminal(pod)) estimate = Math.max(estimate, pod.spec?.terminationGracePeriodSeconds ?? 0)
  }
  const since = parseTimestamp(namespace.metadata.deletionTimestamp) ?? io.wall()
  return io.wall() - since >= estimate * second ? 0 : estimate
}

/** deleteAllContentForGroupVersionResource. */
function* deleteAll(io: Io, resource: Resource, ns: Namespace, pass: Pass): Steps<void> {
  const namespace = ns.metadata.name ?? ''
  const estimate = yield* estimateFor(io, resource, ns)
  if (typeof estimate === 'string') {
    pass.errors.push(estimate)
    return
  }
  pass.estimate = Math.max(pass.estimate, estimate)
  if (resource.verbs.includes('deletecollection')) {
    const answer = yield* io.write.send({ verb: 'deletecollection', resource, namespace, body: background })
    if (!answer.ok && answer.code !== 404 && answer.code !== 405) {
      pass.errors.push(answer.message)
      return
    }
  } else {
    const items = yield* list(io, resource, namespace)
    for (const item of items.ok ? items.object.items : []) {
      yield* io.write.delete(item, { propagationPolicy: 'Background' })
    }
  }
  if (!resource.verbs.includes('list')) return
  const left = yield* list(io, resource, namespace)
  if (!left.ok) {
    if (left.code !== 404 && left.code !== 405) pass.errors.push(left.message)
    return
  }
  if (left.object.items.length === 0) return
  pass.remaining.set(`${resource.plural}.${resource.group}`, left.object.items.length)
  let held = false
  for (const item of left.object.items) {
    for (const finalizer of item.metadata.finalizers ?? []) {
      held = true
      pass.finalizers.set(finalizer, (pass.finalizers.get(finalizer) ?? 0) + 1)
    }
  }
  if (estimate !== 0) return
  if (held) pass.estimate = Math.max(pass.estimate, finalizerEstimateSeconds)
  else
    pass.errors.push(
      `unexpected items still remain in namespace: ${namespace} for gvr: ${resource.group}/${resource.version}, Resource=${resource.plural}`,
    )
}

/** One version of each resource: discovery's preferred one stands first. */
const deletable = (io: Io): readonly Resource[] => {
  const seen = new Set<string>()
  return io.resources().filter((resource) => {
    const name = `${resource.group}/${resource.plural}`
    // Events of both groups are the same objects; the namespace takes the core ones.
    if (!resource.namespaced || !resource.verbs.includes('delete') || seen.has(name)) return false
    seen.add(name)
    return true
  })
}

function* writeStatus(io: Io, namespace: Namespace, pass: Pass, podsOnly: boolean): Steps<void> {
  const found = { errors: pass.errors, remaining: podsOnly ? undefined : pass.remaining, finalizers: pass.finalizers }
  const before = namespace.status ?? {}
  const status = withConditions(before, found, io.timestamp())
  if (status !== before) yield* io.write.updateStatus({ ...namespace, status } as KubeObject)
}

/** deleteAllContent: pods first and waited for, then everything else. Differs: in discovery order, upstream in that of a Go map. */
function* deleteContent(io: Io, namespace: Namespace): Steps<Pass> {
  const pass: Pass = { errors: [], remaining: new Map(), finalizers: new Map(), estimate: 0 }
  const resources = deletable(io)
  const pods = resources.find((resource) => resource.id === 'v1/Pod')
  if (pods !== undefined) {
    yield* deleteAll(io, pods, namespace, pass)
    if (pass.remaining.size > 0) {
      yield* writeStatus(io, namespace, pass, true)
      return pass
    }
  }
  for (const resource of resources) if (resource !== pods) yield* deleteAll(io, resource, namespace, pass)
  yield* writeStatus(io, namespace, pass, false)
  return pass
}

/** finalizeNamespace, over again on conflict. */
function* finalize(io: Io, name: string): Steps<Result> {
  for (;;) {
    const live = yield* io.live.get('v1/Namespace', name)
    if (!live.ok) return live.code === 404 ? done : { retry: live.message }
    const namespace = live.object as Namespace
    const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== 'kubernetes')
    const { finalizers: _finalizers, ...spec } = namespace.spec ?? {}
    const resource = io.served('v1/Namespace')!
    const body = { ...namespace, spec: finalizers.length === 0 ? spec : { ...spec, finalizers } }
    const answer = yield* io.write.send({ verb: 'update', resource, name, subresource: 'finalize', body })
    if (answer.ok || answer.code === 404) return done
    if (answer.reason !== 'Conflict') return { retry: answer.message }
  }
}

/** kube-controller-manager's namespace-controller: pkg/controller/namespace, with OrderedNamespaceDeletion. */
export const namespaceController = (workers = 10): Controller<Namespace> => ({
  name: 'namespace-controller',
  writes: 'any',
  reconciles: 'v1/Namespace',
  workers,
  backoff: { base: 5 * millisecond, max: 60 * second },
  when: ({ type, object }) => type !== 'deleted' && object.metadata.deletionTimestamp !== undefined,
  delay: () => deletionGracePeriod,
  *reconcile(key, io): Steps<Result> {
    if (io.read.get(key) === undefined) return done
    const live = yield* io.live.get('v1/Namespace', key)
    if (!live.ok) return live.code === 404 ? done : { retry: live.message }
    let namespace = live.object as Namespace
    if (namespace.metadata.deletionTimestamp === undefined) return done
    if (namespace.status?.phase !== 'Terminating') {
      const answer = yield* io.write.updateStatus({
        ...namespace,
        status: { ...namespace.status, phase: 'Terminating' },
      } as KubeObject)
      if (!answer.ok) return { retry: answer.message }
      namespace = answer.object as Namespace
    }
    if ((namespace.spec?.finalizers ?? []).length === 0) return done
    const pass = yield* deleteContent(io, namespace)
    if (pass.errors.length > 0) return { retry: pass.errors.join(', ') }
    if (pass.estimate > 0) return { requeueAfter: (Math.floor(pass.estimate / 2) + 1) * second }
    return yield* finalize(io, key)
  },
})
