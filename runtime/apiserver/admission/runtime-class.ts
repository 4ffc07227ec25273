import { structuralEqual } from '../../../api/json/structural-equal.ts'
import type { Pod, Toleration } from '../../../api/types/core-v1.generated.ts'
import type { RuntimeClass } from '../../../api/types/node-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import { isRefusal, type Refusal } from '../status.ts'
import { forbid, isPod } from './forbid.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'

const kind = 'node.k8s.io/v1/RuntimeClass'

const classOf = (context: ServerContext, attributes: Attributes, pod: Pod): RuntimeClass | Refusal | undefined => {
  const name = pod.spec?.runtimeClassName
  if (name === undefined) return undefined
  const resource = context.scheme().byKind(kind)!
  const found = (context.lookup(kind, undefined, name) ?? context.etcd.get(resource, name)?.value) as
    RuntimeClass | undefined
  return found ?? forbid(attributes, pod, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
}

/** tolerations.MergeTolerations: what another one covers is left out. */
const mergeTolerations = (first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] => {
  const all = [...first, ...second]
  return all.filter(
    (one, index) => !all.some((other, at) => at !== index && covers(other, one) && (at < index || !covers(one, other))),
  )
}

const covers = (wide: Toleration, narrow: Toleration): boolean => {
  if (structuralEqual(wide, narrow)) return true
  if ((wide.key ?? '') !== '' && wide.key !== narrow.key) return false
  if ((wide.effect ?? '') !== '' && wide.effect !== narrow.effect) return false
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || wide.tolerationSeconds < narrow.tolerationSeconds) return false
  }
  if (wide.operator === 'Exists') return true
  return (narrow.operator ?? 'Equal') === 'Equal' && (wide.value ?? '') === (narrow.value ?? '')
}

/** plugin/pkg/admission/runtimeclass */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  handles: (operation, resource, subresource) => operation === 'CREATE' && isPod(resource, subresource),
  mutate(context, attributes, object) {
    const pod = object as Pod
    const found = classOf(context, attributes, pod)
    if (found === undefined) return pod
    if (isRefusal(found)) return found
    let spec = pod.spec
    const fixed = found.overhead?.podFixed
    if (found.overhead !== undefined) {
      if (
        spec.overhead !== undefined &&
        Object.keys(spec.overhead).length > 0 &&
        !structuralEqual(spec.overhead, fixed)
      ) {
        return forbid(attributes, pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
      }
      if (fixed !== undefined) spec = { ...spec, overhead: fixed }
    }
    if (found.scheduling !== undefined) {
      const selector = found.scheduling.nodeSelector
      for (const key of Object.keys(selector ?? {}).sort()) {
        const own = spec.nodeSelector?.[key]
        if (own !== undefined && own !== selector![key]) {
          return forbid(
            attributes,
            pod,
            `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${selector![key]!}; pod.spec.nodeSelector[${key}] = ${own}`,
          )
        }
      }
      if (selector !== undefined) spec = { ...spec, nodeSelector: { ...spec.nodeSelector, ...selector } }
      const tolerations = mergeTolerations(spec.tolerations ?? [], found.scheduling.tolerations ?? [])
      if (tolerations.length > 0) spec = { ...spec, tolerations }
    }
    return { ...pod, spec }
  },
  validate(context, attributes, object) {
    const pod = object as Pod
    const found = classOf(context, attributes, pod)
    if (isRefusal(found)) return found
    if (found?.overhead !== undefined) {
      if (structuralEqual(found.overhead.podFixed, pod.spec?.overhead)) return undefined
      return forbid(attributes, pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
    }
    if (pod.spec?.overhead === undefined) return undefined
    return forbid(attributes, pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
  },
}
