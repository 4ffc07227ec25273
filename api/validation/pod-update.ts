import { goDiff } from './go-diff.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { forbidden, invalid, required, type Cause } from './cause.ts'
import { inRange } from './field-causes.ts'
import { imageBlankCauses } from './container.ts'
import { tolerationCauses } from './tolerations.ts'
import { child, list, map, number, optionalNumber, struct, text, type View } from './view.ts'

const maxInt32 = 2147483647
const mirror = 'kubernetes.io/config.mirror'
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'

export const annotationCauses = (pod: View): Cause[] => {
  const annotations = map(struct(pod, 'metadata'), 'annotations')
  const causes: Cause[] = []
  if (annotations[mirror] !== undefined && text(struct(pod, 'spec'), 'nodeName') === '') {
    causes.push(
      invalid(
        `metadata.annotations[${mirror}]`,
        annotations[mirror],
        'must set spec.nodeName if mirror pod annotation is set',
      ),
    )
  }
  const cost = annotations[deletionCost]
  if (
    cost !== undefined &&
    !(/^(0|-?[1-9][0-9]*)$/.test(cost) && Number(cost) <= maxInt32 && Number(cost) >= -maxInt32 - 1)
  ) {
    causes.push(invalid(`metadata.annotations[${deletionCost}]`, cost, 'must be a 32bit integer'))
  }
  return causes
}

const podSpecDiff = (before: View, rest: View): string => goDiff(before, rest, 'io.k8s.api.core.v1.PodSpec')

/** ValidatePodSpecificAnnotationUpdates */
export const annotationUpdateCauses = (pod: View, old: View): Cause[] => {
  const now = map(struct(pod, 'metadata'), 'annotations')
  const before = map(struct(old, 'metadata'), 'annotations')
  const causes: Cause[] = []
  const appArmor = 'container.apparmor.security.beta.kubernetes.io/'
  for (const key in before) {
    if (now[key] === before[key]) continue
    if (key.startsWith(appArmor))
      causes.push(forbidden(`metadata.annotations[${key}]`, 'may not remove or update AppArmor annotations'))
    if (key === mirror)
      causes.push(forbidden(`metadata.annotations[${key}]`, 'may not remove or update mirror pod annotation'))
  }
  for (const key in now) {
    if (before[key] !== undefined) continue
    if (key.startsWith(appArmor))
      causes.push(forbidden(`metadata.annotations[${key}]`, 'may not add AppArmor annotations'))
    if (key === mirror) causes.push(forbidden(`metadata.annotations[${key}]`, 'may not add mirror pod annotation'))
  }
  return [...causes, ...annotationCauses(pod)]
}

const containerUpdateCauses = (spec: View, old: View, key: string): { causes: Cause[]; stop: boolean } => {
  const path = `spec.${key}`
  const now = list(spec, key)
  if (now.length !== list(old, key).length) {
    return { causes: [forbidden(path, 'pod updates may not add or remove containers')], stop: true }
  }
  const causes = now.flatMap((container, i) => [
    ...(text(container, 'image') === '' ? [required(`${path}[${i}].image`)] : []),
    ...imageBlankCauses(container, `${path}[${i}]`),
  ])
  return { causes, stop: false }
}

const tolerationUpdateCauses = (spec: View, old: View): Cause[] => {
  const path = 'spec.tolerations'
  const now = list(spec, 'tolerations')
  for (const before of list(old, 'tolerations')) {
    const kept = now.some((one) => structuralEqual({ ...before, tolerationSeconds: one['tolerationSeconds'] }, one))
    if (!kept) return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')]
  }
  return tolerationCauses(now, path)
}

const gateUpdateCauses = (spec: View, old: View): Cause[] => {
  const before = new Set(list(old, 'schedulingGates').map((gate) => text(gate, 'name')))
  return list(spec, 'schedulingGates').flatMap((gate, i) => {
    const name = text(gate, 'name')
    return before.has(name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${i}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ]
  })
}

const onlyAdds = (now: View, old: View): boolean =>
  ['matchExpressions', 'matchFields'].every((key) => {
    const before = list(old, key)
    return structuralEqual(list(now, key).slice(0, before.length), before)
  }) &&
  (list(old, 'matchExpressions').length + list(old, 'matchFields').length > 0 ||
    list(now, 'matchExpressions').length + list(now, 'matchFields').length === 0)

