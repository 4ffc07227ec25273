import { isPodLevelRequestsSet, isSidecar, podRequests } from '../../../api/pods/pod-resources.ts'
import { milliValue, scaledValue } from '../../../api/quantity/quantity-values.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import type { Micros } from '../../kernel/micros.ts'
import { isPodReady, podCondition } from '../../reconcile/pod-state.ts'
import type { Metered, PodMetrics } from './metrics-client.ts'

// pkg/controller/podautoscaler/replica_calculator.go

export interface Tolerances {
  readonly up: number
  readonly down: number
}

export interface Timing {
  readonly wall: Micros
  readonly cpuInitializationPeriod: Micros
  readonly initialReadinessDelay: Micros
}

export interface Proposal {
  readonly replicas: number
  /** Percent of the request. */
  readonly utilization?: number
  /** Average of the pods, in thousandths. */
  readonly usage: number
}

export interface Sampled {
  readonly pods: readonly Pod[]
  readonly metrics: PodMetrics
  readonly resource: string
  readonly current: number
  readonly tolerances: Tolerances
  readonly timing: Timing
}

const within = ({ up, down }: Tolerances, ratio: number): boolean => 1 - down <= ratio && ratio <= 1 + up

const failed = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error })

const cpuUnready = (pod: Pod, metric: { readonly at: Micros; readonly window: Micros }, timing: Timing): boolean => {
  const condition = podCondition(pod, 'Ready')
  const start = parseTimestamp(pod.status?.startTime)
  if (condition === undefined || start === undefined) return true
  const since = parseTimestamp(condition.lastTransitionTime) ?? 0
  if (start + timing.cpuInitializationPeriod > timing.wall)
    return condition.status === 'False' || metric.at < since + metric.window
  return condition.status === 'False' && start + timing.initialReadinessDelay > since
}

interface Groups {
  ready: number
  readonly unready: Set<string>
  readonly missing: Set<string>
  readonly ignored: Set<string>
}

/** groupPods */
const groupPods = ({ pods, metrics, resource, timing }: Sampled): Groups => {
  const groups: Groups = { ready: 0, unready: new Set(), missing: new Set(), ignored: new Set() }
  for (const pod of pods) {
    const name = pod.metadata.name ?? ''
    const metric = metrics.get(name)
    if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === 'Failed') groups.ignored.add(name)
    else if (pod.status?.phase === 'Pending') groups.unready.add(name)
    else if (metric === undefined) groups.missing.add(name)
    else if (resource === 'cpu' && cpuUnready(pod, metric, timing)) groups.unready.add(name)
    else groups.ready += 1
  }
  return groups
}

/** calculateRequests, in thousandths by pod. */
const requestsOf = (
  pods: readonly Pod[],
  container: string,
  resource: string,
): Metered<ReadonlyMap<string, number>> => {
  const requests = new Map<string, number>()
  for (const pod of pods) {
    const name = pod.metadata.name ?? ''
    if (container === '' && pod.spec !== undefined && isPodLevelRequestsSet(pod.spec)) {
      const request = podRequests(pod).get(resource)
      if (request === undefined) return failed(`missing pod-level request for ${resource} in Pod ${name}`)
      requests.set(name, Number(scaledValue(request, -3)))
      continue
    }
    const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)]
    const wanted = container === '' ? containers : containers.filter((one) => one.name === container).slice(0, 1)
    let sum = 0
    for (const one of wanted) {
      const request = one.resources?.requests?.[resource]
      if (request === undefined)
        return failed(`missing request for ${resource} in container ${one.name} of Pod ${name}`)
      sum += milliValue(request)
    }
    if (container !== '' && wanted.length === 0) return failed(`container ${container} not found in Pod ${name}`)
    requests.set(name, sum)
  }
  return { ok: true, value: requests }
}

interface Ratio {
  readonly ratio: number
  readonly utilization?: number
  readonly usage: number
}

