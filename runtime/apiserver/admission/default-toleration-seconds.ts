import type { Pod, Toleration } from '../../../api/types/core-v1.generated.ts'
import { isPod } from './forbid.ts'
import type { AdmissionPlugin } from './plugin.ts'

const tolerationFor = (key: string): Toleration =>
  Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })

const notReady = tolerationFor('node.kubernetes.io/not-ready')
const unreachable = tolerationFor('node.kubernetes.io/unreachable')
const both: readonly Toleration[] = Object.freeze([notReady, unreachable])

const tolerates = (tolerations: readonly Toleration[], key: string): boolean =>
  tolerations.some((one) => {
    const ofKey = one.key === key || one.key === undefined || one.key === ''
    return ofKey && (one.effect === 'NoExecute' || (one.effect ?? '') === '')
  })

/** plugin/pkg/admission/defaulttolerationseconds */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: (operation, resource, subresource) => operation !== 'DELETE' && isPod(resource, subresource),
  mutate(_context, _attributes, object) {
    const pod = object as Pod
    const given = pod.spec?.tolerations
    if (given === undefined) return { ...pod, spec: { ...pod.spec, tolerations: both } } as Pod
    const added = both.filter((one) => !tolerates(given, one.key!))
    return added.length === 0 ? pod : ({ ...pod, spec: { ...pod.spec, tolerations: [...given, ...added] } } as Pod)
  },
}
