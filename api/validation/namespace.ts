import { asPrefix, isDns1123Label } from '../names/dns-names.ts'
import { isLabelKey } from '../names/label-names.ts'
import { invalid, invalids, type Cause } from './cause.ts'
import type { Strategy } from './strategy.ts'
import { strings, struct, text, type View } from './view.ts'

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']
const prefixed = asPrefix(isDns1123Label)

const finalizerCauses = (finalizer: string, path: string): Cause[] => [
  ...invalids(path, finalizer, isLabelKey(finalizer)),
  ...(!finalizer.includes('/') && !standardFinalizers.includes(finalizer)
    ? [invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')]
    : []),
]

const finalizers = (namespace: View): readonly string[] => strings(struct(namespace, 'spec'), 'finalizers')

const statusCauses = (namespace: View): Cause[] => {
  const phase = text(struct(namespace, 'status'), 'phase')
  const deleted = struct(namespace, 'metadata')['deletionTimestamp'] !== undefined
  if (deleted ? phase === 'Terminating' : phase === 'Active') return []
  return [
    invalid(
      'status.Phase',
      phase,
      deleted
        ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
        : "may only be 'Active' if `deletionTimestamp` is empty",
    ),
  ]
}

/** pkg/registry/core/namespace/strategy.go, ValidateNamespace* */
export const namespaceStrategy: Strategy = {
  name: (name, prefix) => (prefix ? prefixed(name) : isDns1123Label(name)),
  prepareForCreate: (namespace) => {
    const own = finalizers(namespace)
    return {
      ...namespace,
      spec: { ...struct(namespace, 'spec'), finalizers: own.includes('kubernetes') ? own : [...own, 'kubernetes'] },
      status: { phase: 'Active' },
    }
  },
  prepareForUpdate: (namespace, old) => ({
    ...namespace,
    spec: { ...struct(namespace, 'spec'), finalizers: struct(old, 'spec')['finalizers'] },
    status: old['status'],
  }),
  prepare: { finalize: (namespace, old) => ({ ...namespace, status: old['status'] }) },
  validate: (namespace) => finalizers(namespace).flatMap((one) => finalizerCauses(one, 'spec.finalizers')),
  validateStatus: statusCauses,
  validateSubresource: {
    finalize: (namespace) => finalizers(namespace).flatMap((one, i) => finalizerCauses(one, `spec.finalizers[${i}]`)),
  },
}
