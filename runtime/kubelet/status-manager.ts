import { merged } from '../../api/json/merged.ts'
import { structuralEqual } from '../../api/json/structural-equal.ts'
import type { ApiResponse } from '../../api/protocol/response.ts'
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../api/types/core-v1.generated.ts'
import { second } from '../kernel/micros.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Context } from './context.ts'
import type { Manager } from './manager.ts'
import { mergePodStatus } from './merge-pod-status.ts'
import { containersReady, findCondition, isKubeletCondition, podReady } from './pod-conditions.ts'
import { isMirrorPod, isStaticPod } from './static-pod.ts'
import { restartsAfter, allContainersCouldRestart, isSidecar } from './restart-policy.ts'
import { statusPatch } from './status-patch.ts'
import type { Task } from './life.ts'

export interface StatusManager extends Manager {
  get(uid: string): PodStatus | undefined
  set(pod: Pod, status: PodStatus): void
  setReadiness(uid: string, containerId: string, ready: boolean): void
  setStartup(uid: string, containerId: string, started: boolean): void
  /** TerminatePod: nothing of the pod is left on the node. */
  terminate(pod: Pod): void
  /** RemoveOrphanedStatuses */
  keepOnly(uids: ReadonlySet<string>): void
  /** The API's version of a pod has come in: its status may have to be written again. */
  reconcile(pod: Pod): void
}

export interface StatusManagerParts {
  readonly context: Context
  readonly podOf: (uid: string) => Pod | undefined
  /** The mirror pod of this name, if the API has one; it outlives its static pod for a while. */
  readonly mirrorOf: (pod: Pod) => Pod | undefined
  readonly couldHaveRunningContainers: (uid: string) => boolean
  readonly changed: (uid: string) => void
}

interface Versioned {
  readonly status: PodStatus
  readonly version: number
  readonly name: string
  readonly namespace: string
  readonly finished: boolean
}

/** pkg/kubelet/status/status_manager.go: syncPeriod */
const syncPeriod = 10 * second
const transitions = [
  'ContainersReady',
  'Ready',
  'Initialized',
  'PodReadyToStartContainers',
  'PodScheduled',
  'DisruptionTarget',
  'AllContainersRestarting',
]

/**
 * pkg/kubelet/status/status_manager.go: the newest status of each pod, written to the API one after the other. Its pass over all
 * pods every 10 s is an event only while a write is outstanding or the API's status differs.
 */
