import { scaledIntOrPercent } from '../../../api/int-or-string/int-or-string.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import { selectorFromObject } from '../../../api/selectors/label-selector-from-object.ts'
import type { Pod, PodCondition } from '../../../api/types/core-v1.generated.ts'
import type { PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import { keyOf } from '../../client/object-key.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import { minute, type Micros } from '../../kernel/micros.ts'
import { done, type Controller, type Io, type Result, type WatchIo } from '../../reconcile/controller.ts'
import { isPodTerminal, podCondition } from '../../reconcile/pod-state.ts'
import { fail, must, refusalOf } from '../../reconcile/refused.ts'
import { countHealthy, decideDisrupted, decideStatus, selectorText, withCondition } from './decide-budget.ts'
import { expectedScale } from './expected-scale.ts'

// pkg/controller/disruption/disruption.go

type Step<R> = Generator<ApiRequest, R, unknown>

const budgetKind = 'policy/v1/PodDisruptionBudget'
/** Keys of pods whose DisruptionTarget may be stale (upstream has a queue of its own for them). */
const stalePrefix = 'stale:'
/** stalePodDisruptionTimeout */
const staleTimeout: Micros = 2 * minute

const selects = (budget: PodDisruptionBudget): ((labels: Pod['metadata']['labels']) => boolean) => {
  if (budget.spec.selector === undefined) return () => false
  const selector = selectorFromObject(budget.spec.selector)
  return 'error' in selector ? () => false : (labels) => selector.matches(labels)
}

/** nonTerminatingPodHasStaleDisruptionCondition: how long until the condition is taken back. */
const staleAfter = (pod: Pod, wall: Micros): Micros | undefined => {
  const condition = podCondition(pod, 'DisruptionTarget')
  if (pod.metadata.deletionTimestamp !== undefined || condition?.status !== 'True') return undefined
  if (condition.reason === 'TerminationByKubelet' || isPodTerminal(pod)) return undefined
  return Math.max(0, (parseTimestamp(condition.lastTransitionTime) ?? 0) + staleTimeout - wall)
}

const onPod = (pod: Pod, io: WatchIo): readonly string[] => {
  const namespace = pod.metadata.namespace ?? ''
  const budgets = io.read
    .list(budgetKind, { namespace })
    .map((one) => one as unknown as PodDisruptionBudget)
    .filter((budget) => selects(budget)(pod.metadata.labels))
  const wait = staleAfter(pod, io.wall())
  if (wait !== undefined) io.requeue(stalePrefix + keyOf(pod), wait)
  const [first] = budgets
  if (first === undefined) return []
  if (budgets.length > 1) {
    const names = `Pod "${namespace}"/"${pod.metadata.name ?? ''}"`
    const message = `${names} matches multiple PodDisruptionBudgets.  Chose "${first.metadata.name ?? ''}" arbitrarily.`
    io.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', message)
  }
  return [keyOf(first)]
}

/** getExpectedPodCount */
function* expectedPods(
  io: Io,
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
): Step<{ readonly expected: number; readonly desired: number }> {
  const { minAvailable, maxUnavailable } = budget.spec
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expected: pods.length, desired: minAvailable }
  const limit = maxUnavailable ?? minAvailable
  if (limit === undefined) return { expected: 0, desired: 0 }
  const { expected, unmanaged } = yield* expectedScale(io, pods)
  const scaled = scaledIntOrPercent(limit, expected, true)
  if ('error' in scaled) return fail(scaled.error)
  if (unmanaged > 0) {
    const text =
      `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec.selector)}) were found ` +
      'to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
      'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
    io.event(budget, 'Warning', 'UnmanagedPods', text)
  }
  return {
    expected,
    desired: maxUnavailable === undefined ? scaled.value : Math.max(0, expected - scaled.value),
  }
}