/** From a first ratio to a number of replicas; `fallback` is what a pod without a sample counts when scaling down. */
const replicasOf = (
  sampled: Sampled,
  groups: Groups,
  ratioOf: (metrics: PodMetrics) => Metered<Ratio>,
  fallback: (name: string) => number,
): Metered<Proposal> => {
  const { current, tolerances } = sampled
  const metrics: PodMetrics = new Map(sampled.metrics)
  for (const name of [...groups.ignored, ...groups.unready]) metrics.delete(name)
  if (metrics.size === 0) return failed('did not receive metrics for targeted pods (pods might be unready)')
  const first = ratioOf(metrics)
  if (!first.ok) return first
  const { ratio, utilization, usage } = first.value
  const proposal = (replicas: number): Metered<Proposal> => ({
    ok: true,
    value: { replicas, usage, ...(utilization === undefined ? {} : { utilization }) },
  })
  const upWithUnready = groups.unready.size > 0 && ratio > 1
  if (!upWithUnready && groups.missing.size === 0)
    return proposal(within(tolerances, ratio) ? current : Math.ceil(ratio * groups.ready))
  const none = { at: 0, window: 0 }
  if (ratio < 1) for (const name of groups.missing) metrics.set(name, { ...none, value: fallback(name) })
  else if (ratio > 1) for (const name of groups.missing) metrics.set(name, { ...none, value: 0 })
  if (upWithUnready) for (const name of groups.unready) metrics.set(name, { ...none, value: 0 })
  const second = ratioOf(metrics)
  if (!second.ok) return second
  const next = second.value.ratio
  if (within(tolerances, next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return proposal(current)
  const replicas = Math.ceil(next * metrics.size)
  if ((next < 1 && replicas > current) || (next > 1 && replicas < current)) return proposal(current)
  return proposal(replicas)
}

/** GetResourceReplicas: by percent of the request. */
export const replicasByUtilization = (sampled: Sampled, target: number, container: string): Metered<Proposal> => {
  if (sampled.pods.length === 0) return failed('no pods returned by selector while calculating replica count')
  const groups = groupPods(sampled)
  const left = [...sampled.metrics.keys()].filter((name) => !groups.ignored.has(name) && !groups.unready.has(name))
  if (left.length === 0) return failed('did not receive metrics for targeted pods (pods might be unready)')
  const requests = requestsOf(sampled.pods, container, sampled.resource)
  if (!requests.ok) return requests
  const requestOf = (name: string): number => requests.value.get(name) ?? 0
  const ratioOf = (metrics: PodMetrics): Metered<Ratio> => {
    let [used, requested, count] = [0, 0, 0]
    for (const [name, metric] of metrics) {
      if (!requests.value.has(name)) continue
      used += metric.value
      requested += requestOf(name)
      count += 1
    }
    if (requested === 0) return failed('no metrics returned matched known pods')
    const utilization = Math.trunc((used * 100) / requested)
    return { ok: true, value: { ratio: utilization / target, utilization, usage: Math.trunc(used / count) } }
  }
  const full = Math.max(100, target)
  return replicasOf(sampled, groups, ratioOf, (name) => Math.trunc((requestOf(name) * full) / 100))
}

/** calcPlainMetricReplicas: by an average value, in thousandths. */
export const replicasByAverage = (sampled: Sampled, target: number): Metered<Proposal> => {
  if (sampled.pods.length === 0) return failed('no pods returned by selector while calculating replica count')
  const ratioOf = (metrics: PodMetrics): Metered<Ratio> => {
    let used = 0
    for (const metric of metrics.values()) used += metric.value
    const usage = Math.trunc(used / metrics.size)
    return { ok: true, value: { ratio: usage / target, usage } }
  }
  return replicasOf(sampled, groupPods(sampled), ratioOf, () => target)
}

/** GetObjectMetricReplicas, GetExternalMetricReplicas: one value against a target; without pods the ratio is the number. */
export const replicasByValue = (
  usage: number,
  target: number,
  { pods, current, tolerances }: Pick<Sampled, 'pods' | 'current' | 'tolerances'>,
): Metered<Proposal> => {
  const ratio = usage / target
  if (current === 0) return { ok: true, value: { replicas: Math.ceil(ratio), usage } }
  if (within(tolerances, ratio)) return { ok: true, value: { replicas: current, usage } }
  if (pods.length === 0)
    return failed('unable to calculate ready pods: no pods returned by selector while calculating replica count')
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isPodReady(pod)).length
  return { ok: true, value: { replicas: Math.min(2147483647, Math.ceil(ratio * ready)), usage } }
}

/** GetObjectPerPodMetricReplicas, GetExternalPerPodMetricReplicas: one value, shared by the pods. */
export const replicasPerPod = (usage: number, target: number, current: number, tolerances: Tolerances): Proposal => {
  const ratio = usage / (target * current)
  const replicas = within(tolerances, ratio) ? current : Math.min(2147483647, Math.ceil(usage / target))
  return { replicas, usage: current === 0 ? Number.MAX_SAFE_INTEGER : Math.ceil(usage / current) }
}
