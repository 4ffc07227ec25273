import type { KubeObject } from '../../../api/object.ts'
import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { timestamp } from '../../../runtime/client/timestamp.ts'
import { defaultConfiguration } from '../../../runtime/scheduler/config/configuration.ts'
import { createEngine, type Engine, type FailedAttempt } from '../../../runtime/scheduler/engine.ts'
import { podInfo, type PodInfo } from '../../../runtime/scheduler/pod-info.ts'
import { podStatusPatch } from '../../../runtime/scheduler/pod-status-patch.ts'
import { status } from '../../../runtime/scheduler/status.ts'
import { preemptionCondition } from '../../../runtime/scheduler/texts.ts'
import { watchedKinds } from '../../../runtime/scheduler/watched-kinds.ts'
import { nameOf } from './decision-case.ts'
import { byKey, createObjectWorld, plainNamespace, storedNode, storedObject, storedPod } from './stored-objects.ts'

interface Operation {
  readonly create?: never
  readonly update?: never
  readonly delete?: string
  readonly failBindings?: string
}
export interface SequenceCase {
  readonly id: string
  readonly attemptMs: number
  readonly terminationMs?: number
  readonly untilMs: number
  readonly nodes?: readonly never[]
  readonly pods?: readonly never[]
  readonly objects?: readonly never[]
  readonly steps: readonly { readonly at: number; readonly do: readonly Operation[] }[]
  readonly expect: unknown
}

const epoch = Date.parse('2026-01-01T00:00:00Z') * 1000
const namespacedKinds = new Set(['Pod', 'PersistentVolumeClaim', 'Service', 'ResourceClaim', 'CSIStorageCapacity'])
const kindOf = (short: string): string =>
  short === 'Pod' || short === 'Node'
    ? `v1/${short}`
    : (watchedKinds.find((one) => one.kind.endsWith(`/${short}`))?.kind ?? `policy/v1/${short}`)

type Log = Record<string, unknown>

