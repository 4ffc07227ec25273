import { deepFreeze } from '../../../api/json/deep-freeze.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Pod, PodSpec } from '../../../api/types/core-v1.generated.ts'
import type { PriorityClass } from '../../../api/types/scheduling-v1.generated.ts'
import type { ServerContext } from '../server-context.ts'
import type { Refusal } from '../status.ts'
import { forbid, isPod } from './forbid.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'

const kind = 'scheduling.k8s.io/v1/PriorityClass'

/** The global default; with several the one of the lowest value. */
const defaultClass = (context: ServerContext): PriorityClass | undefined => {
  let found: PriorityClass | undefined
  for (const object of context.lookupAll(kind)) {
    const one = object as PriorityClass
    if (one.globalDefault === true && (found === undefined || (found.value ?? 0) > (one.value ?? 0))) found = one
  }
  return found
}

/** What became of specs that pods share. */
const shared = new WeakMap<PodSpec, { readonly by: PriorityClass | undefined; readonly spec: PodSpec }>()

const admitPod = (context: ServerContext, attributes: Attributes, pod: Pod): KubeObject | Refusal => {
  const spec = pod.spec
  const wanted = spec.priorityClassName ?? ''
  const resource = context.scheme().byKind(kind)!
  const found =
    wanted === ''
      ? defaultClass(context)
      : ((context.lookup(kind, undefined, wanted) ?? context.etcd.get(resource, wanted)?.value) as
          PriorityClass | undefined)
  if (wanted !== '' && found === undefined)
    return forbid(attributes, pod, `no PriorityClass with name ${wanted} was found`)
  const priority = found?.value ?? 0
  const policy = found === undefined ? 'PreemptLowerPriority' : found.preemptionPolicy
  if (spec.priority !== undefined && spec.priority !== priority) {
    return forbid(
      attributes,
      pod,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    )
  }
  if (policy !== undefined && spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    return forbid(
      attributes,
      pod,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  }
  const known = shared.get(spec)
  if (known !== undefined && known.by === found) return { ...pod, spec: known.spec } as Pod
  const ranked = {
    ...spec,
    ...(found === undefined ? {} : { priorityClassName: found.metadata.name }),
    priority,
    ...(policy === undefined ? {} : { preemptionPolicy: policy }),
  } as PodSpec
  if (Object.isFrozen(spec)) shared.set(spec, { by: found, spec: deepFreeze(ranked) })
  return { ...pod, spec: ranked } as Pod
}

/** plugin/pkg/admission/priority */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  handles: (operation, resource, subresource) =>
    operation !== 'DELETE' && (isPod(resource, subresource) || (resource.id === kind && subresource === '')),
  mutate(context, attributes, object) {
    if (attributes.resource.id === kind) return object
    const pod = object as Pod
    if (attributes.operation === 'CREATE') return admitPod(context, attributes, pod)
    const old = (attributes.old as Pod).spec
    const { spec } = pod
    if (
      (spec?.priority !== undefined || old?.priority === undefined) &&
      (spec?.preemptionPolicy !== undefined || old?.preemptionPolicy === undefined)
    )
      return pod
    return {
      ...pod,
      spec: {
        ...spec,
        ...(spec?.priority === undefined && old?.priority !== undefined ? { priority: old.priority } : {}),
        ...(spec?.preemptionPolicy === undefined && old?.preemptionPolicy !== undefined
          ? { preemptionPolicy: old.preemptionPolicy }
          : {}),
      },
    } as Pod
  },
  validate(context, attributes, object) {
    if (attributes.resource.id !== kind || (object as PriorityClass).globalDefault !== true) return undefined
    const other = defaultClass(context)
    if (other === undefined) return undefined
    if (attributes.operation === 'UPDATE' && other.metadata.name === object!.metadata.name) return undefined
    return forbid(
      attributes,
      object,
      `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
    )
  },
}
