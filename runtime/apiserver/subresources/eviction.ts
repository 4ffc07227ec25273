import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import { validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { Pod, PodCondition } from '../../../api/types/core-v1.generated.ts'
import type { Condition, DeleteOptions } from '../../../api/types/meta-v1.generated.ts'
import type { Eviction, PodDisruptionBudget } from '../../../api/types/policy-v1.generated.ts'
import { objectKey } from '../../etcd/start-state.ts'
import { etcdRefusal } from '../etcd-refusal.ts'
import { decodeBody } from '../http-body.ts'
import type { ServerContext, Step } from '../server-context.ts'
import {
  badRequest,
  conflict,
  failure,
  forbidden,
  isRefusal,
  notFound,
  success,
  tooManyRequests,
  type Refusal,
} from '../status.ts'
import { writeOver } from '../write-object.ts'
import type { Call } from '../verbs/call.ts'
import { deleteObject, isDryRun } from '../verbs/delete.ts'
import { admitSubresource } from './admit-subresource.ts'
import { evictionKind } from './kinds.ts'
import type { Subresource } from './subresource.ts'

const budgetKind = 'policy/v1/PodDisruptionBudget'
/** MaxDisruptedPodSize */
const maxDisrupted = 2000

const refuseBy = (retryAfter: number, message: string): Refusal =>
  tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfter, [
    { reason: 'DisruptionBudget', message },
  ])

const ignoresBudgets = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' ||
  pod.status?.phase === 'Failed' ||
  pod.status?.phase === 'Pending' ||
  pod.metadata.deletionTimestamp !== undefined

const isReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True')

const budgetsOf = (context: ServerContext, pod: Pod): readonly PodDisruptionBudget[] => {
  const resource = context.scheme().byKind(budgetKind)!
  const found: PodDisruptionBudget[] = []
  context.etcd.table(resource).scan(`${pod.metadata.namespace ?? ''}/`, '', (row) => {
    const budget = row.value as PodDisruptionBudget
    if (validSelector(budget.spec?.selector).matches(pod.metadata.labels ?? {})) found.push(budget)
  })
  return found
}

