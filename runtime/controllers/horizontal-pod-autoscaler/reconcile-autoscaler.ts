import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import { approximateNumber } from '../../../api/quantity/quantity-number.ts'
import { quantityOf } from '../../../api/quantity/parse-quantity.ts'
import { parseLabelSelector } from '../../../api/selectors/parse-label-selector.ts'
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HPAScalingRules,
  MetricStatus,
} from '../../../api/types/autoscaling-v2.generated.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { second, type Micros } from '../../kernel/micros.ts'
import type { Answer, Io } from '../../reconcile/controller.ts'
import { limit, limitBy, noteScale, stabilize, stabilizeBy, type History, type Rules } from './decide-limits.ts'
import type { Tolerances } from './decide-replicas.ts'
import { proposeReplicas, type Scaled } from './metric-proposal.ts'

// pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler

type Steps<R> = Generator<ApiRequest, R, unknown>

export interface AutoscalerSettings {
  readonly syncPeriod: Micros
  readonly downscaleStabilization: Micros
  readonly tolerance: number
  readonly cpuInitializationPeriod: Micros
  readonly initialReadinessDelay: Micros
}

export interface AutoscalerMemory {
  readonly histories: Map<string, History>
  /** Pod selectors of the autoscalers' targets, as far as they are known. */
  readonly selectors: Map<string, string>
}

type Status = HorizontalPodAutoscaler['status'] & object

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number }
  readonly status?: { readonly replicas: number; readonly selector?: string }
}

interface Work {
  readonly io: Io
  readonly key: string
  readonly hpa: HorizontalPodAutoscaler
  readonly settings: AutoscalerSettings
  readonly history: History
  conditions: readonly HorizontalPodAutoscalerCondition[]
}

const setCondition = (work: Work, type: string, status: string, [reason, message]: readonly [string, string]): void => {
  const at = work.conditions.findIndex((one) => one.type === type)
  const before = work.conditions[at]
  const changed = before?.status !== status
  const next = {
    type,
    status,
    ...(changed ? { lastTransitionTime: work.io.timestamp() } : { lastTransitionTime: before.lastTransitionTime }),
    reason,
    message,
  } as HorizontalPodAutoscalerCondition
  work.conditions = at < 0 ? [...work.conditions, next] : work.conditions.with(at, next)
}

/** updateStatusIfNeeded; whatever was not reset keeps its value. */
function* writeStatus(work: Work, change: Partial<Status> | undefined): Steps<string | undefined> {
  const { hpa, io } = work
  const before = hpa.status ?? { desiredReplicas: 0 }
  const { observedGeneration: _, ...kept } = before
  const { currentReplicas, currentMetrics, ...rest }: Partial<Status> = change ?? {}
  const base: Status = change === undefined ? before : kept
  const { currentReplicas: __, currentMetrics: ___, ...without } = base
  const status: Status =
    change === undefined
      ? { ...base, conditions: work.conditions }
      : {
          ...without,
          ...(currentReplicas === undefined || currentReplicas === 0 ? {} : { currentReplicas }),
          ...(currentMetrics === undefined || currentMetrics.length === 0 ? {} : { currentMetrics }),
          ...rest,
          conditions: work.conditions,
        }
  if (structuralEqual(before, status)) return undefined
  const answer = yield* io.write.updateStatus({ ...hpa, status } as KubeObject)
  if (answer.ok) return undefined
  io.event(hpa, 'Warning', 'FailedUpdateStatus', answer.message)
  return answer.message
}

