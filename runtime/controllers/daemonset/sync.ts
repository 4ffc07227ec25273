import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { DaemonSet } from '../../../api/types/apps-v1.generated.ts'
import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { namespaceTerminates } from '../../client/call.ts'
import { keyOf } from '../../client/object-key.ts'
import { second } from '../../kernel/micros.ts'
import { claimObjects } from '../../reconcile/claim.ts'
import type { Answer, Call, Io } from '../../reconcile/controller.ts'
import { createPod, deletePod, podFromTemplate, slowStartBatch } from '../../reconcile/pod-control.ts'
import { isPodTerminal } from '../../reconcile/pod-state.ts'
import { fail, must, refusalOf } from '../../reconcile/refused.ts'
import { placementOf, targetNode, withDaemonTolerations, withNodeName, type Verdict } from './decide-placement.ts'
import { decidePodsOnNode, decideRollingUpdate, podLabels, type PodChanges } from './decide-pods.ts'
import { countPods, decideStatus } from './decide-status.ts'
import { failedPodKey, replaceFailed, type FailedPods } from './failed-pods.ts'
import { cleanupHistory, constructHistory, revisionHash } from './revisions.ts'

// pkg/controller/daemon/daemon_controller.go

type Step<R = void> = Generator<ApiRequest, R, unknown>
type PodsByNode = ReadonlyMap<string, readonly Pod[]>

const burstReplicas = 250
const statusUpdateRetries = 1

interface Work {
  readonly io: Io
  readonly set: DaemonSet
  readonly nodes: readonly Node[]
  readonly hash: string
  readonly place: (node: Node) => Verdict
}

/** getDaemonPods */
function* ownPods(io: Io, set: DaemonSet): Step<readonly Pod[]> {
  const selector = validSelector(set.spec.selector)
  const orphans = io.read.indexed('v1/Pod', 'controller', `orphans/${set.metadata.namespace ?? ''}`) as readonly Pod[]
  const { claimed, error } = yield* claimObjects(io, {
    owner: set,
    candidates: [...(io.read.owned('v1/Pod', set) as readonly Pod[]), ...orphans],
    matches: (pod) => selector.matches(pod.metadata.labels),
  })
  return error === undefined ? claimed : fail(error)
}

/** getNodesToDaemonPods, without terminal pods on their way out. */
function* podsByNode(io: Io, set: DaemonSet): Step<PodsByNode> {
  const byNode = new Map<string, Pod[]>()
  for (const pod of yield* ownPods(io, set)) {
    if (isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined) continue
    const node = targetNode(pod)
    if (node === undefined) continue
    const known = byNode.get(node)
    if (known === undefined) byNode.set(node, [pod])
    else known.push(pod)
  }
  return byNode
}

/** syncNodes */
function* changePods({ io, set, hash }: Work, changes: PodChanges): Step {
  const key = keyOf(set)
  const create = changes.create.slice(0, burstReplicas)
  const remove = changes.remove.slice(0, burstReplicas)
  io.expect.deletions(key, remove.map(keyOf), create.length)
  const { template } = set.spec
  const spec = withDaemonTolerations(template.spec)
  const metadata = { ...template.metadata, labels: podLabels(set, hash) }
  function* createOn(index: number): Call<unknown> {
    const affinity = withNodeName(spec.affinity, create[index]!)
    const answer = yield* createPod(
      io,
      set,
      podFromTemplate({ ...template, metadata, spec: { ...spec, affinity } }, set),
    )
    if (namespaceTerminates(answer)) return { ok: true, object: undefined }
    return answer
  }
  const { successes, error } = yield* slowStartBatch(io, create.length, createOn)
  for (let missing = successes; missing < create.length; missing += 1) io.expect.creationObserved(key)
  const answers: readonly Answer<KubeObject>[] = yield* io.together(remove.map((pod) => deletePod(io, set, pod)))
  let first = error
  answers.forEach((answer, index) => {
    if (answer.ok) return
    io.expect.deletionObserved(key, keyOf(remove[index]!))
    if (answer.code !== 404) first ??= answer.message
  })
  if (first !== undefined) fail(first)
}