export const createStatusManager = (parts: StatusManagerParts): StatusManager => {
  const { context, podOf, mirrorOf, changed } = parts
  const { kernel, life } = context
  const statuses = new Map<string, Versioned>()
  /** Versions that the API has, by the UID that a pod has there. */
  const written = new Map<string, number>()
  const dirty = new Set<string>()
  let signaled = false
  let ticked = false
  let busy = false
  let timer: Timer | undefined

  const signal = (): void => {
    if (signaled) return
    signaled = true
    if (!busy) life.after(0, begin)
  }
  const begin = (): void => {
    if (!busy) life.spawn(run())
  }
  const needPass = (): void => {
    if (timer?.run !== undefined) return
    const since = kernel.now - context.startedAt
    const next = context.startedAt + (Math.floor(since / syncPeriod) + 1) * syncPeriod
    timer = life.at(
      next,
      () => {
        ticked = true
        begin()
      },
      { label: `${context.actor.name} writes outstanding pod statuses` },
    )
  }

  function* run(): Task<void> {
    busy = true
    while (signaled || ticked) {
      if (signaled) {
        signaled = false
        for (const uid of [...dirty]) yield* syncPod(uid)
      } else {
        ticked = false
        for (const uid of [...statuses.keys()]) if (outstanding(uid)) yield* syncPod(uid)
      }
    }
    busy = false
  }

  /** The pod as the API shows it: of a static pod its mirror, if it has one. */
  const shown = (uid: string): Pod | undefined => {
    const pod = podOf(uid)
    return pod !== undefined && isStaticPod(pod) ? mirrorOf(pod) : pod
  }
  /** A static pod without a mirror has nowhere to write to. */
  const hasNoMirror = (uid: string): boolean => {
    const pod = podOf(uid)
    return pod !== undefined && isStaticPod(pod) && mirrorOf(pod) === undefined
  }
  const outstanding = (uid: string): boolean => {
    const known = statuses.get(uid)
    if (known === undefined || hasNoMirror(uid)) return false
    const pod = shown(uid)
    if ((written.get(pod?.metadata.uid ?? uid) ?? 0) < known.version) return true
    if (pod === undefined) return false
    return canBeDeleted(pod, known) || differs(pod, known)
  }
  const differs = (pod: Pod, known: Versioned): boolean => !sameByKubelet(pod.status, known.status)

  function* syncPod(uid: string): Task<void> {
    const known = statuses.get(uid)
    dirty.delete(uid)
    if (known === undefined) return
    if (hasNoMirror(uid)) {
      needPass()
      return
    }
    const resource = context.scheme().byKind('v1/Pod')!
    const place = { resource, namespace: known.namespace, name: known.name }
    const got: ApiResponse = yield* context.request({ verb: 'get', ...place })
    if (got.code === 404) return
    if (got.code !== 200) {
      needPass()
      return
    }
    let pod = got.body as Pod
    if (pod.metadata.uid !== uid && pod.metadata.uid !== mirrorOf(pod)?.metadata.uid) {
      forget(uid)
      return
    }
    const merged = mergePodStatus(pod, known.status, parts.couldHaveRunningContainers(uid))
    const patch = statusPatch(pod.status ?? {}, merged)
    if (patch !== undefined) {
      const body = { metadata: { uid: pod.metadata.uid }, status: patch }
      const answer: ApiResponse = yield* context.request({
        verb: 'patch',
        ...place,
        subresource: 'status',
        patchType: 'strategic',
        body,
      })
      if (answer.code !== 200) {
        needPass()
        return
      }
      pod = answer.body as Pod
    }
    written.set(pod.metadata.uid ?? uid, known.version)
    if (!canBeDeleted(pod, known)) return
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      preconditions: { uid: pod.metadata.uid },
    }
    const answer: ApiResponse = yield* context.request({ verb: 'delete', ...place, body })
    if (answer.code !== 200) {
      needPass()
      return
    }
    forget(uid)
  }

  const forget = (uid: string): void => {
    statuses.delete(uid)
    written.delete(uid)
    dirty.delete(uid)
  }

  /** updateStatusInternal */
  const update = (pod: Pod, given: PodStatus, finishes: boolean, force: boolean): void => {
    const uid = pod.metadata.uid ?? ''
    const cached = statuses.get(uid)
    const finished = finishes || (cached?.finished === true && !isStaticPod(pod))
    const before = cached?.status ?? pod.status ?? {}
    if (illegalTransition(before, given, pod)) return
    const conditions = (given.conditions ?? []).map((condition) =>
      transitions.includes(condition.type) ? withTransition(condition, before, context.time()) : condition,
    )
    const observed = Math.max(before.observedGeneration ?? 0, given.observedGeneration ?? 0)
    const status: PodStatus = merged(given, {
      startTime: before.startTime ?? given.startTime ?? context.time(),
      ...(given.conditions === undefined ? {} : { conditions }),
      ...(observed === 0 ? {} : { observedGeneration: observed }),
    })
    if (cached !== undefined && !force && sameByKubelet(cached.status, status)) return
    statuses.set(uid, {
      status,
      version: (cached?.version ?? 0) + 1,
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? 'default',
      finished,
    })
    dirty.add(uid)
    changed(uid)
    signal()
  }

  const withContainer = (
    uid: string,
    containerId: string,
    edit: (status: ContainerStatus) => ContainerStatus | undefined,
  ): PodStatus | undefined => {
    const status = statuses.get(uid)?.status
    if (status === undefined) return undefined
    for (const field of ['containerStatuses', 'initContainerStatuses'] as const) {
      const list = status[field] ?? []
      const at = list.findIndex((one) => one.containerID === containerId)
      if (at < 0) continue
      const edited = edit(list[at]!)
      if (edited === undefined) return undefined
      return { ...status, [field]: list.map((one, index) => (index === at ? edited : one)) }
    }
    return undefined
  }

  return {
    name: 'status',
    start: () => undefined,
    get: (uid) => statuses.get(uid)?.status,
    set(pod, status) {
      const generation = pod.metadata.generation
      update(
        pod,
        generation === undefined ? status : merged(status, { observedGeneration: generation }),
        false,
        pod.metadata.deletionTimestamp !== undefined,
      )
    },
    setReadiness(uid, containerId, ready) {
      const pod = podOf(uid)
      if (pod === undefined) return
      const status = withContainer(uid, containerId, (one) => (one.ready === ready ? undefined : { ...one, ready }))
      if (status === undefined) return
      const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
      const replace = (conditions: readonly PodCondition[], made: PodCondition): readonly PodCondition[] =>
        findCondition(conditions, made.type) === undefined
          ? [...conditions, made]
          : conditions.map((one) => (one.type === made.type ? made : one))
      const first = replace(status.conditions ?? [], podReady(pod, status.conditions ?? [], all, status.phase))
      update(pod, { ...status, conditions: replace(first, containersReady(pod, all, status.phase)) }, false, false)
    },
    setStartup(uid, containerId, started) {
      const pod = podOf(uid)
      if (pod === undefined) return
      const status = withContainer(uid, containerId, (one) =>
        one.started === started ? undefined : { ...one, started },
      )
      if (status !== undefined) update(pod, status, false, false)
    },
    terminate(pod) {
      const before = statuses.get(pod.metadata.uid ?? '')?.status ?? pod.status ?? {}
      update(pod, terminatedStatus(pod, before), true, true)
    },
    keepOnly(uids) {
      for (const uid of [...statuses.keys()]) if (!uids.has(uid)) forget(uid)
    },
    reconcile(pod) {
      const known = statuses.get(pod.metadata.uid ?? '')
      if (known === undefined) return
      const inApi = shown(pod.metadata.uid ?? '')
      if (inApi !== undefined && (canBeDeleted(inApi, known) || differs(inApi, known))) needPass()
    },
  }
}

