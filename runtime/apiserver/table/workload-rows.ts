import { humanDuration } from '../../../api/durations/human-duration.ts'
import { formatLabelSelector, validSelector } from '../../../api/selectors/label-selector-from-object.ts'
import type { LabelSelector } from '../../../api/types/meta-v1.generated.ts'
import {
  child,
  list,
  map,
  number,
  optionalNumber,
  optionalText,
  struct,
  text,
  type View,
} from '../../../api/validation/view.ts'
import {
  ageOf,
  containerCells,
  labelsText,
  nameOf,
  objectAge,
  orElse,
  type Cell,
  type RowContext,
} from './cell-texts.ts'

const selectorOf = (spec: View): LabelSelector | undefined => child(spec, 'selector')
const podSpecOf = (spec: View): View => struct(struct(spec, 'template'), 'spec')

export const deploymentCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const status = struct(object, 'status')
  return [
    nameOf(object),
    `${number(status, 'readyReplicas')}/${number(spec, 'replicas')}`,
    number(status, 'updatedReplicas'),
    number(status, 'availableReplicas'),
    objectAge(object, context),
    ...containerCells(podSpecOf(spec)),
    validSelector(selectorOf(spec)).text,
  ]
}

const replicaCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const status = struct(object, 'status')
  return [
    nameOf(object),
    number(spec, 'replicas'),
    number(status, 'replicas'),
    number(status, 'readyReplicas'),
    objectAge(object, context),
    ...containerCells(podSpecOf(spec)),
  ]
}
export const replicaSetCells = (object: View, context: RowContext): readonly Cell[] => [
  ...replicaCells(object, context),
  formatLabelSelector(selectorOf(struct(object, 'spec'))),
]
export const replicationControllerCells = (object: View, context: RowContext): readonly Cell[] => [
  ...replicaCells(object, context),
  labelsText(map(struct(object, 'spec'), 'selector')),
]

export const statefulSetCells = (object: View, context: RowContext): readonly Cell[] => [
  nameOf(object),
  `${number(struct(object, 'status'), 'readyReplicas')}/${number(struct(object, 'spec'), 'replicas')}`,
  objectAge(object, context),
  ...containerCells(podSpecOf(struct(object, 'spec'))),
]

export const daemonSetCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const status = struct(object, 'status')
  const podSpec = podSpecOf(spec)
  return [
    nameOf(object),
    number(status, 'desiredNumberScheduled'),
    number(status, 'currentNumberScheduled'),
    number(status, 'numberReady'),
    number(status, 'updatedNumberScheduled'),
    number(status, 'numberAvailable'),
    labelsText(map(podSpec, 'nodeSelector')),
    objectAge(object, context),
    ...containerCells(podSpec),
    formatLabelSelector(selectorOf(spec)),
  ]
}

const jobStates = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
] as const
const laterJobStates = [
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
] as const

const jobStatus = (object: View): string => {
  const conditions = list(struct(object, 'status'), 'conditions')
  const holds = ([type]: readonly [string, string]): boolean =>
    conditions.some((one) => text(one, 'type') === type && text(one, 'status') === 'True')
  const ended = jobStates.find(holds)
  if (ended !== undefined) return ended[1]
  if (text(struct(object, 'metadata'), 'deletionTimestamp') !== '') return 'Terminating'
  return laterJobStates.find(holds)?.[1] ?? 'Running'
}

const jobDuration = (status: View, { now }: RowContext): string => {
  const started = text(status, 'startTime')
  if (started === '') return ''
  const completed = text(status, 'completionTime')
  return humanDuration((completed === '' ? now : Date.parse(completed)) - Date.parse(started))
}