function* getScale(
  work: Work,
): Steps<{ readonly scale: Scale; readonly resource: Resource } | { readonly error: string }> {
  const { io, hpa } = work
  const { apiVersion = 'v1', kind, name } = hpa.spec.scaleTargetRef
  const parts = apiVersion.split('/')
  if (parts.length > 2) return { error: `unexpected GroupVersion string: ${apiVersion}` }
  const group = parts.length === 2 ? parts[0]! : ''
  const resources = io.resources().filter((one) => one.group === group && one.kind === kind)
  if (resources.length === 0) return { error: `no matches for kind "${kind}" in group "${group}"` }
  let first: string | undefined
  for (const resource of resources) {
    const answer = (yield* io.write.send({
      verb: 'get',
      resource,
      subresource: 'scale',
      namespace: hpa.metadata.namespace ?? '',
      name,
    })) as Answer<Scale>
    if (answer.ok) return { scale: answer.object, resource }
    first ??= answer.message
  }
  return { error: first! }
}

const defaultRules = (rules: HPAScalingRules | undefined, up: boolean): HPAScalingRules => ({
  selectPolicy: 'Max',
  ...(up ? { stabilizationWindowSeconds: 0 } : {}),
  policies: [
    ...(up ? [{ type: 'Pods', value: 4, periodSeconds: 15 }] : []),
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
  ...rules,
})

/** The behaviour of an autoscaler, completed (GenerateHPAScaleUpRules, maybeInitScaleDownStabilizationWindow). */
const rulesOf = (hpa: HorizontalPodAutoscaler, settings: AutoscalerSettings): Rules | undefined => {
  const { behavior } = hpa.spec
  if (behavior === undefined) return undefined
  const down = defaultRules(behavior.scaleDown, false)
  const window = down.stabilizationWindowSeconds ?? Math.trunc(settings.downscaleStabilization / second)
  return { up: defaultRules(behavior.scaleUp, true), down: { ...down, stabilizationWindowSeconds: window } }
}

const tolerancesOf = (hpa: HorizontalPodAutoscaler, { tolerance }: AutoscalerSettings): Tolerances => {
  const { scaleUp, scaleDown } = (hpa.spec.behavior ?? {}) as Partial<
    Record<'scaleUp' | 'scaleDown', { readonly tolerance?: string }>
  >
  const of = (own: string | undefined): number => (own === undefined ? tolerance : approximateNumber(quantityOf(own)))
  return { up: of(scaleUp?.tolerance), down: of(scaleDown?.tolerance) }
}

/** validateAndParseSelector */
const podsOf = (work: Work, text: string): { readonly pods: readonly Pod[] } | { readonly error: string } => {
  const { io, hpa, key } = work
  const refuse = (reason: string, error: string, message = error): { readonly error: string } => {
    io.event(hpa, 'Warning', reason, error)
    const shown = reason === 'SelectorRequired' ? 'InvalidSelector' : reason
    setCondition(work, 'ScalingActive', 'False', [shown, message])
    return { error }
  }
  if (text === '')
    return refuse('SelectorRequired', 'selector is required', "the HPA target's scale is missing a selector")
  const selector = parseLabelSelector(text)
  if ('error' in selector)
    return refuse(
      'InvalidSelector',
      `couldn't convert selector into a corresponding internal selector object: ${selector.error}`,
    )
  const { selectors } = io.memory as AutoscalerMemory
  selectors.set(key, text)
  const namespace = hpa.metadata.namespace ?? ''
  const pods = (io.read.list('v1/Pod', { namespace }) as readonly Pod[]).filter((pod) =>
    selector.matches(pod.metadata.labels ?? {}),
  )
  const rivals = [...selectors].filter(([other, otherText]) => {
    if (!other.startsWith(`${namespace}/`)) return false
    if (other === key) return pods.length > 0
    const theirs = parseLabelSelector(otherText)
    return !('error' in theirs) && pods.some((pod) => theirs.matches(pod.metadata.labels ?? {}))
  })
  if (rivals.length > 1) {
    const names = rivals.map(([other]) => `{${other.slice(namespace.length + 1)} ${namespace}}`).sort()
    return refuse('AmbiguousSelector', `pods by selector ${text} are controlled by multiple HPAs: [${names.join(' ')}]`)
  }
  return { pods }
}

interface Computed {
  /** -1: the metrics allow no decision. */
  readonly replicas: number
  readonly metric: string
  readonly statuses: readonly MetricStatus[]
  readonly error: string | undefined
}

/** computeReplicasForMetrics */
function* computeReplicas(work: Work, scale: Scale): Steps<Computed> {
  const { io, hpa, settings } = work
  const selector = scale.status?.selector ?? ''
  const found = podsOf(work, selector)
  if ('error' in found) return { replicas: -1, metric: '', statuses: [], error: found.error }
  const specs = hpa.spec.metrics ?? []
  const scaled: Scaled = {
    namespace: hpa.metadata.namespace ?? '',
    selector,
    pods: found.pods,
    specReplicas: scale.spec?.replicas ?? 0,
    statusReplicas: scale.status?.replicas ?? 0,
    tolerances: tolerancesOf(hpa, settings),
    timing: {
      wall: io.wall(),
      cpuInitializationPeriod: settings.cpuInitializationPeriod,
      initialReadinessDelay: settings.initialReadinessDelay,
    },
  }
  const statuses: MetricStatus[] = []
  let [replicas, metric, invalid] = [0, '', 0]
  let first: { readonly reason: string; readonly cause: string; readonly message: string } | undefined
  for (const spec of specs) {
    const verdict = yield* proposeReplicas(io, scaled, spec)
    if (!verdict.ok) {
      io.event(hpa, 'Warning', verdict.reason, verdict.cause)
      first ??= verdict
      invalid += 1
      statuses.push({ type: '' })
      continue
    }
    statuses.push(verdict.status)
    if (replicas === 0 || verdict.replicas > replicas) {
      replicas = verdict.replicas
      metric = verdict.name
    }
  }
  const error =
    first === undefined
      ? undefined
      : `invalid metrics (${invalid} invalid out of ${specs.length}), first error is: ${first.message}`
  if (first !== undefined && (invalid >= specs.length || replicas < scaled.specReplicas)) {
    const message = `the HPA was unable to compute the replica count: ${first.cause}`
    setCondition(work, 'ScalingActive', 'False', [first.reason, message])
    return { replicas: -1, metric: '', statuses, error }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`
  setCondition(work, 'ScalingActive', 'True', ['ValidMetricFound', message])
  return { replicas, metric, statuses, error }
}

/** normalizeDesiredReplicas, normalizeDesiredReplicasWithBehaviors */
const normalize = (work: Work, rules: Rules | undefined, current: number, asked: number): number => {
  const { io, hpa, history, settings } = work
  const now = io.now()
  const [min, max] = [hpa.spec.minReplicas ?? 1, hpa.spec.maxReplicas]
  const steady =
    rules === undefined
      ? {
          replicas: stabilize(history, asked, now, settings.downscaleStabilization),
          reason: 'ScaleDownStabilized',
          message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
        }
      : stabilizeBy(history, rules, { current, desired: asked }, now)
  const desired = steady.replicas
  setCondition(
    work,
    'AbleToScale',
    'True',
    desired === asked ? ['ReadyForNewScale', 'recommended size matches current size'] : [steady.reason, steady.message],
  )
  const verdict =
    rules === undefined
      ? limit(current, desired, min, max)
      : limitBy(history, rules, { current, desired, min, max }, now)
  const limited = verdict.replicas === desired ? 'False' : 'True'
  setCondition(work, 'ScalingLimited', limited, [verdict.reason, verdict.message])
  return verdict.replicas
}

/** retry.DefaultRetry: five tries. Differs: without its pauses of 10 ms. */
function* updateScale(
  work: Work,
  target: { scale: Scale; resource: Resource },
  replicas: number,
): Steps<Answer<KubeObject>> {
  const { io, hpa } = work
  const { resource } = target
  const place = {
    resource,
    subresource: 'scale',
    namespace: hpa.metadata.namespace ?? '',
    name: hpa.spec.scaleTargetRef.name,
  }
  let { scale } = target
  for (let attempt = 1; ; attempt += 1) {
    const body = { ...scale, spec: { ...scale.spec, replicas } }
    const answer = yield* io.write.send({ ...place, verb: 'update', body })
    if (answer.ok) return answer
    const latest = (yield* io.write.send({ ...place, verb: 'get' })) as Answer<Scale>
    if (latest.ok) scale = latest.object
    if (answer.reason !== 'Conflict' || attempt >= 5) return answer
  }
}

/** One sync of one autoscaler. */
export function* reconcileAutoscaler(
  io: Io,
  key: string,
  hpa: HorizontalPodAutoscaler,
  settings: AutoscalerSettings,
): Steps<void> {
  const { histories } = io.memory as AutoscalerMemory
  const history = histories.get(key) ?? { recommendations: [], ups: [], downs: [] }
  histories.set(key, history)
  const work: Work = { io, key, hpa, settings, history, conditions: hpa.status?.conditions ?? [] }
  const target = yield* getScale(work)
  if ('error' in target) {
    io.event(hpa, 'Warning', 'FailedGetScale', target.error)
    const message = `the HPA controller was unable to get the target's current scale: ${target.error}`
    setCondition(work, 'AbleToScale', 'False', ['FailedGetScale', message])
    yield* writeStatus(work, undefined)
    return
  }
  setCondition(work, 'AbleToScale', 'True', [
    'SucceededGetScale',
    "the HPA controller was able to get the target's current scale",
  ])
  const current = target.scale.spec?.replicas ?? 0
  if (history.recommendations.length === 0) history.recommendations.push({ replicas: current, at: io.now() })
  const { minReplicas: min = 1, maxReplicas: max } = hpa.spec
  const rules = rulesOf(hpa, settings)
  const before = { desiredReplicas: hpa.status?.desiredReplicas ?? 0, currentReplicas: current }
  let desired = 0
  let why = ''
  let statuses: readonly MetricStatus[] = []
  if (current === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    setCondition(work, 'ScalingActive', 'False', ['ScalingDisabled', message])
  } else if (current > max) {
    why = 'Current number of replicas above Spec.MaxReplicas'
    desired = max
  } else if (current < min) {
    why = 'Current number of replicas below Spec.MinReplicas'
    desired = min
  } else {
    const computed = yield* computeReplicas(work, target.scale)
    statuses = computed.statuses
    if (computed.replicas === -1) {
      yield* writeStatus(work, { ...before, currentMetrics: statuses })
      io.event(hpa, 'Warning', 'FailedComputeMetricsReplicas', computed.error ?? '')
      return
    }
    const asked = Math.max(0, computed.replicas)
    if (asked > current) why = `${computed.metric} above target`
    if (asked < current) why = 'All metrics below target'
    desired = normalize(work, rules, current, asked)
  }
  const rescale = current !== 0 && desired !== current
  if (rescale) {
    const answer = yield* updateScale(work, target, desired)
    if (!answer.ok) {
      io.event(hpa, 'Warning', 'FailedRescale', `New size: ${desired}; reason: ${why}; error: ${answer.message}`)
      const message = `the HPA controller was unable to update the target scale: ${answer.message}`
      setCondition(work, 'AbleToScale', 'False', ['FailedUpdateScale', message])
      yield* writeStatus(work, { ...before, currentMetrics: statuses })
      return
    }
    const message = `the HPA controller was able to update the target scale to ${desired}`
    setCondition(work, 'AbleToScale', 'True', ['SucceededRescale', message])
    io.event(hpa, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${why}`)
    if (rules !== undefined) noteScale(history, rules, { from: current, to: desired }, io.now())
  } else desired = current
  yield* writeStatus(work, {
    currentReplicas: current,
    desiredReplicas: desired,
    currentMetrics: statuses,
    ...(rescale ? { lastScaleTime: io.timestamp() } : {}),
  })
}
