import type { Pod } from '../../../api/types/core-v1.generated.ts'
import type { Strategy } from './strategy.ts'

/** pkg/registry/core/pod/strategy.go, CheckGracefulDelete. */
export const podStrategy: Strategy = {
  kind: 'v1/Pod',
  returnsDeleted: true,
  grace(object, options) {
    const pod = object as Pod
    const period = options.gracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 0
    if (pod.spec?.nodeName === undefined || pod.spec.nodeName === '') return 0
    if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return 0
    return period < 0 ? 1 : period
  },
}