/** Plays the recorded steps against the engine, with an API whose writes and deliveries take no time. */
export const answerSequence = (recorded: SequenceCase): unknown => {
  const world = createObjectWorld()
  let now = 0
  let revision = 0
  let bound: string | undefined
  const wallClock = (): number => epoch + now * 1000
  const engine: Engine = createEngine({
    configuration: defaultConfiguration,
    listers: world,
    now: wallClock,
    choose: () => 0,
  })
  const failing = new Map<string, number>()
  const dying = new Map<string, number>()
  const attempts: Log[] = []
  const queues: Log[] = []

  const deliver = (before: KubeObject | undefined, after: KubeObject | undefined): void => {
    const object = (after ?? before)!
    const kind = `${object.apiVersion}/${object.kind}`
    if (kind === 'v1/Pod') {
      if (before === undefined) engine.podAdded(after as Pod)
      else if (after === undefined) engine.podDeleted(before as Pod)
      else engine.podUpdated(before as Pod, after as Pod)
    } else if (kind === 'v1/Node') {
      if (before === undefined) engine.nodeAdded(after as Node)
      else if (after === undefined) engine.nodeDeleted(before as Node)
      else engine.nodeUpdated(before as Node, after as Node)
    } else {
      if (kind === 'v1/Namespace') engine.nodes.namespaceLabelsChanged()
      const resource = watchedKinds.find((one) => one.kind === kind)?.resource
      if (resource !== undefined) engine.objectChanged(resource, before, after)
    }
  }
  const put = (object: KubeObject): void => {
    revision += 1
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } })
    deliver(world.set(stored), stored)
  }
  const remove = (kind: string, namespace: string, name: string): void => {
    const before = world.delete(kind, namespace, name)
    if (before !== undefined) deliver(before, undefined)
  }
  const podOf = (pod: PodInfo): Pod | undefined => world.get('v1/Pod', pod.namespace, pod.name) as Pod | undefined
  /** The strategic merge patches that the scheduler sends. */
  const patchStatus = (pod: Pod, patch: object | undefined): void => {
    const current = podOf(podInfo(pod))
    if (patch === undefined || current === undefined) return
    const { status } = patch as {
      status: { conditions?: readonly { type: string }[]; nominatedNodeName?: string | null }
    }
    const conditions = [...(current.status?.conditions ?? [])]
    for (const condition of status.conditions ?? []) {
      const at = conditions.findIndex((one) => one.type === condition.type)
      if (at < 0) conditions.push(condition as (typeof conditions)[number])
      else conditions[at] = { ...conditions[at]!, ...condition }
    }
    const { nominatedNodeName: nominated, ...rest } = current.status
    const name = status.nominatedNodeName === undefined ? nominated : (status.nominatedNodeName ?? undefined)
    put({
      ...current,
      status: { ...rest, conditions, ...(name === undefined ? {} : { nominatedNodeName: name }) },
    } as KubeObject)
  }

  const operate = (operation: Operation): void => {
    if (operation.create !== undefined) put(storedObject(operation.create))
    else if (operation.update !== undefined) {
      const object = storedObject(operation.update)
      if (object.kind !== 'Pod') return put(object)
      const pod = object as Pod
      const before = podOf(podInfo(pod))!
      const node = pod.spec.nodeName ?? before.spec.nodeName
      const statuses = pod.status?.containerStatuses
      const status = statuses === undefined ? before.status : { ...before.status, containerStatuses: statuses }
      put({ ...pod, spec: node === undefined ? pod.spec : { ...pod.spec, nodeName: node }, status } as KubeObject)
    } else if (operation.delete !== undefined) {
      const parts = operation.delete.split('/')
      const namespace = parts.length === 3 ? parts[1]! : namespacedKinds.has(parts[0]!) ? 'default' : ''
      remove(kindOf(parts[0]!), namespace, parts[parts.length - 1]!)
    } else if (operation.failBindings !== undefined) {
      const [pod, times] = operation.failBindings.split('=')
      failing.set(pod!, Number(times))
    }
  }

  const fail = (failed: FailedAttempt): void => {
    const again = engine.settleFailure(failed)
    const pod = podOf(failed.pod)
    if (pod === undefined || !again) return
    const condition = { type: 'PodScheduled', status: 'False', reason: failed.reason, message: failed.message } as const
    patchStatus(pod, podStatusPatch(pod, condition, failed.nominate, timestamp(wallClock())))
  }

  const preempt = (failed: FailedAttempt, deleted: string[]): void => {
    const victims = (failed.preemption?.victims ?? []).filter((one) => !one.terminating)
    if (victims.length === 0) return
    for (const nominated of engine.nominator.on(failed.preemption!.node)) {
      if (nominated.priority < failed.pod.priority)
        patchStatus(nominated.pod, podStatusPatch(nominated.pod, undefined, '', ''))
    }
    for (const [index, victim] of victims.entries()) {
      if (index === victims.length - 1) engine.lastVictim(failed.pod.uid, victim)
      const condition = {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: preemptionCondition(failed.pod),
      } as const
      patchStatus(victim.pod, podStatusPatch(victim.pod, condition, undefined, timestamp(wallClock())))
      const pod = podOf(victim)
      if (pod === undefined) continue
      deleted.push(nameOf(victim))
      dying.set(victim.key, now + (recorded.terminationMs ?? 0))
      const deletionTimestamp = timestamp(wallClock() + 30_000_000)
      put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp } })
    }
    engine.preemptionEnds(failed.pod.uid)
  }

  const attempt = (): void => {
    const result = engine.attempt()
    if (result === undefined || result.kind === 'idle') return
    const log: Log = { at: now, pod: nameOf(result.pod) }
    attempts.push(log)
    if (result.kind === 'skipped') {
      log['skipped'] = result.note
      return
    }
    // A binding works on a copy of the queue's entry: what the recorder saw there is who rejected the pod before.
    const before = new Set(result.queued.unschedulablePlugins)
    let failed: FailedAttempt | undefined
    if (result.kind === 'placed') {
      engine.bindingBegins(result.pod)
      const times = failing.get(result.pod.name) ?? 0
      if (times > 0) {
        failing.set(result.pod.name, times - 1)
        const message = 'running Bind plugin "DefaultBinder": Internal error occurred: binding refused'
        failed = engine.bindingFailed(result, { verdict: status('', 'Error', message), early: false })
      } else {
        bound = result.node
        log['bound'] = bound
        const pod = podOf(result.pod)!
        const { nominatedNodeName: _, ...rest } = pod.status
        put({
          ...pod,
          spec: { ...pod.spec, nodeName: bound },
          status: { ...rest, startTime: timestamp(wallClock()) },
        } as KubeObject)
        return
      }
    } else failed = result
    const deleted: string[] = []
    fail(failed)
    preempt(failed, deleted)
    const pod = podOf(failed.pod)
    const scheduled = pod?.status.conditions?.find((one) => one.type === 'PodScheduled')
    if (scheduled !== undefined) {
      log['reason'] = scheduled.reason
      log['message'] = scheduled.message
    }
    if ((pod?.status.nominatedNodeName ?? '') !== '') log['nominated'] = pod!.status.nominatedNodeName
    const rejectors = [...(result.kind === 'placed' ? before : failed.queued.unschedulablePlugins)]
      .filter((one) => one !== 'DefaultPreemption')
      .sort()
    if (rejectors.length > 0) log['rejectors'] = rejectors
    if (deleted.length > 0) log['deleted'] = deleted.sort()
  }

  const noteQueues = (): void => {
    const waiting = engine.queue.waiting()
    const log: Log = { at: now }
    for (const name of ['active', 'backoff', 'unschedulable'] as const) {
      if (waiting[name].length > 0) log[name] = waiting[name].map(nameOf).sort()
    }
    queues.push(log)
  }

  for (const one of recorded.objects ?? []) put(storedObject(one))
  for (const node of (recorded.nodes ?? []).map((one) => storedNode(one)).sort(byKey)) put(node)
  const pods = (recorded.pods ?? []).map((one) => storedPod(one)).sort(byKey)
  for (const name of ['default', ...pods.map((one) => one.metadata.namespace ?? 'default')]) {
    if (world.get('v1/Namespace', '', name) === undefined) put(plainNamespace(name))
  }
  for (const pod of pods) put(pod)

  let step = 0
  let nextAttempt = 0
  let nextFlush = 0
  for (;;) {
    const at = recorded.steps[step]?.at
    const times = [nextFlush, ...dying.values()]
    if (at !== undefined) times.push(at)
    if (engine.queue.poppable) times.push(Math.max(nextAttempt, now))
    const then = Math.min(recorded.untilMs, ...times)
    if (then >= recorded.untilMs) break
    now = Math.max(now, then)
    const gone = [...dying]
      .filter(([, when]) => when <= then)
      .map(([key]) => key)
      .sort()
    if (then >= nextFlush) {
      engine.queue.flushBackoff()
      if (nextFlush % 30_000 === 0) engine.queue.flushUnschedulable()
      nextFlush += 1000
    } else if (gone.length > 0) {
      for (const key of gone) {
        dying.delete(key)
        const [namespace, name] = key.split('/')
        remove('v1/Pod', namespace!, name!)
      }
      noteQueues()
    } else if (at !== undefined && at <= then) {
      for (const [index, operation] of recorded.steps[step]!.do.entries()) {
        if (index > 0) now += 1
        operate(operation)
      }
      step += 1
      noteQueues()
    } else {
      attempt()
      nextAttempt = then + recorded.attemptMs
    }
  }
  now = recorded.untilMs
  noteQueues()
  return { attempts, queues }
}
