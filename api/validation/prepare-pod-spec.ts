import { mirrorServiceAccount } from '../defaults/pod-spec.ts'
import { child, list, map, strings, struct, type View } from './view.ts'

type Labels = Readonly<Record<string, string>>

const addKeys = (selector: View, keys: readonly string[], operator: string, labels: Labels): View => {
  const added = keys.filter((key) => labels[key] !== undefined).map((key) => ({ key, operator, values: [labels[key]] }))
  return added.length === 0
    ? selector
    : { ...selector, matchExpressions: [...list(selector, 'matchExpressions'), ...added] }
}

const withKeys = (holder: View, labels: Labels): View => {
  const selector = child(holder, 'labelSelector')
  if (selector === undefined) return holder
  const matched = addKeys(selector, strings(holder, 'matchLabelKeys'), 'In', labels)
  const both = addKeys(matched, strings(holder, 'mismatchLabelKeys'), 'NotIn', labels)
  return both === selector ? holder : { ...holder, labelSelector: both }
}

const each = (holder: View, key: string, by: (item: View) => View): View => {
  const items = list(holder, key)
  const out = items.map(by)
  return out.every((item, i) => item === items[i]) ? holder : { ...holder, [key]: out }
}

const affinityWithKeys = (affinity: View, labels: Labels): View => {
  let out = affinity
  for (const key of ['podAffinity', 'podAntiAffinity']) {
    const own = child(affinity, key)
    if (own === undefined) continue
    const preferred = each(own, 'preferredDuringSchedulingIgnoredDuringExecution', (term) => {
      const inner = struct(term, 'podAffinityTerm')
      const next = withKeys(inner, labels)
      return next === inner ? term : { ...term, podAffinityTerm: next }
    })
    const next = each(preferred, 'requiredDuringSchedulingIgnoredDuringExecution', (term) => withKeys(term, labels))
    if (next !== own) out = { ...out, [key]: next }
  }
  return out
}

/** mutatePodAffinity, mutateTopologySpreadConstraints: label keys become part of the selectors when a pod is created. */
export const createPodSpec = (spec: View, labels: Labels): View => {
  let out: View = dropDisabledFields(mirrorServiceAccount(spec))
  const affinity = child(out, 'affinity')
  if (affinity !== undefined) {
    const next = affinityWithKeys(affinity, labels)
    if (next !== affinity) out = { ...out, affinity: next }
  }
  return each(out, 'topologySpreadConstraints', (constraint) => withKeys(constraint, labels))
}

const withoutStopSignal = (container: View): View => {
  const lifecycle = child(container, 'lifecycle')
  if (lifecycle?.['stopSignal'] === undefined) return container
  const { stopSignal: _, ...rest } = lifecycle
  if (Object.keys(rest).length > 0) return { ...container, lifecycle: rest }
  const { lifecycle: __, ...bare } = container
  return bare
}

const cleaned = new WeakMap<object, View>()

/** podutil.DropDisabledPodFields: fields of features that are off by default in v1.36. */
export const dropDisabledFields = (spec: View): View => {
  const known = cleaned.get(spec)
  if (known !== undefined && Object.isFrozen(spec)) return known
  let out = spec
  for (const key of ['containers', 'initContainers', 'ephemeralContainers']) out = each(out, key, withoutStopSignal)
  if (out['schedulingGroup'] !== undefined) {
    const { schedulingGroup: _, ...rest } = out
    out = rest
  }
  cleaned.set(spec, out)
  return out
}

/** A pod update through a subresource: only the given spec changes; metadata as ResetObjectMetaForStatus. */
export const resetForPodSubresource = (pod: View, old: View, spec: View): View => {
  const meta = struct(old, 'metadata')
  return {
    ...pod,
    metadata: {
      ...struct(pod, 'metadata'),
      deletionTimestamp: meta['deletionTimestamp'],
      generation: meta['generation'],
      labels: meta['labels'],
      annotations: meta['annotations'],
      finalizers: meta['finalizers'],
      ownerReferences: meta['ownerReferences'],
    },
    spec,
    status: old['status'],
  }
}

/** The labels of a pod template. */
export const templateLabels = (template: View | undefined): Labels => map(child(template, 'metadata'), 'labels')