function* countPods(io: Io, budget: PodDisruptionBudget, pods: readonly Pod[]): ReturnType<typeof expectedPods> {
  try {
    return yield* expectedPods(io, budget, pods)
  } catch (error) {
    if (refusalOf(error) === undefined) throw error
    const message = `Failed to calculate the number of expected pods: ${(error as Error).message}`
    io.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
    throw error
  }
}

/** trySync */
function* syncBudget(io: Io, budget: PodDisruptionBudget): Step<Result> {
  const matches = selects(budget)
  const namespace = budget.metadata.namespace ?? ''
  const pods = (io.read.list('v1/Pod', { namespace }) as readonly Pod[]).filter((pod) => matches(pod.metadata.labels))
  if (pods.length === 0) io.event(budget, 'Normal', 'NoPods', 'No matching pods found')
  const { expected, desired } = yield* countPods(io, budget, pods)
  const wall = io.wall()
  const { pods: disrupted, recheck, expired } = decideDisrupted(budget, pods, wall)
  for (const pod of expired) {
    // Upstream names the namespace twice.
    const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`
    io.event(pod, 'Warning', 'NotDeleted', message)
  }
  const healthy = countHealthy(pods, disrupted, wall)
  const status = decideStatus(budget, { healthy, desired, expected, disrupted }, io.timestamp())
  if (status !== undefined) must(yield* io.write.updateStatus({ ...budget, status } as KubeObject))
  return recheck === undefined ? done : { requeueAfter: recheck }
}

/** failSafe: nothing may be evicted while the budget cannot be computed. */
function* failSafe(io: Io, budget: PodDisruptionBudget, message: string): Step<Result> {
  const { observedGeneration } = budget.status ?? {}
  const conditions = withCondition(budget.status?.conditions, {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'SyncFailed',
    message,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: io.timestamp(),
  })
  const status = { ...budget.status, disruptionsAllowed: 0, conditions }
  const answer = yield* io.write.updateStatus({ ...budget, status } as KubeObject)
  return answer.ok ? done : { retry: answer.message }
}

/** syncStalePodDisruption */
function* dropStale(io: Io, key: string): Step<Result> {
  const pod = io.read.get('v1/Pod', key) as Pod | undefined
  const wait = pod === undefined ? undefined : staleAfter(pod, io.wall())
  if (pod === undefined || wait === undefined) return done
  if (wait > 0) return { requeueAfter: wait }
  const conditions = (pod.status?.conditions ?? []).map((one): PodCondition => {
    if (one.type !== 'DisruptionTarget') return one
    const { observedGeneration } = one
    return {
      type: one.type,
      status: 'False',
      lastTransitionTime: io.timestamp(),
      ...(observedGeneration === undefined ? {} : { observedGeneration: pod.metadata.generation ?? 0 }),
    }
  })
  const answer = yield* io.write.updateStatus({ ...pod, status: { ...pod.status, conditions } } as KubeObject)
  return answer.ok ? done : { retry: answer.message }
}

/** kube-controller-manager's disruption-controller. */
export const disruptionController = (): Controller<PodDisruptionBudget> => ({
  name: 'disruption-controller',
  eventSource: 'controllermanager',
  reconciles: budgetKind,
  reads: ['v1/ReplicationController', 'apps/v1/ReplicaSet', 'apps/v1/StatefulSet', 'apps/v1/Deployment'],
  // What waits here are timeouts of things that did not happen.
  requeueTag: 'housekeeping',
  watches: { 'v1/Pod': (object, io) => onPod(object as Pod, io) },
  *reconcile(key, io): Generator<ApiRequest, Result, unknown> {
    if (key.startsWith(stalePrefix)) return yield* dropStale(io, key.slice(stalePrefix.length))
    const budget = io.read.get(key)
    if (budget === undefined) return done
    try {
      return yield* syncBudget(io, budget)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      if (refusal.reason === 'Conflict') return { retry: refusal.message }
      return yield* failSafe(io, budget, refusal.message)
    }
  },
})
