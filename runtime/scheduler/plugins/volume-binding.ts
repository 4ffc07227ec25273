import { structuralEqual } from '../../../api/json/structural-equal.ts'
import { wholeValue } from '../../../api/quantity/quantity-values.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/types/core-v1.generated.ts'
import type { CSIDriver, CSIStorageCapacity, StorageClass } from '../../../api/types/storage-v1.generated.ts'
import { action } from '../cluster-event.ts'
import type { Cycle, EventRegistration, Handle, PluginFactory, StepAnswer } from '../framework.ts'
import { labelMatcher, type NodeFacts } from '../label-matcher.ts'
import { volumeClaimName, type PodInfo } from '../pod-info.ts'
import { status, type Status } from '../status.ts'
import { claimClass, claimOf, notOwnClaim, storageClassOf, volumeClass, volumeOf } from './storage-lookup.ts'
import { matchingVolume, storageOf, volumeFitsNode } from './volume-matching.ts'

const name = 'VolumeBinding'
const selectedNode = 'volume.kubernetes.io/selected-node'
const bindCompleted = 'pv.kubernetes.io/bind-completed'
const boundByController = 'pv.kubernetes.io/bound-by-controller'
const noProvisioner = 'kubernetes.io/no-provisioner'
const migratedPlugins = 'storage.alpha.kubernetes.io/migrated-plugins'

const reason = {
  bind: "node(s) didn't find available persistent volumes to bind",
  node: "node(s) didn't match PersistentVolume's node affinity",
  space: 'node(s) did not have enough free storage',
  missing: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
} as const

/** What binding a pod's claims on a node takes. */
interface PodVolumes {
  readonly bindings: readonly { readonly volume: PersistentVolume; readonly claim: PersistentVolumeClaim }[]
  readonly provisions: readonly PersistentVolumeClaim[]
}

interface State {
  readonly bound: readonly PersistentVolumeClaim[]
  readonly delayed: readonly PersistentVolumeClaim[]
  readonly byNode: Map<string, PodVolumes>
  allBound: boolean
}

interface Found {
  readonly volumes: PodVolumes
  readonly reasons: readonly string[]
  readonly error?: string
}

const noVolumes: PodVolumes = { bindings: [], provisions: [] }
const fullyBound = (claim: PersistentVolumeClaim): boolean =>
  (claim.spec?.volumeName ?? '') !== '' && claim.metadata.annotations?.[bindCompleted] !== undefined

const limitOf = (capacity: CSIStorageCapacity): number | undefined => {
  const limit = capacity.maximumVolumeSize ?? capacity.capacity
  return limit === undefined ? undefined : wholeValue(limit)
}

const eventsOf = (): readonly EventRegistration[] => [
  {
    event: { resource: 'storage.k8s.io/StorageClass', actions: action.add | action.update },
    hint(_pod, before, after) {
      if (before === undefined) return 'Queue'
      const same = structuralEqual(
        (before as StorageClass).allowedTopologies,
        (after as StorageClass).allowedTopologies,
      )
      return same ? 'Skip' : 'Queue'
    },
  },
  {
    event: { resource: 'PersistentVolumeClaim', actions: action.add | action.update },
    hint(pod, _before, after) {
      if (after?.metadata.namespace !== pod.namespace) return 'Skip'
      const uses = (pod.pod.spec.volumes ?? []).some((one) => volumeClaimName(pod.pod, one) === after.metadata.name)
      return uses ? 'Queue' : 'Skip'
    },
  },
  { event: { resource: 'PersistentVolume', actions: action.add | action.update } },
  { event: { resource: 'Node', actions: action.add | action.updateNodeLabel } },
  {
    event: { resource: 'storage.k8s.io/CSINode', actions: action.add | action.update },
    hint: (_pod, before, after) =>
      before === undefined ||
      before.metadata.annotations?.[migratedPlugins] !== after?.metadata.annotations?.[migratedPlugins]
        ? 'Queue'
        : 'Skip',
  },
  {
    event: { resource: 'storage.k8s.io/CSIDriver', actions: action.update },
    hint(pod, before, after) {
      const freed =
        (before as CSIDriver).spec?.storageCapacity === true && (after as CSIDriver).spec?.storageCapacity !== true
      const uses = (pod.pod.spec.volumes ?? []).some((one) => one.csi?.driver === after?.metadata.name)
      return uses && freed ? 'Queue' : 'Skip'
    },
  },
  {
    event: { resource: 'storage.k8s.io/CSIStorageCapacity', actions: action.add | action.update },
    hint(_pod, before, after) {
      if (before === undefined) return 'Queue'
      const was = limitOf(before as CSIStorageCapacity)
      const now = limitOf(after as CSIStorageCapacity)
      return now !== undefined && (was === undefined || now > was) ? 'Queue' : 'Skip'
    },
  },
]

