import { nonNegative } from './field-causes.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { intOrPercent, notMoreThan100Percent, positiveIntOrPercent } from './int-or-percent.ts'
import { immutable } from './object-meta.ts'
import { selectorAndTemplateCauses } from './pod-template.ts'
import { atMost, collisionCauses, countCauses } from './replica-status.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import type { Strategy } from './strategy.ts'
import { child, number, optionalNumber, struct, text, type View } from './view.ts'

const rollingCauses = (update: View, path: string): Cause[] => {
  const unavailable = update['maxUnavailable'] ?? 0
  const surge = update['maxSurge'] ?? 0
  return [
    ...positiveIntOrPercent(unavailable, `${path}.maxUnavailable`),
    ...positiveIntOrPercent(surge, `${path}.maxSurge`),
    ...(intOrPercent(unavailable) === 0 && intOrPercent(surge) === 0
      ? [invalid(`${path}.maxUnavailable`, unavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...notMoreThan100Percent(unavailable, `${path}.maxUnavailable`),
  ]
}

const strategyCauses = (strategy: View, path: string): Cause[] => {
  const update = child(strategy, 'rollingUpdate')
  const at = `${path}.rollingUpdate`
  switch (text(strategy, 'type')) {
    case 'Recreate':
      return update === undefined ? [] : [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")]
    case 'RollingUpdate':
      return update === undefined
        ? [required(at, 'this should be defaulted and never be nil')]
        : rollingCauses(update, at)
    default:
      return [
        notSupported(path, { typed: strategy, type: 'io.k8s.api.apps.v1.DeploymentStrategy' }, [
          'Recreate',
          'RollingUpdate',
        ]),
      ]
  }
}

const specCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const causes = [
    ...nonNegative(optionalNumber(spec, 'replicas'), 'spec.replicas'),
    ...selectorAndTemplateCauses(spec, 'spec'),
    ...strategyCauses(struct(spec, 'strategy'), 'spec.strategy'),
    ...nonNegative(optionalNumber(spec, 'minReadySeconds'), 'spec.minReadySeconds'),
    ...nonNegative(optionalNumber(spec, 'revisionHistoryLimit'), 'spec.revisionHistoryLimit'),
  ]
  const deadline = optionalNumber(spec, 'progressDeadlineSeconds')
  if (deadline !== undefined) {
    causes.push(...nonNegative(deadline, 'spec.progressDeadlineSeconds'))
    if (deadline <= number(spec, 'minReadySeconds')) {
      causes.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
    }
  }
  return causes
}

const statusCauses = (object: View, old: View): Cause[] => {
  const status = struct(object, 'status')
  const limit = 'cannot be greater than status.replicas'
  return [
    ...countCauses(status, [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ]),
    ...atMost(status, 'updatedReplicas', 'replicas', limit),
    ...atMost(status, 'readyReplicas', 'replicas', limit),
    ...atMost(status, 'availableReplicas', 'replicas', limit),
    ...atMost(status, 'availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'),
    ...collisionCauses(object, old),
  ]
}

/** pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/validation */
export const deploymentStrategy: Strategy = {
  // A changed annotation moves the generation too.
  generation: (object, old) =>
    !structuralEqual(struct(object, 'spec'), struct(old, 'spec')) ||
    !structuralEqual(struct(struct(object, 'metadata'), 'annotations'), struct(struct(old, 'metadata'), 'annotations')),
  prepareForStatus: (object, old) => ({
    ...object,
    metadata: { ...struct(object, 'metadata'), labels: struct(old, 'metadata')['labels'] },
  }),
  validate: specCauses,
  validateUpdate: (object, old) => [
    ...specCauses(object),
    ...immutable('spec.selector', struct(object, 'spec')['selector'], struct(old, 'spec')['selector']),
  ],
  validateStatus: statusCauses,
}
