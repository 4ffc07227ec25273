import { nonNegative } from './field-causes.ts'
import { required, type Cause } from './cause.ts'
import { immutable } from './object-meta.ts'
import type { Strategy } from './strategy.ts'
import { number, type View } from './view.ts'

const dataCauses = (object: View): Cause[] => {
  const data = object['data']
  if (data === undefined || data === null) return [required('data', 'data is mandatory')]
  return typeof data === 'object' && !Array.isArray(data) ? [] : [required('data', 'data must be a valid JSON object')]
}

const revisionCauses = (object: View): Cause[] => nonNegative(number(object, 'revision'), 'revision')

/** pkg/registry/apps/controllerrevision/strategy.go */
export const controllerRevisionStrategy: Strategy = {
  validate: revisionCauses,
  validateNew: dataCauses,
  revalidates: 'between',
  validateUpdate: (object, old) => immutable('data', object['data'], old['data']),
}
