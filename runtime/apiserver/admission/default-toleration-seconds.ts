import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { Pod, PodSpec, Toleration } from '../../../api/types/core-v1.generated.ts'
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

/** What became of specs that pods share. */
const shared = new WeakMap<PodSpec, PodSpec>()

const tolerating = (spec: PodSpec): PodSpec => {
  const given = spec.tolerations
  if (given === undefined) return { ...spec, tolerations: both }
  const added = both.filter((one) => !tolerates(given, one.key!))
  return added.length === 0 ? spec : { ...spec, tolerations: [...given, ...added] }
}

/** plugin/pkg/admission/defaulttolerationseconds */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: (operation, resource, subresource) => operation !== 'DELETE' && isPod(resource, subresource),
  mutate(_context, _attributes, object) {
    const pod = object as Pod
    // Of a body without a spec validation has its say.
    const spec: PodSpec = pod.spec ?? {}
    let next = shared.get(spec)
    if (next === undefined) {
      next = tolerating(spec)
      if (Object.isFrozen(spec)) shared.set(spec, deepFreeze(next))
    }
    return next === pod.spec ? pod : ({ ...pod, spec: next } as Pod)
  },
}
