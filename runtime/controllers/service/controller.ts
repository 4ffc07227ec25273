import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node, Service } from '../../../api/types/core-v1.generated.ts'
import type { Cloud } from '../../cloud/cloud.ts'
import { second } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import {
  finalizer,
  hasFinalizer,
  hostsMayChange,
  isHost,
  needsCleanup,
  needsUpdate,
  wantsLoadBalancer,
} from './needs-update.ts'

type Steps<R> = Generator<ApiRequest, R, unknown>
/** undefined, or why not. */
type Outcome = string | undefined

interface Memory {
  /** The Services as they were last worked on. */
  readonly services: Map<string, Service>
  /** The hosts that each balancer was last given, with their instances. */
  readonly hosts: Map<string, readonly string[]>
}

/** The one key that stands for all nodes; no Service has it. */
const nodesKey = 'nodes'
/** maxNodeNamesToLog */
const maxNames = 20

const memoryOf = (io: Io): Memory => io.memory as Memory

/** DefaultLoadBalancerName */
const balancerName = ({ metadata }: Service): string => `a${metadata.uid ?? ''}`.replaceAll('-', '').slice(0, 32)

const hostsOf = (io: Io): readonly Node[] => (io.read.list('v1/Node') as readonly Node[]).filter(isHost)
const namesOf = (hosts: readonly Node[]): readonly string[] => hosts.map((one) => one.metadata.name ?? '')
/** What of the nodes makes a balancer's hosts others than before (nodesSufficientlyEqual). */
const marksOf = (hosts: readonly Node[]): readonly string[] =>
  hosts.map((one) => `${one.metadata.name ?? ''} ${one.spec?.providerID ?? ''}`).sort()

const nobody = 'There are no available nodes for LoadBalancer'

function* setFinalizers(io: Io, service: Service, wanted: boolean): Steps<Outcome> {
  if (hasFinalizer(service) === wanted) return undefined
  const metadata = wanted ? { finalizers: [finalizer] } : { '$deleteFromPrimitiveList/finalizers': [finalizer] }
  // servicehelper.PatchService patches the status subresource, which takes metadata as well.
  const answer = yield* io.write.patch(service, { metadata }, { subresource: 'status' })
  return answer.ok ? undefined : answer.message
}

/** The address of a Service, or that it has none. */
function* patchStatus(io: Io, service: Service, address: string | undefined): Steps<Outcome> {
  const [first] = service.status?.loadBalancer?.ingress ?? []
  if (first?.ip === address) return undefined
  const answer = yield* io.write.patchStatus(service, {
    loadBalancer: { ingress: address === undefined ? null : [{ ip: address }] },
  })
  return answer.ok || answer.code === 404 ? undefined : `failed to update load balancer status: ${answer.message}`
}

function* cleanUp(io: Io, cloud: Cloud, service: Service): Steps<Outcome> {
  const name = balancerName(service)
  if (cloud.balancers.get(name) !== undefined) {
    io.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
    const deleted = yield* cloud.balancers.ensureDeleted(name)
    if (!deleted.ok) return `failed to delete load balancer: ${deleted.message}`
  }
  const error = yield* setFinalizers(io, service, false)
  if (error !== undefined) return `failed to remove load balancer cleanup finalizer: ${error}`
  io.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
  return yield* patchStatus(io, service, undefined)
}

function* ensure(io: Io, cloud: Cloud, key: string, service: Service): Steps<Outcome> {
  io.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer')
  const error = yield* setFinalizers(io, service, true)
  if (error !== undefined) return `failed to add load balancer cleanup finalizer: ${error}`
  const hosts = hostsOf(io)
  if (hosts.length === 0) io.event(service, 'Warning', 'UnAvailableLoadBalancer', nobody)
  memoryOf(io).hosts.set(key, marksOf(hosts))
  const made = yield* cloud.balancers.ensure(balancerName(service), namesOf(hosts))
  if (!made.ok) return `failed to ensure load balancer: ${made.message}`
  io.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer')
  return yield* patchStatus(io, service, made.value)
}

