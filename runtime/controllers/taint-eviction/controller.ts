import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Key } from '../../../api/kind.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Node, Pod, Taint } from '../../../api/types/core-v1.generated.ts'
import { nodeIndex } from '../../client/indexes.ts'
import { keyOf } from '../../client/object-key.ts'
import type { Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result } from '../../reconcile/controller.ts'
import { podStatusPatch } from '../../reconcile/pod-status-patch.ts'
import { stayOf } from './decide-toleration.ts'

/** Pods that will be deleted, by when. */
type Memory = Map<Key, Micros>

/** tainteviction: the status patch and the delete are tried five times. */
const tries = 5

const noExecute = (node: Node | undefined): readonly Taint[] =>
  (node?.spec?.taints ?? []).filter((taint) => taint.effect === 'NoExecute')

const reference = (pod: KubeObject): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  }) as KubeObject

const cancel = (io: Io, pod: KubeObject): void => {
  if (!(io.memory as Memory).delete(keyOf(pod))) return
  io.event(reference(pod), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${keyOf(pod)}`)
}

/** addConditionAndDeletePod. */
function* evict(io: Io, pod: Pod): Generator<ApiRequest, Result, unknown> {
  io.event(reference(pod), 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyOf(pod)}`)
  let error = ''
  for (let step = 0; step < tries; step += 1) {
    const live =
      step === 0 ? { ok: true as const, object: pod as KubeObject } : yield* io.live.get('v1/Pod', keyOf(pod))
    if (!live.ok) return done
    const patch = podStatusPatch(live.object as Pod, {
      condition: {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
        lastTransitionTime: io.timestamp(),
        ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
      },
    })
    const patched = patch === undefined ? live : yield* io.write.patch(live.object, patch, { subresource: 'status' })
    const answer = patched.ok ? yield* io.write.delete(pod) : patched
    if (answer.ok || answer.code === 404) return done
    error = answer.message
  }
  return { retry: error }
}

/** processPodOnNode: when this pod goes, if it does. */
function* reconcilePod(io: Io, key: Key): Generator<ApiRequest, Result, unknown> {
  const scheduled = io.memory as Memory
  const pod = io.read.get('v1/Pod', key) as Pod | undefined
  const node = pod?.spec?.nodeName ?? ''
  if (pod === undefined || node === '') {
    scheduled.delete(key)
    return done
  }
  const taints = noExecute(io.read.get('v1/Node', node) as Node | undefined)
  const stay = taints.length === 0 ? undefined : stayOf(pod, taints)
  if (stay === undefined) {
    cancel(io, pod)
    return done
  }
  const due = scheduled.get(key)
  if (stay > 0 && (due === undefined || due > io.now())) {
    if (due === undefined) scheduled.set(key, io.now() + stay)
    io.requeue(`pod:${key}`, (due ?? io.now() + stay) - io.now())
    return done
  }
  scheduled.delete(key)
  if (pod.metadata.deletionTimestamp !== undefined && due === undefined && stay > 0) return done
  return yield* evict(io, pod)
}

/** kube-controller-manager's taint-eviction-controller: pkg/controller/tainteviction. */
export const taintEvictionController = (workers = 8): Controller<Node> => ({
  name: 'taint-eviction-controller',
  account: 'node-controller',
  eventSource: 'taint-eviction-controller',
  reconciles: 'v1/Node',
  workers,
  indexes: { 'v1/Pod': [nodeIndex] },
  memory: (): Memory => new Map(),
  watches: {
    'v1/Node': (object, io, before) => {
      const now = noExecute(object as Node)
      const then = before === undefined ? [] : noExecute(before as Node)
      if (structuralEqual(now, then)) return []
      return io.read.indexed('v1/Pod', 'node', object.metadata.name ?? '').map((pod) => `pod:${keyOf(pod)}`)
    },
    'v1/Pod': (object, io, before) => {
      const pod = object as Pod
      const node = pod.spec?.nodeName ?? ''
      const old = before as Pod | undefined
      if (io.read.get('v1/Pod', keyOf(pod)) === undefined) {
        const scheduled = io.memory as Memory
        if (scheduled.delete(keyOf(pod))) {
          io.event(reference(pod), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${keyOf(pod)}`)
        }
        return []
      }
      if (node === '') return []
      if (
        old !== undefined &&
        old.spec?.nodeName === node &&
        structuralEqual(old.spec.tolerations, pod.spec?.tolerations)
      )
        return []
      return noExecute(io.read.get('v1/Node', node) as Node | undefined).length === 0 ? [] : [`pod:${keyOf(pod)}`]
    },
  },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    return key.startsWith('pod:') ? yield* reconcilePod(io, key.slice(4)) : done
  },
})
