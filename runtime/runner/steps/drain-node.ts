import type { ApiResponse, ListBody } from '../../../api/protocol/response.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Step } from '../../../dsl/plan/operation.ts'
import { durationText } from '../../expect/text-of.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import { drawDuration } from '../amounts.ts'
import { presentMoment } from '../time-clauses.ts'
import type { Script } from '../wait.ts'
import { cordonNode } from './cordon-node.ts'
import { eviction } from './evict-pod.ts'
import { complaint, refusalOf, type Refusal } from './refusal.ts'
import { targetSubject, type StepIo, type Target } from './step-io.ts'

type DrainStep = Extract<Step, { verb: 'drain' }>

const retryAfter: Micros = 5 * second
const pollEvery: Micros = 1 * second

const controllerOf = (pod: Pod): string | undefined =>
  pod.metadata.ownerReferences?.find((one) => one.controller === true)?.kind

const isFinished = (pod: Pod): boolean => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined

const namesOf = (pods: readonly Pod[]): string =>
  pods.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`).join(', ')

/** A pod on its way out of the node. */
interface Leaving {
  readonly pod: Pod
  readonly target: Target
  next: Micros
  evicted: boolean
  last: Refusal | undefined
}

/** Pods that a drain has to evict; or why kubectl would not begin. Mirrors the filters of kubectl's pkg/drain (v1.36). */
const choosePods = (pods: readonly Pod[], force: boolean): readonly Pod[] | string => {
  const own = pods.filter((pod) => !isMirror(pod) && (isFinished(pod) || controllerOf(pod) !== 'DaemonSet'))
  const orphans = own.filter((pod) => !isFinished(pod) && controllerOf(pod) === undefined)
  if (orphans.length > 0 && !force) {
    return `cannot delete cannot delete Pods that declare no controller (use --force to override): ${namesOf(orphans)}`
  }
  return own
}

const listPods = function* (node: Target, io: StepIo): Script<readonly Pod[] | undefined> {
  const resource = io.context.run.cluster.scheme().byName('pods')!
  const response = yield* io.answer({
    verb: 'list',
    target: { resource, namespace: undefined, name: '' },
    options: { fieldSelector: `spec.nodeName=${node.name}`, limit: 500 },
  })
  const refusal = refusalOf(response, targetSubject(node))
  if (refusal === undefined) return (response.body as ListBody).items as readonly Pod[]
  io.refusals.push(refusal)
  return undefined
}

const isGone = (leaving: Leaving, io: StepIo): boolean => {
  const { name, namespace, uid } = leaving.pod.metadata
  const now = io.context.run.cluster.state.get('pods', namespace, name)
  return now?.metadata.uid !== uid
}

/** Sends the evictions that are due, all at once, as kubectl's goroutines do. */
const evictDue = function* (due: readonly Leaving[], io: StepIo): Script {
  const { kernel } = io.context.run.cluster
  const answers = (yield {
    kind: 'requests',
    requests: due.map((one) => io.request(eviction(one.target))),
  }) as readonly ApiResponse[]
  for (const [index, one] of due.entries()) {
    const refusal = refusalOf(answers[index]!, targetSubject(one.target))
    one.last = refusal
    if (refusal === undefined || refusal.code === 404) {
      one.evicted = true
      one.next = kernel.now
    } else if (refusal.code === 429 || refusal.code === 0) one.next = kernel.now + retryAfter
    else {
      io.refusals.push({
        ...refusal,
        message: `error when evicting pods/"${one.pod.metadata.name}" -n "${one.pod.metadata.namespace}": ${refusal.message}`,
      })
      one.evicted = true
    }
  }
}

const timedOut = (left: readonly Leaving[], within: Micros, node: Target): Refusal => {
  const lines = left.map(({ pod, last }) => {
    const why = last === undefined ? 'still terminating' : last.message
    return `error when evicting pods/"${pod.metadata.name}" -n "${pod.metadata.namespace}": global timeout reached: ${durationText(within)} (${why})`
  })
  return complaint(
    `unable to drain node "${node.name}" due to error: ${lines.join(', ')}`,
    targetSubject(node),
    'Timeout',
  )
}

/**
 * `kubectl drain --ignore-daemonsets --delete-emptydir-data`: cordons, evicts, retries refusals every 5s and waits until the
 * pods are gone. Mirrors staging/src/k8s.io/kubectl/pkg/drain (v1.36). Differs: whether a pod is gone is looked up each
 * second in the cluster's state, without the GET that kubectl makes for it.
 */
export const drainNode = function* (step: DrainStep, target: Target, io: StepIo): Script {
  const { kernel } = io.context.run.cluster
  const within = step.within === undefined ? undefined : drawDuration(step.within, presentMoment(io.context), kernel)
  const deadline = within === undefined ? undefined : kernel.now + within
  if (!(yield* cordonNode(target, true, io))) return
  const pods = yield* listPods(target, io)
  if (pods === undefined) return
  const chosen = choosePods(pods, step.force)
  if (typeof chosen === 'string') {
    io.refusals.push(complaint(`unable to drain node "${target.name}" due to error: ${chosen}`, targetSubject(target)))
    return
  }
  const resource = io.context.run.cluster.scheme().byName('pods')!
  let leaving: readonly Leaving[] = chosen.map((pod) => ({
    pod,
    target: { resource, namespace: pod.metadata.namespace, name: pod.metadata.name },
    next: kernel.now,
    evicted: false,
    last: undefined,
  }))
  while (leaving.length > 0) {
    const due = leaving.filter((one) => !one.evicted && one.next <= kernel.now)
    if (due.length > 0) yield* evictDue(due, io)
    leaving = leaving.filter((one) => !isGone(one, io))
    if (leaving.length === 0) break
    if (io.refusals.length > 0) return
    if (deadline !== undefined && kernel.now >= deadline) {
      io.refusals.push(timedOut(leaving, within!, target))
      return
    }
    const wake = Math.min(
      ...leaving.map((one) => (one.evicted ? kernel.now + pollEvery : Math.max(one.next, kernel.now))),
    )
    yield { kind: 'time', at: deadline === undefined ? wake : Math.min(wake, deadline) }
  }
  io.done += 1
}
