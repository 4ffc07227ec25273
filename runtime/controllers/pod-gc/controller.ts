import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Node, Pod, PodCondition } from '../../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { done, type Answer, type Call, type Controller, type Io } from '../../reconcile/controller.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { podStatusPatch } from '../../reconcile/pod-status-patch.ts'

// pkg/controller/podgc/gc_controller.go
const checkPeriod: Micros = 20 * second
const quarantineTime: Micros = 40 * second
const outOfServiceTaint = 'node.kubernetes.io/out-of-service'

/** Nodes that were found missing, by when they may be taken for gone. */
type Memory = Map<string, Micros>

const isTerminated = (pod: Pod): boolean => !['Pending', 'Running', 'Unknown'].includes(pod.status?.phase ?? '')
const isEvicted = (pod: Pod): boolean => pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** byEvictionAndCreationTimestamp. */
const byEvictionAndCreation = (a: Pod, b: Pod): number =>
  Number(isEvicted(b)) - Number(isEvicted(a)) ||
  compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compareText(a.metadata.name ?? '', b.metadata.name ?? '')

/** markFailedAndDeletePodWithCondition. */
function* failAndDelete(io: Io, pod: Pod, condition?: PodCondition): Call<KubeObject> {
  if (!isPodTerminal(pod)) {
    const patch = podStatusPatch(pod, { phase: 'Failed', ...(condition === undefined ? {} : { condition }) })
    if (patch !== undefined) {
      const patched = yield* io.write.patch(pod, patch, { subresource: 'status' })
      if (!patched.ok) return patched
    }
  }
  return yield* io.write.delete(pod, { gracePeriodSeconds: 0 })
}

const isOutOfService = (node: Node | undefined): boolean => {
  const ready = node?.status?.conditions?.find((one) => one.type === 'Ready')?.status === 'True'
  return node !== undefined && !ready && (node.spec?.taints ?? []).some((taint) => taint.key === outOfServiceTaint)
}

/** gcOrphaned: pods of nodes that have been gone for the quarantine, and of which a live look finds nothing. */
function* collectOrphaned(io: Io, pods: readonly Pod[]): Generator<ApiRequest, void, unknown> {
  const quarantine = io.memory as Memory
  const missing = new Set<string>()
  for (const pod of pods) {
    const node = pod.spec?.nodeName ?? ''
    if (node !== '' && io.read.get('v1/Node', node) === undefined) missing.add(node)
  }
  const gone = new Set<string>()
  for (const [node, due] of [...quarantine]) {
    if (due > io.now()) continue
    quarantine.delete(node)
    if (io.read.get('v1/Node', node) !== undefined) continue
    const answer: Answer<KubeObject> = yield* io.live.get('v1/Node', node)
    if (!answer.ok && answer.code === 404) gone.add(node)
  }
  for (const node of missing)
    if (!quarantine.has(node) && !gone.has(node)) quarantine.set(node, io.now() + quarantineTime)
  for (const pod of pods) {
    if (!gone.has(pod.spec?.nodeName ?? '')) continue
    yield* failAndDelete(io, pod, {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: io.timestamp(),
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    })
  }
}

function* collect(io: Io, threshold: number): Generator<ApiRequest, void, unknown> {
  const pods = io.read.list('v1/Pod') as readonly Pod[]
  if (threshold > 0) {
    const terminated = pods.filter(isTerminated).sort(byEvictionAndCreation)
    yield* io.together(
      terminated.slice(0, Math.max(0, terminated.length - threshold)).map((pod) => failAndDelete(io, pod)),
    )
  }
  const stuck = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp !== undefined &&
      isOutOfService(io.read.get('v1/Node', pod.spec?.nodeName ?? '') as Node | undefined),
  )
  yield* io.together(stuck.sort(byEvictionAndCreation).map((pod) => failAndDelete(io, pod)))
  yield* collectOrphaned(io, pods)
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp === undefined || (pod.spec?.nodeName ?? '') !== '') continue
    yield* failAndDelete(io, pod)
  }
}

/** Whether the next round would find nothing: then the loop sleeps until a pod or a node changes. */
const isIdle = (io: Io, threshold: number): boolean => {
  if ((io.memory as Memory).size > 0) return false
  let terminated = 0
  for (const pod of io.read.list('v1/Pod') as readonly Pod[]) {
    if (pod.metadata.deletionTimestamp !== undefined) return false
    const node = pod.spec?.nodeName ?? ''
    if (node !== '' && io.read.get('v1/Node', node) === undefined) return false
    if (isTerminated(pod)) terminated += 1
  }
  return threshold <= 0 || terminated <= threshold
}

/** kube-controller-manager's pod-garbage-collector-controller: pkg/controller/podgc. */
export const podGarbageCollector = (threshold = 12_500): Controller<Pod> => ({
  name: 'pod-garbage-collector',
  reconciles: 'v1/Pod',
  reads: ['v1/Node'],
  memory: (): Memory => new Map(),
  watches: {
    'v1/Pod': (_object, io) => {
      io.wake('gc')
      return []
    },
    'v1/Node': (_object, io) => {
      io.wake('gc')
      return []
    },
  },
  loops: [
    {
      name: 'gc',
      first: 0,
      every: checkPeriod,
      tag: 'housekeeping',
      run: (io) => collect(io, threshold),
      idle: (io) => isIdle(io, threshold),
    },
  ],
  *reconcile() {
    return done
  },
})
