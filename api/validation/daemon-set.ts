import { structuralEqual } from '../json/structural-equal.ts'
import { nonNegative } from './field-causes.ts'
import { invalid, notSupported, required, type Cause } from './cause.ts'
import { intOrPercent, notMoreThan100Percent, positiveIntOrPercent } from './int-or-percent.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { immutable } from './object-meta.ts'
import {
  isBrokenSelector,
  isEmptySelector,
  matchCauses,
  podTemplateCauses,
  restartAlwaysCauses,
} from './pod-template.ts'
import { collisionCauses, countCauses } from './replica-status.ts'
import type { Strategy } from './strategy.ts'
import { child, map, optionalNumber, struct, text, type View } from './view.ts'

/** The internal field spec.templateGeneration lives in this annotation on the wire. */
const generationAnnotation = 'deprecated.daemonset.template.generation'

const withGeneration = (object: View, value: number): View => {
  const meta = struct(object, 'metadata')
  const annotations = map(meta, 'annotations')
  if (annotations[generationAnnotation] === String(value)) return object
  return { ...object, metadata: { ...meta, annotations: { ...annotations, [generationAnnotation]: String(value) } } }
}

const templateGeneration = (object: View): number => {
  const value = map(struct(object, 'metadata'), 'annotations')[generationAnnotation] ?? ''
  return /^\d+$/.test(value) ? Number(value) : 0
}

const rollingCauses = (update: View, path: string): Cause[] => {
  const unavailable = update['maxUnavailable'] ?? 0
  const surge = update['maxSurge'] ?? 0
  const causes = [
    ...positiveIntOrPercent(unavailable, `${path}.maxUnavailable`),
    ...positiveIntOrPercent(surge, `${path}.maxSurge`),
    ...notMoreThan100Percent(unavailable, `${path}.maxUnavailable`),
    ...notMoreThan100Percent(surge, `${path}.maxSurge`),
  ]
  const hasUnavailable = intOrPercent(unavailable) !== 0
  const hasSurge = intOrPercent(surge) !== 0
  if (hasUnavailable && hasSurge)
    causes.push(invalid(`${path}.maxSurge`, surge, 'may not be set when maxUnavailable is non-zero'))
  else if (!hasUnavailable && !hasSurge)
    causes.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  return causes
}

const strategyCauses = (strategy: View, path: string): Cause[] => {
  switch (text(strategy, 'type')) {
    case 'OnDelete':
      return []
    case 'RollingUpdate': {
      const update = child(strategy, 'rollingUpdate')
      return update === undefined ? [required(`${path}.rollingUpdate`)] : rollingCauses(update, `${path}.rollingUpdate`)
    }
    default:
      return [
        notSupported(path, { typed: strategy, type: 'io.k8s.api.apps.v1.DaemonSetUpdateStrategy' }, [
          'RollingUpdate',
          'OnDelete',
        ]),
      ]
  }
}

const specCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const selector = child(spec, 'selector')
  const template = struct(spec, 'template')
  return [
    ...labelSelectorCauses(selector, 'spec.selector'),
    ...(isBrokenSelector(selector) ? [] : matchCauses(selector, template, 'spec.template')),
    ...(selector !== undefined && isEmptySelector(selector)
      ? [invalid('spec.selector', selector, 'empty selector is invalid for daemonset')]
      : []),
    ...podTemplateCauses(template, 'spec.template'),
    ...restartAlwaysCauses(template, 'spec.template', 'DaemonSet'),
    ...nonNegative(optionalNumber(spec, 'minReadySeconds'), 'spec.minReadySeconds'),
    ...strategyCauses(struct(spec, 'updateStrategy'), 'spec.updateStrategy'),
    ...nonNegative(optionalNumber(spec, 'revisionHistoryLimit'), 'spec.revisionHistoryLimit'),
  ]
}

/** pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/validation */
export const daemonSetStrategy: Strategy = {
  prepareForCreate: (object) => withGeneration(object, Math.max(1, templateGeneration(object))),
  prepareForUpdate: (object, old) => {
    const same = structuralEqual(struct(struct(object, 'spec'), 'template'), struct(struct(old, 'spec'), 'template'))
    return withGeneration(object, templateGeneration(old) + (same ? 0 : 1))
  },
  prepareForStatus: (object, old) => withGeneration(object, templateGeneration(old)),
  validate: specCauses,
  validateUpdate: (object, old) => [
    ...immutable('spec.selector', struct(object, 'spec')['selector'], struct(old, 'spec')['selector']),
    ...specCauses(object),
  ],
  validateStatus: (object, old) => [
    ...countCauses(struct(object, 'status'), [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'observedGeneration',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
      'collisionCount',
    ]),
    ...collisionCauses(object, old),
  ],
}
