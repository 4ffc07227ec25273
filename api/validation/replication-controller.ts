import { nonNegative } from './field-causes.ts'
import { required, type Cause } from './cause.ts'
import { matchCauses, podTemplateCauses, restartAlwaysCauses } from './pod-template.ts'
import { replicaStatusCauses } from './replica-set.ts'
import type { Strategy } from './strategy.ts'
import { child, isEmpty, map, optionalNumber, struct, type View } from './view.ts'

const specCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const selector = map(spec, 'selector')
  const replicas = optionalNumber(spec, 'replicas')
  const causes = nonNegative(optionalNumber(spec, 'minReadySeconds'), 'spec.minReadySeconds')
  if (isEmpty(selector)) causes.push(required('spec.selector'))
  causes.push(...(replicas === undefined ? [required('spec.replicas')] : nonNegative(replicas, 'spec.replicas')))
  const template = child(spec, 'template')
  if (template === undefined) return [...causes, required('spec.template')]
  return [
    ...causes,
    ...(isEmpty(selector) ? [] : matchCauses({ matchLabels: selector }, template, 'spec.template')),
    ...podTemplateCauses(template, 'spec.template'),
    ...restartAlwaysCauses(template, 'spec.template', 'ReplicationController'),
  ]
}

/** pkg/registry/core/replicationcontroller/strategy.go */
export const replicationControllerStrategy: Strategy = {
  validate: specCauses,
  revalidates: 'before',
  validateUpdate: specCauses,
  validateStatus: replicaStatusCauses,
}