const nodeAffinityCauses = (now: View | undefined, old: View | undefined): Cause[] => {
  const key = 'requiredDuringSchedulingIgnoredDuringExecution'
  const path = `spec.affinity.nodeAffinity.${key}.nodeSelectorTerms`
  const before = list(child(old, key), 'nodeSelectorTerms')
  if (before.length === 0) return []
  const terms = list(child(now, key), 'nodeSelectorTerms')
  const type = 'io.k8s.api.core.v1.NodeSelectorTerm'
  if (terms.length !== before.length) {
    const shown = terms.length === 0 ? null : { typed: terms, type }
    return [invalid(path, shown, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')]
  }
  return before.flatMap((term, i) => {
    const own = terms[i] ?? {}
    return onlyAdds(own, term)
      ? []
      : [invalid(`${path}[${i}]`, { typed: own, type }, 'only additions are allowed (no mutations or deletions)')]
  })
}

const updatable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

const withImagesOf = (spec: View, old: View, key: string): readonly View[] | undefined =>
  spec[key] === undefined
    ? undefined
    : list(spec, key).map((container, i) => ({ ...container, image: list(old, key)[i]?.['image'] }))

/** What is left of a change when all that may change is put back. */
const munged = (spec: View, old: View, causes: Cause[]): View => {
  const out: Record<string, unknown> = {
    ...spec,
    containers: withImagesOf(spec, old, 'containers'),
    initContainers: withImagesOf(spec, old, 'initContainers'),
    activeDeadlineSeconds: old['activeDeadlineSeconds'],
    schedulingGates: old['schedulingGates'],
    tolerations: old['tolerations'],
  }
  if (number(old, 'terminationGracePeriodSeconds') < 0 && number(spec, 'terminationGracePeriodSeconds') === 1) {
    out['terminationGracePeriodSeconds'] = old['terminationGracePeriodSeconds']
  }
  if (list(old, 'schedulingGates').length === 0) return out
  const selector = map(spec, 'nodeSelector')
  const before = map(old, 'nodeSelector')
  if (!structuralEqual(selector, before)) {
    if (Object.keys(before).some((key) => selector[key] !== before[key])) {
      causes.push(
        invalid(
          'spec.nodeSelector',
          selector,
          'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ),
      )
    }
    out['nodeSelector'] = old['nodeSelector']
  }
  const affinity = child(spec, 'affinity')
  const oldAffinity = child(old, 'affinity')
  const node = child(affinity, 'nodeAffinity')
  const oldNode = child(oldAffinity, 'nodeAffinity')
  if (!structuralEqual(node, oldNode)) {
    causes.push(...nodeAffinityCauses(node, oldNode))
    const bare = child(affinity, 'podAffinity') === undefined && child(affinity, 'podAntiAffinity') === undefined
    out['affinity'] =
      affinity !== undefined && oldAffinity === undefined && bare ? undefined : { ...affinity, nodeAffinity: oldNode }
  }
  return out
}

/** ValidatePodUpdate from its annotations on. */
export const podUpdateCauses = (pod: View, old: View): Cause[] => {
  const spec = struct(pod, 'spec')
  const before = struct(old, 'spec')
  const causes = annotationUpdateCauses(pod, old)
  for (const key of ['containers', 'initContainers']) {
    const found = containerUpdateCauses(spec, before, key)
    causes.push(...found.causes)
    if (found.stop) return causes
  }
  const deadline = optionalNumber(spec, 'activeDeadlineSeconds')
  const oldDeadline = optionalNumber(before, 'activeDeadlineSeconds')
  const at = 'spec.activeDeadlineSeconds'
  if (deadline !== undefined) {
    const outside = inRange(deadline, 0, maxInt32, at)
    if (outside.length > 0) return [...causes, ...outside]
    if (oldDeadline !== undefined && oldDeadline < deadline) {
      return [...causes, invalid(at, deadline, 'must be less than or equal to previous value')]
    }
  } else if (oldDeadline !== undefined)
    causes.push(invalid(at, null, 'must not update from a positive integer to nil value'))
  causes.push(...tolerationUpdateCauses(spec, before), ...gateUpdateCauses(spec, before))
  if (structuralEqual(spec, before)) return causes
  const rest = munged(spec, before, causes)
  if (!structuralEqual(rest, before)) {
    causes.push(
      forbidden('spec', `pod updates may not change fields other than ${updatable}\n${podSpecDiff(before, rest)}`),
    )
  }
  return causes
}
