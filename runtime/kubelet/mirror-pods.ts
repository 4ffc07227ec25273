import type { ApiResponse } from '../../api/protocol/response.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { Context } from './context.ts'
import type { Task } from './life.ts'
import { isMirrorPod, isStaticPod } from './static-pod.ts'

/** The API's images of the node's static pods, by `namespace/name`, which both share. */
export interface MirrorPods {
  of(pod: Pod): Pod | undefined
  set(mirror: Pod): void
  drop(mirror: Pod): void
  /** tryReconcileMirrorPods: one that shows the static pod as it is. False: the API has not taken it. */
  reconcile(pod: Pod): Task<boolean>
  /** HandlePodCleanups: mirror pods whose static pod is gone, unless it is still being stopped. */
  removeOrphans(pods: Iterable<Pod>, stopping: (fullName: string) => boolean): void
  all(): Iterable<Pod>
}

const hashKey = 'kubernetes.io/config.hash'
const mirrorKey = 'kubernetes.io/config.mirror'

const keyOf = (pod: Pod): string => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`

/** pkg/kubelet/pod/mirror_client.go and pod_manager.go. */
export const createMirrorPods = (context: Context, node: () => Node | undefined): MirrorPods => {
  const mirrors = new Map<string, Pod>()

  const place = (pod: Pod) =>
    ({
      resource: context.scheme().byKind('v1/Pod')!,
      namespace: pod.metadata.namespace ?? 'default',
      name: pod.metadata.name,
    }) as const
  /** DeleteMirrorPod: true when the API no longer has it. */
  function* remove(mirror: Pod, uid: string | undefined): Task<boolean> {
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    }
    const answer: ApiResponse = yield* context.request({ verb: 'delete', ...place(mirror), body })
    return answer.code === 200
  }
  /** CreateMirrorPod */
  function* create(pod: Pod): Task<boolean> {
    const on = node()
    if (on?.metadata.deletionTimestamp !== undefined) return false
    const hash = pod.metadata.annotations?.[hashKey] ?? ''
    const owner = { apiVersion: 'v1', kind: 'Node', name: context.node, uid: on?.metadata.uid ?? '', controller: true }
    const body = {
      ...pod,
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...pod.metadata,
        annotations: { ...pod.metadata.annotations, [mirrorKey]: hash },
        ...(on === undefined ? {} : { ownerReferences: [owner] }),
      },
    }
    const { name, ...collection } = place(pod)
    void name
    const answer: ApiResponse = yield* context.request({ verb: 'create', ...collection, body })
    return answer.code === 201 || answer.code === 409
  }

  return {
    of: (pod) => mirrors.get(keyOf(pod)),
    set: (mirror) => void mirrors.set(keyOf(mirror), mirror),
    drop(mirror) {
      if (mirrors.get(keyOf(mirror))?.metadata.uid === mirror.metadata.uid) mirrors.delete(keyOf(mirror))
    },
    *reconcile(pod) {
      if (!isStaticPod(pod)) return true
      const mirror = mirrors.get(keyOf(pod))
      let deleted = false
      if (mirror !== undefined && (mirror.metadata.deletionTimestamp !== undefined || !shows(mirror, pod)))
        deleted = yield* remove(mirror, mirror.metadata.uid)
      return mirror === undefined || deleted ? yield* create(pod) : true
    },
    removeOrphans(pods, stopping) {
      const statics = new Set<string>()
      for (const pod of pods) if (isStaticPod(pod)) statics.add(keyOf(pod))
      for (const [key, mirror] of mirrors) {
        const fullName = `${mirror.metadata.name}_${mirror.metadata.namespace ?? ''}`
        if (!statics.has(key) && !stopping(fullName)) context.life.spawn(remove(mirror, undefined))
      }
    },
    all: () => mirrors.values(),
  }
}

/** IsMirrorPodOf */
const shows = (mirror: Pod, pod: Pod): boolean =>
  isMirrorPod(mirror) &&
  mirror.metadata.annotations?.[mirrorKey] === pod.metadata.annotations?.[hashKey] &&
  keyOf(mirror) === keyOf(pod)