/** podHasPVCs: whether the pod has claims at all, or why they are not usable. */
const claimProblem = (handle: Handle, pod: PodInfo): boolean | string => {
  let any = false
  for (const volume of pod.pod.spec.volumes ?? []) {
    const claimName = volumeClaimName(pod.pod, volume)
    if (claimName === undefined) continue
    any = true
    const claim = claimOf(handle.listers, pod.namespace, claimName)
    if (claim === undefined) {
      return volume.ephemeral === undefined
        ? `persistentvolumeclaim "${claimName}" not found`
        : `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"`
    }
    if (claim.status?.phase === 'Lost') {
      return `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ''}"`
    }
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${claimName}" is being deleted`
    const foreign = volume.ephemeral === undefined ? undefined : notOwnClaim(pod.pod, claim)
    if (foreign !== undefined) return foreign
  }
  return any
}

/** pkg/scheduler/framework/plugins/volumebinding: which claims are bound, and what the others could bind to on a node. */
export const volumeBinding: PluginFactory = (handle, args, index) => {
  const { nodes, listers } = handle
  const timeout = (args['bindTimeoutSeconds'] as number | undefined) ?? 600
  // What the scheduler has decided and the API has not heard of yet (the assume caches).
  const assumedVolumes = new Map<string, PersistentVolume>()
  const assumedClaims = new Map<string, PersistentVolumeClaim>()

  const current = <T extends KubeObject>(
    assumed: Map<string, T>,
    key: string,
    object: T | undefined,
  ): T | undefined => {
    const own = assumed.get(key)
    if (own === undefined || object === undefined) return object
    if (own.metadata.resourceVersion === object.metadata.resourceVersion) return own
    assumed.delete(key)
    return object
  }
  const volumeNow = (volumeName: string): PersistentVolume | undefined =>
    current(assumedVolumes, volumeName, volumeOf(listers, volumeName))
  const claimNow = (namespace: string, claimName: string): PersistentVolumeClaim | undefined =>
    current(assumedClaims, `${namespace}/${claimName}`, claimOf(listers, namespace, claimName))
  const volumesNow = (): readonly PersistentVolume[] =>
    (listers.list('v1/PersistentVolume') as readonly PersistentVolume[]).map(
      (one) => volumeNow(one.metadata.name) ?? one,
    )

  const hasCapacity = (claim: PersistentVolumeClaim, storageClass: StorageClass, node: NodeFacts): boolean => {
    const requested = claim.spec?.resources?.requests?.['storage']
    if (requested === undefined) return true
    const driver = listers.get('storage.k8s.io/v1/CSIDriver', '', storageClass.provisioner) as CSIDriver | undefined
    if (driver?.spec?.storageCapacity !== true) return true
    const size = wholeValue(requested)
    return (listers.list('storage.k8s.io/v1/CSIStorageCapacity') as readonly CSIStorageCapacity[]).some(
      (one) =>
        one.storageClassName === storageClass.metadata.name &&
        (limitOf(one) ?? -1) >= size &&
        one.nodeTopology !== undefined &&
        labelMatcher(one.nodeTopology).matches(node.labels),
    )
  }

  const allowedTopology = (storageClass: StorageClass, node: NodeFacts): boolean => {
    const terms = storageClass.allowedTopologies ?? []
    if (terms.length === 0) return true
    return terms.some((term) => {
      const expressions = term.matchLabelExpressions ?? []
      return expressions.length > 0 && expressions.every((one) => one.values.includes(node.labels?.[one.key] ?? ''))
    })
  }

  /** checkVolumeProvisions. */
  const checkProvisions = (claims: readonly PersistentVolumeClaim[], node: NodeFacts): Found => {
    for (const claim of claims) {
      const className = claimClass(claim)
      const key = `${claim.metadata.namespace ?? ''}/${claim.metadata.name}`
      const failed = (error: string): Found => ({ volumes: noVolumes, reasons: [], error })
      if (className === '') return failed(`no class for claim "${key}"`)
      const storageClass = storageClassOf(listers, className)
      if (storageClass === undefined) return failed(`failed to find storage class "${className}"`)
      const { provisioner } = storageClass
      if (provisioner === '' || provisioner === noProvisioner) return { volumes: noVolumes, reasons: [reason.bind] }
      if (!allowedTopology(storageClass, node)) return { volumes: noVolumes, reasons: [reason.bind] }
      if (!hasCapacity(claim, storageClass, node)) return { volumes: noVolumes, reasons: [reason.space] }
    }
    return { volumes: { bindings: [], provisions: claims }, reasons: [] }
  }

  /** FindPodVolumes. */
  const find = (state: State, node: NodeFacts): Found => {
    const reasons: string[] = []
    let missing = false
    for (const claim of state.bound) {
      const volume = volumeNow(claim.spec?.volumeName ?? '')
      if (volume === undefined) {
        missing = true
        break
      }
      if (!volumeFitsNode(volume, node)) {
        reasons.push(reason.node)
        break
      }
    }
    const last = missing ? [reason.missing] : []
    const toMatch: PersistentVolumeClaim[] = []
    const toProvision: PersistentVolumeClaim[] = []
    for (const claim of state.delayed) {
      const selected = claim.metadata.annotations?.[selectedNode]
      if (selected === undefined) toMatch.push(claim)
      else if (selected !== node.name) return { volumes: noVolumes, reasons: [...reasons, reason.bind, ...last] }
      else toProvision.push(claim)
    }
    toMatch.sort((a, b) => storageOf(a.spec?.resources?.requests) - storageOf(b.spec?.resources?.requests))
    const taken = new Set<string>()
    const bindings: { volume: PersistentVolume; claim: PersistentVolumeClaim }[] = []
    for (const claim of toMatch) {
      const className = claimClass(claim)
      const candidates = volumesNow().filter((one) => volumeClass(one) === className)
      const volume = matchingVolume(claim, candidates, node, taken)
      if (volume === undefined) toProvision.push(claim)
      else {
        taken.add(volume.metadata.name)
        bindings.push({ volume, claim })
      }
    }
    if (toProvision.length === 0) return { volumes: { bindings, provisions: [] }, reasons: [...reasons, ...last] }
    const provisioned = checkProvisions(toProvision, node)
    return {
      ...provisioned,
      volumes: { bindings, provisions: provisioned.volumes.provisions },
      reasons: [...reasons, ...provisioned.reasons, ...last],
    }
  }

  const stateOf = (cycle: Cycle): State | undefined => cycle.states[index] as State | undefined
  const error = (text: string): Status => status(name, 'Error', text)

  const revert = ({ bindings, provisions }: PodVolumes): void => {
    for (const { volume } of bindings) assumedVolumes.delete(volume.metadata.name)
    for (const claim of provisions) assumedClaims.delete(`${claim.metadata.namespace ?? ''}/${claim.metadata.name}`)
  }

  return {
    name,
    preFilter(cycle) {
      const { pod } = cycle
      if (pod.pod.spec.volumes === undefined) return 'skip'
      const problem = claimProblem(handle, pod)
      if (typeof problem === 'string') return status(name, 'UnschedulableAndUnresolvable', problem)
      if (!problem) return 'skip'
      const bound: PersistentVolumeClaim[] = []
      const delayed: PersistentVolumeClaim[] = []
      let immediate = false
      for (const volume of pod.pod.spec.volumes) {
        const claimName = volumeClaimName(pod.pod, volume)
        const claim = claimName === undefined ? undefined : claimNow(pod.namespace, claimName)
        if (claim === undefined) continue
        if (fullyBound(claim)) {
          bound.push(claim)
          continue
        }
        const className = claimClass(claim)
        const storageClass = className === '' ? undefined : storageClassOf(listers, className)
        if (storageClass !== undefined && storageClass.volumeBindingMode === undefined) {
          return error(`VolumeBindingMode not set for StorageClass "${className}"`)
        }
        const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
        if (waits && (claim.spec?.volumeName ?? '') === '') delayed.push(claim)
        else immediate = true
      }
      if (immediate)
        return status(name, 'UnschedulableAndUnresolvable', 'pod has unbound immediate PersistentVolumeClaims')
      cycle.states[index] = { bound, delayed, byNode: new Map(), allBound: false } satisfies State
      return undefined
    },
    filter(cycle, slot) {
      const state = stateOf(cycle)!
      const node = nodes.slots[slot]!
      const found = find(state, node)
      if (found.error !== undefined) return error(found.error)
      if (found.reasons.length > 0) return status(name, 'UnschedulableAndUnresolvable', ...found.reasons)
      state.byNode.set(node.name, found.volumes)
      return undefined
    },
    preScore: () => 'skip',
    score: () => undefined,
    reserve(cycle, node) {
      const state = stateOf(cycle)
      if (state === undefined) return undefined
      const wanted = state.byNode.get(node)
      state.allBound = wanted === undefined || state.delayed.length === 0
      if (wanted === undefined || state.allBound) return undefined
      const bindings = wanted.bindings.map(({ volume, claim }) => {
        const { metadata, spec } = volume
        const reference = {
          kind: 'PersistentVolumeClaim',
          namespace: claim.metadata.namespace ?? '',
          name: claim.metadata.name,
          uid: claim.metadata.uid,
          apiVersion: 'v1',
          resourceVersion: claim.metadata.resourceVersion,
        }
        const own = spec?.claimRef?.uid === claim.metadata.uid
        const bound: PersistentVolume = {
          ...volume,
          metadata: own
            ? metadata
            : { ...metadata, annotations: { ...metadata.annotations, [boundByController]: 'yes' } },
          spec: own ? spec : { ...spec, claimRef: reference },
        }
        assumedVolumes.set(metadata.name, bound)
        return { volume: bound, claim }
      })
      const provisions = wanted.provisions.map((claim) => {
        const annotations = { ...claim.metadata.annotations, [selectedNode]: node }
        const chosen: PersistentVolumeClaim = { ...claim, metadata: { ...claim.metadata, annotations } }
        assumedClaims.set(`${claim.metadata.namespace ?? ''}/${claim.metadata.name}`, chosen)
        return chosen
      })
      state.byNode.set(node, { bindings, provisions })
      return undefined
    },
    unreserve(cycle, node) {
      const wanted = stateOf(cycle)?.byNode.get(node)
      if (wanted !== undefined) revert(wanted)
    },
    preBindPreFlight(cycle) {
      const state = stateOf(cycle)
      return state === undefined || state.allBound ? 'skip' : undefined
    },
    *preBind(cycle, node) {
      const state = stateOf(cycle)
      const wanted = state?.byNode.get(node)
      if (state === undefined || state.allBound || wanted === undefined) return undefined
      for (const { volume } of wanted.bindings) {
        const answer = (yield { kind: 'write', verb: 'update', object: volume }) as StepAnswer
        if (!answer.ok) return error(answer.message)
      }
      for (const claim of wanted.provisions) {
        const answer = (yield { kind: 'write', verb: 'update', object: claim }) as StepAnswer
        if (!answer.ok) return error(answer.message)
      }
      const claims = [...wanted.bindings.map((one) => one.claim), ...wanted.provisions]
      for (let waited = 1; waited <= timeout; waited += 1) {
        yield { kind: 'wait', seconds: 1 }
        let done = true
        for (const claim of claims) {
          const now = claimOf(listers, claim.metadata.namespace ?? '', claim.metadata.name)
          if (now === undefined)
            return error(
              `binding volumes: failed to check provisioning pvc: could not find v1.PersistentVolumeClaim "${claim.metadata.namespace ?? ''}/${claim.metadata.name}"`,
            )
          if (wanted.provisions.includes(claim) && (now.metadata.annotations?.[selectedNode] ?? '') !== node) {
            return error(`binding volumes: provisioning failed for PVC "${claim.metadata.name}"`)
          }
          if (!fullyBound(now)) done = false
        }
        if (done) return undefined
      }
      return error('binding volumes: context deadline exceeded')
    },
    events: eventsOf(),
  }
}
