import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type {
  DeviceClass,
  DeviceRequestAllocationResult,
  ResourceClaim,
  ResourceSlice,
} from '../../../api/types/resource-v1.generated.ts'
import { timestamp } from '../../client/timestamp.ts'
import { action } from '../cluster-event.ts'
import type { Cycle, PluginFactory, PreBind } from '../framework.ts'
import { nodeMatcher } from '../label-matcher.ts'
import type { PodInfo } from '../pod-info.ts'
import { status, type Status } from '../status.ts'
import { bindClaim } from './devices/bind-claim.ts'
import { allocate, deviceId, type AllocationWorld } from './devices/allocator.ts'

const name = 'DynamicResources'
const mostReservations = 256
const refuse = (text: string): Status => status(name, 'UnschedulableAndUnresolvable', text)

const notOnNode = refuse('resourceclaim not available on the node')
const noDevices = refuse('cannot allocate all claims')
const nothingToFree = status(name, 'Unschedulable', 'no new claims to deallocate')
const stillNot = status(name, 'Unschedulable', 'still not schedulable')
const freed = status(name, 'Unschedulable', 'deallocation of ResourceClaim completed')
// Reading the state of an attempt whose PreFilter never came this far (fwk.ErrNotFound).
const noState = status(name, 'Error', 'not found')

interface State {
  readonly claims: readonly ResourceClaim[]
  /** Those that have no devices yet; the last may stand for extended resources. */
  readonly open: readonly ResourceClaim[]
  readonly byNode: Map<string, readonly (readonly DeviceRequestAllocationResult[])[]>
  readonly unavailable: Set<ResourceClaim>
}

const reservedFor = (claim: ResourceClaim, pod: PodInfo): boolean =>
  (claim.status?.reservedFor ?? []).some((one) => one.uid === pod.uid)