/** manage */
function* manage(work: Work): Step {
  const { io, set, nodes, hash, place } = work
  const byNode = yield* podsByNode(io, set)
  const create: string[] = []
  const remove: Pod[] = []
  const about = (pod: Pod, node: string): string =>
    `daemon pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} on node ${node}`
  const names = new Set<string>()
  for (const one of nodes) {
    const node = one.metadata.name ?? ''
    names.add(node)
    const changes = decidePodsOnNode({
      set,
      node,
      verdict: place(one),
      pods: byNode.get(node),
      hash,
      wall: io.wall(),
      mayReplaceFailed(pod) {
        const wait = replaceFailed(io.memory as FailedPods, failedPodKey(set, node), io.now())
        if (wait !== undefined) {
          io.requeue(keyOf(set), wait)
          return false
        }
        const message = `Found failed ${about(pod, node)}, will try to kill it`
        io.event(set, 'Warning', 'FailedDaemonPod', message)
        return true
      },
      succeeded: (pod) =>
        io.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${about(pod, node)}, will try to delete it`),
    })
    create.push(...changes.create)
    remove.push(...changes.remove)
  }
  for (const [node, pods] of byNode)
    if (!names.has(node)) for (const pod of pods) if ((pod.spec?.nodeName ?? '') === '') remove.push(pod)
  yield* changePods(work, { create, remove })
}

/** updateDaemonSetStatus */
function* updateStatus(work: Work, observe: boolean): Step {
  const { io, set } = work
  const counts = countPods({ ...work, podsByNode: yield* podsByNode(io, set), wall: io.wall() })
  let current = set
  for (let tries = 0; ; tries += 1) {
    const status = decideStatus(current, counts, observe)
    if (status === undefined) break
    const answer = yield* io.write.updateStatus({ ...current, status } as KubeObject)
    if (answer.ok) break
    if (tries >= statusUpdateRetries) must(answer)
    current = must(yield* io.live.get('apps/v1/DaemonSet', keyOf(set))) as unknown as DaemonSet
  }
  const { minReadySeconds = 0 } = set.spec
  if (minReadySeconds > 0 && counts.numberReady !== counts.numberAvailable)
    io.requeue(keyOf(set), minReadySeconds * second)
}

/** updateDaemonSet: the refusal it ended with. */
function* updatePods(work: Work, old: Parameters<typeof cleanupHistory>[3]): Step<Error | undefined> {
  const { io, set } = work
  try {
    yield* manage(work)
    if (set.spec.updateStrategy?.type === 'RollingUpdate' && io.expect.satisfied(keyOf(set))) {
      const question = { ...work, podsByNode: yield* podsByNode(io, set), wall: io.wall() }
      yield* changePods(work, decideRollingUpdate(question))
    }
    yield* cleanupHistory(io, set, yield* ownPods(io, set), old)
    return undefined
  } catch (error) {
    if (refusalOf(error) === undefined) throw error
    return error as Error
  }
}

/** syncDaemonSet */
export function* syncDaemonSet(io: Io, set: DaemonSet): Step {
  if (structuralEqual(set.spec.selector, {})) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
    io.event(set, 'Warning', 'SelectingAll', message)
    return
  }
  if (set.metadata.deletionTimestamp !== undefined) return
  const nodes = io.read.list('v1/Node') as readonly Node[]
  const history = yield* constructHistory(io, set, io.read.owned('v1/Pod', set) as readonly Pod[])
  const work: Work = { io, set, nodes, hash: revisionHash(history.current), place: placementOf(set) }
  if (!io.expect.satisfied(keyOf(set))) {
    yield* updateStatus(work, false)
    return
  }
  const error = yield* updatePods(work, history.old)
  yield* updateStatus(work, true)
  if (error !== undefined) throw error
}
