import { podQos } from '../../api/pods/qos.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import { admit, type AdmissionVerdict, type Rejection, type ResourceShortage } from './admission.ts'
import type { Allocations } from './allocations.ts'
import type { ContainerGc } from './container-gc.ts'
import type { Context } from './context.ts'
import { createCpuManager } from './cpu-manager.ts'
import type { Housekeeping } from './housekeeping.ts'
import type { MirrorPods } from './mirror-pods.ts'
import { needsReadiness } from './needs-readiness.ts'
import type { Pleg } from './pleg.ts'
import { podChange } from './pod-config.ts'
import type { PodResizes } from './pod-resizes.ts'
import type { PodSourceSink } from './pod-source.ts'
import type { PodTable } from './pod-table.ts'
import type { PodWorkers, UpdateType } from './pod-workers.ts'
import { preemptionFailed, preemptPods, type KillStatus } from './preempt-pods.ts'
import { podsToPreempt } from './preemption.ts'
import { isMirrorPod, isStaticPod } from './static-pod.ts'
import type { StatusManager } from './status-manager.ts'

export interface PodHandlersParts {
  readonly context: Context
  readonly pods: PodTable
  readonly mirrors: MirrorPods
  readonly workers: PodWorkers
  readonly statuses: StatusManager
  readonly allocations: Allocations
  readonly resizes: () => PodResizes
  readonly housekeeping: Housekeeping
  readonly gc: ContainerGc
  readonly pleg: Pleg
  readonly node: () => Node
  readonly pressures: () => readonly string[]
  readonly shuttingDown: () => boolean
  readonly inactive: (pod: Pod) => boolean
  readonly update: (type: UpdateType, pod: Pod) => void
  readonly watchDeadline: (pod: Pod) => void
}

export interface PodHandlers {
  /** What the API tells. */
  readonly sink: PodSourceSink
  /** The manifests as they are now: upstream's file source sends the whole folder after each change of it. */
  manifests(listed: readonly Pod[]): void
  /** Why a pod would not be admitted beside the others. */
  readonly admit: (pod: Pod) => AdmissionVerdict
  /** Evicts others for a critical pod; undefined: it is under way, `made` follows. */
  readonly makeRoom: (pod: Pod, shortages: readonly ResourceShortage[], made: () => void) => Rejection | undefined
}

const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''
const isTerminal = (phase: Pod['status']['phase']): boolean => phase === 'Succeeded' || phase === 'Failed'
const byCreation = (a: Pod, b: Pod): number => {
  const at = a.metadata.creationTimestamp ?? ''
  const bt = b.metadata.creationTimestamp ?? ''
  return at < bt ? -1 : at > bt ? 1 : 0
}