/** pkg/scheduler/framework/plugins/dynamicresources. */
export const dynamicResources: PluginFactory = (handle, _args, index) => {
  const { nodes, listers, deviceClassOf } = handle
  /** Devices that were given away and that the API does not show yet, by claim. */
  const pending = new Map<string, readonly DeviceRequestAllocationResult[]>()

  /** foreachPodResourceClaim: the claims of a pod, or why they are not there yet. */
  const claimsOf = (pod: Pod): readonly ResourceClaim[] | string => {
    const namespace = pod.metadata.namespace ?? ''
    const found: ResourceClaim[] = []
    for (const wanted of pod.spec.resourceClaims ?? []) {
      let claimName = wanted.resourceClaimName
      if (claimName === undefined) {
        const made = pod.status?.resourceClaimStatuses?.find((one) => one.name === wanted.name)
        if (made === undefined) return `pod "${namespace}/${pod.metadata.name}": ResourceClaim not created yet`
        claimName = made.resourceClaimName
        if (claimName === undefined) continue
      }
      const claim = listers.get('resource.k8s.io/v1/ResourceClaim', namespace, claimName) as ResourceClaim | undefined
      if (claim === undefined) return `could not find ResourceClaim "${namespace}/${claimName}"`
      if (claim.metadata.deletionTimestamp !== undefined) return `resourceclaim "${claimName}" is being deleted`
      const owner = claim.metadata.ownerReferences?.find((one) => one.controller === true)
      if (wanted.resourceClaimName === undefined && owner?.uid !== pod.metadata.uid) {
        return `ResourceClaim ${namespace}/${claimName} was not created for Pod ${namespace}/${pod.metadata.name} (Pod is not owner)`
      }
      found.push(claim)
    }
    return found
  }

  /** A claim for extended resources that only device classes offer; on nodes that have them, NodeResourcesFit counts. */
  const extendedClaim = (pod: PodInfo, slot: number | undefined): ResourceClaim | undefined => {
    const requests = [...(pod.facts.amounts.requests.scalars ?? [])].flatMap(([resource, amount], at) => {
      const className = amount === 0 ? undefined : deviceClassOf(resource)
      const here = slot === undefined ? 0 : (nodes.slots[slot]!.allocatableScalars?.get(resource) ?? 0)
      if (className === undefined || here > 0) return []
      const exactly = { deviceClassName: className, allocationMode: 'ExactCount' as const, count: amount }
      return [{ name: `request-${at}`, exactly }]
    })
    if (requests.length === 0) return undefined
    const metadata = { name: '<extended-resources>', namespace: pod.namespace, uid: `${pod.uid}-extended` }
    return {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata,
      spec: { devices: { requests } },
      status: {},
    } as unknown as ResourceClaim
  }

  const classOf = (className: string): DeviceClass | undefined =>
    listers.get('resource.k8s.io/v1/DeviceClass', '', className) as DeviceClass | undefined

  const world = (): AllocationWorld => {
    const allocated = new Set<string>()
    for (const claim of listers.list('resource.k8s.io/v1/ResourceClaim') as readonly ResourceClaim[]) {
      for (const one of claim.status?.allocation?.devices?.results ?? []) {
        if (one.adminAccess !== true) allocated.add(deviceId(one.driver, one.pool, one.device))
      }
      if (claim.status?.allocation !== undefined) pending.delete(claim.metadata.uid)
    }
    for (const results of pending.values())
      for (const one of results) allocated.add(deviceId(one.driver, one.pool, one.device))
    return { slices: listers.list('resource.k8s.io/v1/ResourceSlice') as readonly ResourceSlice[], classOf, allocated }
  }

  const unknownClass = (claim: ResourceClaim): Status | undefined => {
    for (const request of claim.spec.devices?.requests ?? []) {
      const demands =
        request.exactly === undefined ? (request.firstAvailable ?? []) : [{ ...request.exactly, name: '' }]
      for (const demand of demands) {
        if (classOf(demand.deviceClassName) !== undefined) continue
        const full = demand.name === '' ? request.name : `${request.name}/${demand.name}`
        return refuse(`request ${full}: device class ${demand.deviceClassName} does not exist`)
      }
    }
    return undefined
  }

  const stateOf = (cycle: Cycle): State => cycle.states[index] as State
  const empty: State = { claims: [], open: [], byNode: new Map(), unavailable: new Set() }

  function* write(cycle: Cycle, node: string): PreBind {
    const { claims, open, byNode } = stateOf(cycle)
    const results = byNode.get(node) ?? []
    const { pod } = cycle
    for (const claim of claims) {
      // Differs: no claim is written for extended resources.
      if (claim.metadata.name.startsWith('<') || reservedFor(claim, pod)) continue
      const devices = results[open.indexOf(claim)]
      const failed = yield* bindClaim(claim, { pod, node, devices, timestamp: () => timestamp(handle.now()) })
      if (failed !== undefined) return status(name, 'Error', failed)
    }
    return undefined
  }

  return {
    name,
    preEnqueue({ pod }) {
      if (pod.spec.resourceClaims === undefined) return undefined
      const claims = claimsOf(pod)
      return typeof claims === 'string' ? refuse(claims) : undefined
    },
    preFilter(cycle) {
      const { pod } = cycle
      cycle.states[index] = empty
      const own = claimsOf(pod.pod)
      if (typeof own === 'string') return refuse(own)
      const extended = pod.facts.amounts.requests.scalars === undefined ? undefined : extendedClaim(pod, undefined)
      const claims = extended === undefined ? own : [...own, extended]
      if (claims.length === 0) return 'skip'
      const open: ResourceClaim[] = []
      for (const claim of claims) {
        if (claim.status?.allocation !== undefined) {
          const full = (claim.status.reservedFor?.length ?? 0) >= mostReservations
          if (full && !reservedFor(claim, pod)) return refuse('resourceclaim in use')
          continue
        }
        if (pending.has(claim.metadata.uid)) {
          return refuse(`resource claim ${pod.namespace}/${claim.metadata.name} is in the process of being allocated`)
        }
        const unknown = unknownClass(claim)
        if (unknown !== undefined) return unknown
        open.push(claim)
      }
      cycle.states[index] = { claims, open, byNode: new Map(), unavailable: new Set() } satisfies State
      return undefined
    },
    filter(cycle, slot) {
      const state = stateOf(cycle)
      const node = nodes.slots[slot]!
      for (const claim of state.claims) {
        const selector = claim.status?.allocation?.nodeSelector
        if (selector === undefined || nodeMatcher(selector)(node)) continue
        state.unavailable.add(claim)
        return notOnNode
      }
      if (state.open.length === 0) return undefined
      const wanted = state.open.flatMap((claim) =>
        claim.metadata.name.startsWith('<') ? (extendedClaim(cycle.pod, slot) ?? []) : [claim],
      )
      const found = allocate(wanted, node, world())
      if (typeof found === 'string') return status(name, 'Error', found)
      if (found === undefined) return noDevices
      state.byNode.set(node.name, found)
      return undefined
    },
    postFilter(cycle) {
      const state = cycle.states[index] as State | undefined
      if (state === undefined) return { status: noState, nominate: undefined }
      if (state.claims.length === 0) return { status: nothingToFree, nominate: undefined }
      for (const claim of state.unavailable) {
        const users = claim.status?.reservedFor ?? []
        if (users.length > 0 && !(users.length === 1 && reservedFor(claim, cycle.pod))) continue
        const { allocation: _a, reservedFor: _r, devices: _d, ...rest } = claim.status
        return { status: freed, nominate: undefined, write: { ...claim, status: rest } }
      }
      return { status: stillNot, nominate: undefined }
    },
    score: () => 'zero',
    reserve(cycle, node) {
      const { open, byNode } = (cycle.states[index] as State | undefined) ?? empty
      byNode.get(node)?.forEach((results, at) => {
        if (open[at] !== undefined) pending.set(open[at].metadata.uid, results)
      })
      return undefined
    },
    unreserve(cycle) {
      for (const claim of ((cycle.states[index] as State | undefined) ?? empty).open) pending.delete(claim.metadata.uid)
    },
    preBindPreFlight: (cycle) =>
      ((cycle.states[index] as State | undefined) ?? empty).claims.length === 0 ? 'skip' : undefined,
    preBind: write,
    events: [
      {
        event: { resource: 'Node', actions: action.add | action.updateNodeLabel | action.updateNodeAllocatable },
      },
      {
        event: { resource: 'resource.k8s.io/ResourceClaim', actions: action.add | action.update },
        hint(pod, before, after) {
          const was = before as ResourceClaim | undefined
          const now = after as ResourceClaim
          const own = claimsOf(pod.pod)
          if (typeof own === 'string') return 'Skip'
          if (was?.status?.allocation !== undefined && now.status?.allocation === undefined) return 'Queue'
          if (!own.some((one) => one.metadata.uid === now.metadata.uid)) return 'Skip'
          return was !== undefined && structuralEqual(was.status ?? {}, now.status ?? {}) ? 'Skip' : 'Queue'
        },
      },
      {
        event: { resource: 'Pod', actions: action.updatePodGeneratedResourceClaim },
        hint(pod, _before, after) {
          const changed = after as Pod
          if (changed.metadata.uid !== pod.uid) return 'Skip'
          return typeof claimsOf(changed) === 'string' ? 'Skip' : 'Queue'
        },
      },
      { event: { resource: 'resource.k8s.io/DeviceClass', actions: action.add | action.update } },
      { event: { resource: 'resource.k8s.io/ResourceSlice', actions: action.add | action.update } },
    ],
  }
}
