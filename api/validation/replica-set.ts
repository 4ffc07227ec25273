import { nonNegative } from './field-causes.ts'
import type { Cause } from './cause.ts'
import { immutable } from './object-meta.ts'
import { selectorAndTemplateCauses } from './pod-template.ts'
import { atMost, countCauses } from './replica-status.ts'
import type { Strategy } from './strategy.ts'
import { optionalNumber, struct, type View } from './view.ts'

const specCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  return [
    ...nonNegative(optionalNumber(spec, 'replicas'), 'spec.replicas'),
    ...nonNegative(optionalNumber(spec, 'minReadySeconds'), 'spec.minReadySeconds'),
    ...selectorAndTemplateCauses(spec, 'spec'),
  ]
}

/** ValidateReplicaSetStatus, ValidateReplicationControllerStatus */
export const replicaStatusCauses = (object: View): Cause[] => {
  const status = struct(object, 'status')
  const limit = 'cannot be greater than status.replicas'
  return [
    ...countCauses(status, [
      'replicas',
      'fullyLabeledReplicas',
      'readyReplicas',
      'availableReplicas',
      'observedGeneration',
      'terminatingReplicas',
    ]),
    ...atMost(status, 'fullyLabeledReplicas', 'replicas', limit),
    ...atMost(status, 'readyReplicas', 'replicas', limit),
    ...atMost(status, 'availableReplicas', 'replicas', limit),
    ...atMost(status, 'availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'),
  ]
}

/** pkg/registry/apps/replicaset/strategy.go, pkg/apis/apps/validation */
export const replicaSetStrategy: Strategy = {
  validate: specCauses,
  validateUpdate: (object, old) => [
    ...specCauses(object),
    ...immutable('spec.selector', struct(object, 'spec')['selector'], struct(old, 'spec')['selector']),
  ],
  validateStatus: replicaStatusCauses,
}