/** pkg/kubelet/kubelet.go: the sync loop's handlers of what the sources of pods tell. */
export const createPodHandlers = (parts: PodHandlersParts): PodHandlers => {
  const { context, pods: table, mirrors, workers, statuses, allocations, resizes, update, inactive } = parts
  const { life, events } = context
  const pods = table.byUid

  const kill = (pod: Pod, status: KillStatus, done: () => void): void =>
    workers.update({ type: 'kill', pod, kill: { evict: true, status, done } })
  const activeOthers = (pod: Pod): readonly Pod[] => {
    const others: Pod[] = []
    for (const one of pods.values()) if (uidOf(one) !== uidOf(pod) && !inactive(one)) others.push(allocations.of(one))
    return others
  }
  const cpus = createCpuManager(context)
  const admitted = (pod: Pod, resized = false): AdmissionVerdict => {
    const others = activeOthers(pod)
    return admit({
      pod,
      others,
      node: parts.node(),
      pressures: parts.pressures(),
      shuttingDown: parts.shuttingDown(),
      ...(resized ? {} : { allocate: () => cpus.allocate(pod, new Set(others.map(uidOf))) }),
    })
  }
  const makeRoom = (pod: Pod, shortages: readonly ResourceShortage[], made: () => void): Rejection | undefined => {
    const victims = podsToPreempt(activeOthers(pod), shortages)
    if (victims === undefined) return { reason: 'UnexpectedAdmissionError', message: preemptionFailed }
    life.spawn(preemptPods(events, victims, kill), made)
    return undefined
  }

  /** HandlePodAdditions for one pod. */
  const add = (pod: Pod): void => {
    const uid = uidOf(pod)
    table.keep(pod)
    const begin = (): void => {
      update('create', pod)
      parts.watchDeadline(pod)
    }
    if (!workers.terminationRequested(uid) && !isTerminal(pod.status?.phase)) {
      // After a restart the pod is admitted with what it was given, whatever it asks for by now.
      const given = allocations.of(pod)
      const { rejection, shortages } = admitted(given)
      if (rejection !== undefined) {
        reject(pod, rejection)
        return
      }
      if (shortages.length > 0) {
        const refused = makeRoom(given, shortages, () => {
          allocations.set(given)
          begin()
        })
        if (refused !== undefined) reject(pod, refused)
        return
      }
      allocations.set(given)
    }
    begin()
  }
  const reject = (pod: Pod, { reason, message }: Rejection): void => {
    events.pod(pod, 'Warning', reason, message)
    statuses.set(pod, { qosClass: podQos(pod), phase: 'Failed', reason, message: `Pod was rejected: ${message}` })
  }
  /** HandlePodUpdates and HandlePodReconcile */
  const change = (before: Pod, pod: Pod): void => {
    const what = podChange(before, pod)
    if (what === 'none') return
    const uid = uidOf(pod)
    table.keep(pod)
    if (what === 'reconcile') {
      statuses.reconcile(pod)
      if (needsReadiness(pod)) update('sync', pod)
      if (pod.status.phase === 'Failed' && pod.status.reason === 'Evicted') parts.gc.removeAll(parts.pleg.get(uid))
      resizes().reconciled(before, pod)
      return
    }
    resizes().updated(before, pod)
    update('update', pod)
    statuses.reconcile(pod)
    parts.watchDeadline(pod)
  }
  /** HandlePodRemoves */
  const remove = (pod: Pod): void => {
    table.drop(pod)
    update('kill', pod)
    resizes().removed(uidOf(pod))
    parts.housekeeping.touched()
  }

  /** What a mirror pod's coming, change or going asks of its static pod. */
  const mirrorChanged = (mirror: Pod): void => {
    for (const pod of table.namesakes(mirror)) if (isStaticPod(pod)) update('update', pod)
    parts.housekeeping.touched()
  }
  const seeMirror = (mirror: Pod): void => {
    const before = mirrors.of(mirror)
    mirrors.set(mirror)
    for (const pod of pods.values()) if (mirrors.of(pod) === mirror) statuses.reconcile(pod)
    const what = before?.metadata.uid === mirror.metadata.uid ? podChange(before, mirror) : 'update'
    if (what === 'none' || what === 'reconcile') return
    mirrorChanged(mirror)
  }
  const loseMirror = (mirror: Pod): void => {
    mirrors.drop(mirror)
    mirrorChanged(mirror)
  }

  return {
    sink: {
      all(listed) {
        const uids = new Set(listed.map(uidOf))
        for (const pod of [...pods.values()]) if (!isStaticPod(pod) && !uids.has(uidOf(pod))) remove(pod)
        for (const mirror of [...mirrors.all()]) if (!uids.has(uidOf(mirror))) loseMirror(mirror)
        const added: Pod[] = []
        for (const pod of [...listed].sort(byCreation)) {
          const before = pods.get(uidOf(pod))
          if (isMirrorPod(pod)) seeMirror(pod)
          else if (before === undefined) {
            add(pod)
            added.push(pod)
          } else change(before, pod)
        }
        resizes().added(added)
        resizes().ready()
        parts.housekeeping.ready()
      },
      changed(pod) {
        if (isMirrorPod(pod)) {
          seeMirror(pod)
          return
        }
        for (const one of table.namesakes(pod)) if (uidOf(one) !== uidOf(pod)) remove(one)
        const before = pods.get(uidOf(pod))
        if (before === undefined) {
          add(pod)
          resizes().added([pod])
        } else change(before, pod)
      },
      gone(pod) {
        if (isMirrorPod(pod)) {
          loseMirror(pod)
          return
        }
        const before = pods.get(uidOf(pod))
        if (before !== undefined) remove(before)
      },
    },
    manifests(listed) {
      const byUid = new Map(listed.map((pod) => [uidOf(pod), pod]))
      for (const pod of [...pods.values()]) if (isStaticPod(pod) && !byUid.has(uidOf(pod))) remove(pod)
      for (const [uid, pod] of byUid) if (!pods.has(uid)) add(pod)
    },
    admit: (pod) => admitted(pod, true),
    makeRoom,
  }
}