const withTransition = (condition: PodCondition, before: PodStatus, now: string): PodCondition => {
  const old = findCondition(before.conditions, condition.type)
  const at = old !== undefined && old.status === condition.status ? old.lastTransitionTime : now
  return at === undefined ? condition : merged(condition, { lastTransitionTime: at })
}

const ownCondition = (type: string): boolean => isKubeletCondition(type) || type === 'DisruptionTarget'

/** isPodStatusByKubeletEqual: conditions of others and the generations of all do not count. */
export const sameByKubelet = (a: PodStatus, b: PodStatus): boolean => {
  const left = (a.conditions ?? []).filter((condition) => ownCondition(condition.type))
  const right = (b.conditions ?? []).filter((condition) => ownCondition(condition.type))
  if (left.length !== right.length) return false
  for (const condition of right) {
    const other = left.find((one) => one.type === condition.type)
    if (other === undefined || other.status !== condition.status) return false
    if ((other.message ?? '') !== (condition.message ?? '') || (other.reason ?? '') !== (condition.reason ?? ''))
      return false
  }
  const rest = (status: PodStatus): PodStatus => {
    const {
      conditions,
      resourceClaimStatuses,
      extendedResourceClaimStatus,
      nodeAllocatableResourceClaimStatuses,
      ...others
    } = status
    void [conditions, resourceClaimStatuses, extendedResourceClaimStatus, nodeAllocatableResourceClaimStatuses]
    return others
  }
  return structuralEqual(rest(a), rest(b))
}

const canBeDeleted = (pod: Pod, known: Versioned): boolean =>
  pod.metadata.deletionTimestamp !== undefined &&
  !isMirrorPod(pod) &&
  (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') &&
  known.finished

/** checkContainerStateTransition: what ended for good does not run again. */
const illegalTransition = (before: PodStatus, now: PodStatus, pod: Pod): boolean => {
  const { spec } = pod
  if (spec.restartPolicy === 'Always' || allContainersCouldRestart(spec)) return false
  const check = (field: 'containerStatuses' | 'initContainerStatuses'): boolean => {
    const containers = field === 'containerStatuses' ? spec.containers : (spec.initContainers ?? [])
    for (const old of before[field] ?? []) {
      const ended = old.state?.terminated
      if (ended === undefined) continue
      if (ended.exitCode !== 0 && spec.restartPolicy === 'OnFailure') continue
      const container = containers.find((one) => one.name === old.name)
      if (container !== undefined && (isSidecar(container) || restartsAfter(container, spec, ended.exitCode))) continue
      const status = (now[field] ?? []).find((one) => one.name === old.name)
      if (status !== undefined && status.state?.terminated === undefined) return true
    }
    return false
  }
  return check('containerStatuses') || check('initContainerStatuses')
}

const notLocated = {
  terminated: {
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    exitCode: 137,
  },
}

/** TerminatePod: containers whose end nobody saw, and a terminal phase. */
const terminatedStatus = (pod: Pod, before: PodStatus): PodStatus => {
  const stopped = (status: ContainerStatus): ContainerStatus =>
    status.state?.terminated === undefined ? { ...status, state: notLocated } : status
  const inits = before.initContainerStatuses
  let begun = 0
  for (let at = (inits?.length ?? 0) - 1; at >= 0 && begun === 0; at -= 1) {
    if (inits![at]!.state?.waiting === undefined || inits![at]!.lastState?.terminated !== undefined) begun = at + 1
  }
  if (begun === 0 && inits !== undefined && inits.length > 0) begun = 1
  const phase = before.phase === 'Succeeded' || before.phase === 'Failed' || isStaticPod(pod) ? before.phase : 'Failed'
  return {
    ...before,
    ...(phase === undefined ? {} : { phase }),
    ...(before.containerStatuses === undefined || !hasInitialized(pod)
      ? {}
      : { containerStatuses: before.containerStatuses.map(stopped) }),
    ...(inits === undefined
      ? {}
      : { initContainerStatuses: inits.map((one, index) => (index < begun ? stopped(one) : one)) }),
  }
}

/** hasPodInitialized */
const hasInitialized = (pod: Pod): boolean => {
  const specs = pod.spec.initContainers ?? []
  if (specs.length === 0) return true
  if (
    (pod.status.containerStatuses ?? []).some(
      (one) => one.lastState?.terminated !== undefined || one.state?.waiting === undefined,
    )
  ) {
    return true
  }
  const statuses = pod.status.initContainerStatuses ?? []
  const last = statuses.at(-1)
  const container = specs[statuses.length - 1]
  if (last === undefined || container === undefined) return false
  if (isSidecar(container)) return last.state?.running !== undefined && last.started === true
  return last.lastState?.terminated?.exitCode === 0 || last.state?.terminated?.exitCode === 0
}
