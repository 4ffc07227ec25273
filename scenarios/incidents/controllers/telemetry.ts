// An agent on every node that looks at all pods, in two ways, and a name server that looks at its Services now and then.
import { done, second, type Controller, type KubeObject, type Request, type Result } from 'kscn/controller'

const workers = 100
const period = second / 2

/** Each agent lists all pods of the cluster at the API server. */
export const lists: Controller = {
  name: 'lists',
  reconciles: 'v1/Node',
  when: ({ type }) => type === 'added',
  workers,
  requeue: 'housekeeping',
  *reconcile(_, io): Generator<Request, Result, unknown> {
    const answer = yield* io.live.list('v1/Pod')
    return answer.ok || answer.reason === 'TooManyRequests' ? { requeueAfter: period } : { retry: answer.message }
  },
}

/** Each agent looks into a cache that one watch keeps up to date. */
export const watches: Controller = {
  name: 'watches',
  reconciles: 'v1/Node',
  when: ({ type }) => type === 'added',
  workers,
  requeue: 'housekeeping',
  *reconcile(_, io): Generator<Request, Result, unknown> {
    return io.read.list('v1/Pod').length > 0 ? { requeueAfter: period } : done
  },
}

/** Addresses are kept for so long: forty seconds stand for the twenty minutes of the incident. */
const timeToLive = 40 * second

/** What it knows it writes into a ConfigMap; of what it cannot ask any more it knows nothing. */
export const dns: Controller = {
  name: 'dns',
  reconciles: 'v1/Service',
  when: ({ type }) => type === 'added',
  requeue: 'housekeeping',
  *reconcile(key, io): Generator<Request, Result, unknown> {
    const service = io.read.get(key)
    if (service === undefined || service.metadata.namespace !== 'default' || service.metadata.name !== 'web')
      return done
    const slices = yield* io.live.list('discovery.k8s.io/v1/EndpointSlice', { namespace: 'default' })
    const found = slices.ok
    const known: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'dns', namespace: 'default' } }
    const answer = yield* io.write.patch(known, { data: { web: found ? 'known' : 'lost' } }, { type: 'merge' })
    return answer.ok ? { requeueAfter: timeToLive } : { retry: answer.message }
  },
}