export const jobCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const status = struct(object, 'status')
  const completions = optionalNumber(spec, 'completions')
  const parallelism = number(spec, 'parallelism')
  const done = number(status, 'succeeded')
  const progress =
    completions !== undefined ? `${done}/${completions}` : parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`
  return [
    nameOf(object),
    jobStatus(object),
    progress,
    jobDuration(status, context),
    objectAge(object, context),
    ...containerCells(podSpecOf(spec)),
    formatLabelSelector(selectorOf(spec)),
  ]
}

export const cronJobCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const status = struct(object, 'status')
  const jobSpec = struct(struct(spec, 'jobTemplate'), 'spec')
  const suspend = spec['suspend']
  const last = text(status, 'lastScheduleTime')
  return [
    nameOf(object),
    text(spec, 'schedule'),
    optionalText(spec, 'timeZone') ?? '<none>',
    typeof suspend === 'boolean' ? (suspend ? 'True' : 'False') : '<unset>',
    list(status, 'active').length,
    last === '' ? '<none>' : ageOf(last, context),
    objectAge(object, context),
    ...containerCells(podSpecOf(jobSpec)),
    formatLabelSelector(selectorOf(jobSpec)),
  ]
}

export const podTemplateCells = (object: View): readonly Cell[] => {
  const template = struct(object, 'template')
  return [
    nameOf(object),
    ...containerCells(struct(template, 'spec')),
    labelsText(map(struct(template, 'metadata'), 'labels')),
  ]
}

export const controllerRevisionCells = (object: View, context: RowContext): readonly Cell[] => {
  const owner = list(struct(object, 'metadata'), 'ownerReferences').find((one) => one['controller'] === true)
  const [group] = text(owner, 'apiVersion').includes('/') ? text(owner, 'apiVersion').split('/') : ['']
  const kind = `${text(owner, 'kind')}${orElse(group ?? '', '') === '' ? '' : `.${group}`}`.toLowerCase()
  return [
    nameOf(object),
    owner === undefined ? '<none>' : `${kind}/${text(owner, 'name')}`,
    number(object, 'revision'),
    objectAge(object, context),
  ]
}

const metricSources: Readonly<Record<string, string>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
}

/** One metric of formatHPAMetrics. */
const metricText = (spec: View, status: View | undefined): string => {
  const type = text(spec, 'type')
  const source = metricSources[type]
  if (source === undefined) return '<unknown type>'
  const target = struct(struct(spec, source), 'target')
  const now = child(child(status, source), 'current')
  const average = optionalText(target, 'averageValue')
  const currentAverage = optionalText(now, 'averageValue') ?? '<unknown>'
  switch (type) {
    case 'Pods':
      return `${currentAverage}/${average ?? '0'}`
    case 'External':
    case 'Object':
      return average === undefined
        ? `${now === undefined ? '<unknown>' : (optionalText(now, 'value') ?? '<unknown>')}/${text(target, 'value')}`
        : `${currentAverage}/${average} (avg)`
    default: {
      const name = text(struct(spec, source), 'name')
      if (average !== undefined) return `${name}: ${currentAverage}/${average}`
      const percent = (value: number | undefined, otherwise: string): string =>
        value === undefined ? otherwise : `${value}%`
      const used = percent(optionalNumber(now, 'averageUtilization'), '<unknown>')
      return `${name}: ${used}/${percent(optionalNumber(target, 'averageUtilization'), '<auto>')}`
    }
  }
}

const metricsText = (spec: View, status: View): string => {
  const current = list(status, 'currentMetrics')
  const texts = list(spec, 'metrics').map((metric, i) => metricText(metric, current[i]))
  if (texts.length === 0) return '<none>'
  const shown = texts.slice(0, 2).join(', ')
  return texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown
}

export const autoscalerCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const target = struct(spec, 'scaleTargetRef')
  const least = optionalNumber(spec, 'minReplicas')
  return [
    nameOf(object),
    `${text(target, 'kind')}/${text(target, 'name')}`,
    metricsText(spec, struct(object, 'status')),
    least === undefined ? '<unset>' : String(least),
    number(spec, 'maxReplicas'),
    number(struct(object, 'status'), 'currentReplicas'),
    objectAge(object, context),
  ]
}

export const disruptionBudgetCells = (object: View, context: RowContext): readonly Cell[] => {
  const spec = struct(object, 'spec')
  const shown = (field: string): string => {
    const value = spec[field]
    return typeof value === 'number' || typeof value === 'string' ? String(value) : 'N/A'
  }
  return [
    nameOf(object),
    shown('minAvailable'),
    shown('maxUnavailable'),
    number(struct(object, 'status'), 'disruptionsAllowed'),
    objectAge(object, context),
  ]
}