/** processServiceDeletion: a Service that is gone and had no finalizer. */
function* processDeletion(io: Io, cloud: Cloud, key: string): Steps<Result> {
  const { services, hosts } = memoryOf(io)
  const service = services.get(key)
  if (service === undefined) return done
  if (wantsLoadBalancer(service)) {
    io.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
    const deleted = yield* cloud.balancers.ensureDeleted(balancerName(service))
    if (!deleted.ok) {
      const message = `Error deleting load balancer: ${deleted.message}`
      io.event(service, 'Warning', 'DeleteLoadBalancerFailed', message)
      return { retry: deleted.message }
    }
    io.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
  }
  services.delete(key)
  hosts.delete(key)
  return done
}

/** syncNodes: the balancers get the hosts that there are now. */
function* syncNodes(io: Io, cloud: Cloud): Steps<void> {
  const memory = memoryOf(io)
  for (const [key, service] of [...memory.services].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!wantsLoadBalancer(service)) continue
    const hosts = hostsOf(io)
    const marks = marksOf(hosts)
    const same = structuralEqual(memory.hosts.get(key) ?? [], marks)
    memory.hosts.set(key, marks)
    if (same) continue
    const name = balancerName(service)
    const names = namesOf(hosts)
    const updated = yield* cloud.balancers.update(name, names)
    if (updated.ok) {
      if (names.length === 0) io.event(service, 'Warning', 'UnAvailableLoadBalancer', nobody)
      else io.event(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts')
      continue
    }
    if (cloud.balancers.get(name) === undefined) continue
    const shown = names.length > maxNames ? [...names.slice(0, maxNames), `<${names.length - maxNames} more>`] : names
    const message = `Error updating load balancer with new hosts [${shown.join(' ')}] [node names limited, total number of nodes: ${names.length}], error: ${updated.message}`
    io.event(service, 'Warning', 'UpdateLoadBalancerFailed', message)
    io.requeue(key, 0)
  }
}

/**
 * cloud-controller-manager's service controller (k8s.io/cloud-provider controllers/service, v0.36). Differs: the nodes' queue shares
 * the workers of the Services'; the resync of all Services every 30 s, which finds nothing to do, is left out.
 */
export const serviceController = (cloud: Cloud, workers: number): Controller => ({
  name: 'service-controller',
  reconciles: 'v1/Service',
  workers,
  backoff: { base: 5 * second, max: 300 * second },
  memory: (): Memory => ({ services: new Map(), hosts: new Map() }),
  // A deletion is worked on while the finalizer holds it.
  when: ({ type, object }) => type !== 'deleted' || object.kind === 'Node',
  watches: {
    'v1/Service': (object, _io, before) => {
      const service = object as Service
      const wanted =
        before === undefined ? wantsLoadBalancer(service) : needsUpdate(before as unknown as Service, service)
      const { namespace = '', name = '' } = service.metadata
      return wanted || needsCleanup(service) ? [`${namespace}/${name}`] : []
    },
    'v1/Node': (object, _io, before) =>
      before === undefined || hostsMayChange(before as unknown as Node, object as unknown as Node) ? [nodesKey] : [],
  },
  *reconcile(key, io): Steps<Result> {
    if (key === nodesKey) {
      yield* syncNodes(io, cloud)
      return done
    }
    const service = io.read.get(key) as Service | undefined
    if (service === undefined) return yield* processDeletion(io, cloud, key)
    const { services, hosts } = memoryOf(io)
    const known = services.get(key)
    if (known !== undefined && known.metadata.uid !== service.metadata.uid) {
      const result = yield* processDeletion(io, cloud, key)
      if (result !== done) return result
    }
    services.set(key, service)
    const removes = !wantsLoadBalancer(service) || needsCleanup(service)
    const error = removes ? yield* cleanUp(io, cloud, service) : yield* ensure(io, cloud, key, service)
    if (error !== undefined) {
      io.event(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${error}`)
      return { retry: error }
    }
    if (removes) {
      services.delete(key)
      hosts.delete(key)
    }
    return done
  },
})