const whyNot = (budget: PodDisruptionBudget): string => {
  const { name } = budget.metadata
  const status = budget.status
  const condition = (status?.conditions ?? []).find((one) => one.type === 'DisruptionAllowed')
  const says = condition?.status === 'False' && condition.message !== ''
  if (says && condition.reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`
  }
  const current = status?.currentHealthy ?? 0
  const desired = status?.desiredHealthy ?? 0
  if (current <= desired)
    return `The disruption budget ${name} needs ${desired} healthy pods and has ${current} currently`
  if (says)
    return `The disruption budget ${name} does not allow evicting pods currently (${condition.reason}): ${condition.message}`
  return `The disruption budget ${name} does not allow evicting pods currently`
}

/** pdbhelper.UpdateDisruptionAllowedCondition, for a budget that has just been used up. */
const usedUp = (conditions: readonly Condition[], generation: number, now: string): readonly Condition[] => {
  const old = conditions.find((one) => one.type === 'DisruptionAllowed')
  const next: Condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    observedGeneration: generation,
    lastTransitionTime: old?.status === 'False' ? old.lastTransitionTime : now,
    reason: 'InsufficientPods',
    message: '',
  }
  return old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one))
}

/** checkAndDecrement, retried when somebody else writes the budget. */
function* decrement(
  call: Call,
  budget: PodDisruptionBudget,
  podName: string,
  dryRun: boolean,
): Step<Refusal | undefined> {
  const { context } = call
  const resource = context.scheme().byKind(budgetKind)!
  for (;;) {
    const row = context.etcd.get(resource, objectKey(resource, budget.metadata.namespace, budget.metadata.name))
    if (row === undefined) return notFound(resource, budget.metadata.name)
    const current = row.value as PodDisruptionBudget
    const { name, generation } = current.metadata
    const status = current.status
    if ((status?.observedGeneration ?? 0) < (generation ?? 0)) {
      return refuseBy(10, `The disruption budget ${name} is still being processed by the server.`)
    }
    const allowed = status?.disruptionsAllowed ?? 0
    const group = { group: 'policy', plural: 'poddisruptionbudget' }
    if (allowed < 0) return forbidden(group, name, 'pdb disruptions allowed is negative')
    if (Object.keys(status?.disruptedPods ?? {}).length > maxDisrupted) {
      return forbidden(group, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
    }
    if (allowed === 0) return refuseBy(0, whyNot(current))
    if (dryRun) return undefined
    const now = context.clock.timestamp()
    const next = {
      ...current,
      status: {
        ...status,
        disruptionsAllowed: allowed - 1,
        ...(allowed === 1 ? { conditions: usedUp(status?.conditions ?? [], generation ?? 0, now) } : {}),
        disruptedPods: { ...status?.disruptedPods, [podName]: now },
      },
    } as KubeObject
    const answer = yield* writeOver(context, resource, row, next, { manager: 'kube-apiserver', subresource: 'status' })
    if (answer.ok) return undefined
    if (answer.error !== undefined) return etcdRefusal(answer.error)
  }
}

const withTarget = (pod: Pod, now: string): Pod => {
  const conditions = pod.status?.conditions ?? []
  const old = conditions.find((one) => one.type === 'DisruptionTarget')
  if (old?.status === 'True' && old.reason === 'EvictionByEvictionAPI') return pod
  const next = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: old?.status === 'True' ? old.lastTransitionTime : now,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  } as unknown as PodCondition
  return {
    ...pod,
    status: {
      ...pod.status,
      conditions: old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one)),
    },
  }
}

/** addConditionAndDeletePod */
function* evict(call: Call, name: string, options: DeleteOptions): Step<Refusal | undefined> {
  const { context, stored } = call
  let final = options
  if (!isDryRun(call, options)) {
    for (;;) {
      const row = context.etcd.get(stored, objectKey(stored, call.namespace, name))
      if (row === undefined) return notFound(call.resource, name)
      const { uid, resourceVersion } = options.preconditions ?? {}
      const meta = row.value.metadata
      const kind = { group: '', plural: 'Pod' }
      if (uid !== undefined && uid !== '' && uid !== meta.uid) {
        return conflict(
          kind,
          name,
          `the UID in the precondition (${uid}) does not match the UID in record (${meta.uid}). The object might have been deleted and then recreated`,
        )
      }
      if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== meta.resourceVersion) {
        return conflict(
          kind,
          name,
          `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${meta.resourceVersion}). The object might have been modified`,
        )
      }
      const answer = yield* writeOver(context, stored, row, withTarget(row.value as Pod, context.clock.timestamp()))
      if (answer.ok) {
        const version = answer.values[0]!.metadata.resourceVersion
        if (resourceVersion !== undefined)
          final = { ...options, preconditions: { ...options.preconditions, resourceVersion: version } }
        break
      }
      if (answer.error !== undefined) return etcdRefusal(answer.error)
    }
  }
  const deletion = yield* deleteObject(call, name, final, true)
  return isRefusal(deletion) ? deletion : undefined
}

const evicted: ApiResponse = Object.freeze({
  code: 201,
  body: Object.freeze({ ...success(201).body, code: 201 }),
})

const locked = (options: DeleteOptions, pod: Pod): DeleteOptions => ({
  ...options,
  preconditions: { ...options.preconditions, resourceVersion: pod.metadata.resourceVersion },
})

/** pkg/registry/core/pod/storage/eviction.go */
export const eviction: Subresource = {
  path: 'pods/eviction',
  *create(call) {
    const { context, stored, request } = call
    const decoded = decodeBody(evictionKind, request.body, {})
    if (!decoded.ok) return failure(decoded.code, decoded.message, { reason: decoded.reason })
    const given = decoded.object as Eviction
    const name = request.name!
    if (given.metadata?.name !== name) return badRequest('name in URL does not match name in Eviction object')
    const options: DeleteOptions = {
      ...given.deleteOptions,
      ...(call.options.dryRun === true ? { dryRun: ['All'] } : {}),
    }
    const pod = context.etcd.get(stored, objectKey(stored, call.namespace, name))?.value as Pod | undefined
    if (pod === undefined) return notFound(call.resource, name)
    const admitted = yield* admitSubresource(call, name, evictionKind, decoded.object)
    if (isRefusal(admitted)) return admitted
    const unlocked = options.preconditions?.resourceVersion === undefined
    if (ignoresBudgets(pod)) {
      const pending = pod.status?.phase === 'Pending' && pod.metadata.deletionTimestamp === undefined
      const refused = yield* evict(call, name, pending && unlocked ? locked(options, pod) : options)
      return refused ?? evicted
    }
    const budgets = budgetsOf(context, pod)
    if (budgets.length > 1) {
      return failure(
        500,
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      )
    }
    const budget = budgets[0]
    let unhealthy = false
    if (budget !== undefined) {
      const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {}
      unhealthy =
        !isReady(pod) &&
        (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' ||
          (currentHealthy >= desiredHealthy && desiredHealthy > 0))
      if (!unhealthy) {
        const refused = yield* decrement(call, budget, name, isDryRun(call, options))
        if (refused !== undefined) return refused
      }
    }
    const refused = yield* evict(call, name, unhealthy ? locked(options, pod) : options)
    if (refused?.response.code === 409 && unhealthy && unlocked) {
      return refuseBy(10, `The disruption budget ${budget!.metadata.name} is still being processed by the server.`)
    }
    return refused ?? evicted
  },
}
