import { structuralEqual } from '../json/structural-equal.ts'
import { isDns1123Label } from '../names/dns-names.ts'
import { invalid, required, type Cause } from './cause.ts'
import { jobSpecCauses } from './job-spec.ts'
import { jobStatusCauses } from './job-status.ts'
import { labelSelectorCauses } from './label-selector.ts'
import { immutable } from './object-meta.ts'
import { isBrokenSelector, matchCauses, selects } from './pod-template.ts'
import type { Strategy } from './strategy.ts'
import { child, flag, list, map, number, optionalNumber, struct, text, type View } from './view.ts'

const uidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid']
const nameLabels = ['job-name', 'batch.kubernetes.io/job-name']

/** generateSelector: a Job selects its pods by its uid. */
const withSelector = (job: View): View => {
  const spec = struct(job, 'spec')
  if (flag(spec, 'manualSelector')) return job
  const meta = struct(job, 'metadata')
  const template = struct(spec, 'template')
  const labels: Record<string, string> = { ...map(struct(template, 'metadata'), 'labels') }
  for (const key of nameLabels) labels[key] ??= text(meta, 'name')
  for (const key of uidLabels) labels[key] ??= text(meta, 'uid')
  const selector = struct(spec, 'selector')
  const matchLabels: Record<string, string> = { ...map(selector, 'matchLabels') }
  matchLabels['batch.kubernetes.io/controller-uid'] ??= text(meta, 'uid')
  return {
    ...job,
    // A Job without labels got its template's when it was defaulted: one map in Go, so what is added shows in both.
    ...(meta['labels'] !== undefined && meta['labels'] === struct(template, 'metadata')['labels']
      ? { metadata: { ...meta, labels } }
      : undefined),
    spec: {
      ...spec,
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...struct(template, 'metadata'), labels } },
    },
  }
}

const hasLabel = (template: View, key: string, value: string): Cause[] => {
  const path = 'spec.template.metadata.labels'
  const found = map(struct(template, 'metadata'), 'labels')[key]
  if (found === undefined) return [required(path, `must be '${value}'`)]
  return found === value ? [] : [invalid(path, struct(template, 'metadata')['labels'], `must be '${value}'`)]
}

const selectorCauses = (job: View): Cause[] => {
  const spec = struct(job, 'spec')
  const selector = child(spec, 'selector')
  if (flag(spec, 'manualSelector') || selector === undefined) return []
  const meta = struct(job, 'metadata')
  const uid = text(meta, 'uid')
  const name = text(meta, 'name')
  const template = struct(spec, 'template')
  const expected = Object.fromEntries([
    ...uidLabels.map((key) => [key, uid]),
    ...nameLabels.map((key) => [key, name]),
  ]) as Record<string, string>
  return [
    ...(uid === '' ? [required('metadata.uid')] : []),
    ...hasLabel(template, 'controller-uid', uid),
    ...hasLabel(template, 'job-name', name),
    ...hasLabel(template, 'batch.kubernetes.io/controller-uid', uid),
    ...hasLabel(template, 'batch.kubernetes.io/job-name', name),
    ...(isBrokenSelector(selector) || selects(selector, expected)
      ? []
      : [invalid('spec.selector', selector, '`selector` not auto-generated')]),
  ]
}

/** ValidateJobSpec */
const specCauses = (spec: View): Cause[] => {
  const selector = child(spec, 'selector')
  return [
    ...jobSpecCauses(spec, 'spec'),
    ...(selector === undefined ? [required('spec.selector')] : labelSelectorCauses(selector, 'spec.selector')),
    ...(isBrokenSelector(selector) ? [] : matchCauses(selector, struct(spec, 'template'), 'spec.template')),
  ]
}

const jobCauses = (job: View): Cause[] => {
  const spec = struct(job, 'spec')
  const causes = [...selectorCauses(job), ...specCauses(spec)]
  const completions = number(spec, 'completions')
  if (text(spec, 'completionMode') === 'Indexed' && completions > 0) {
    const name = text(struct(job, 'metadata'), 'name')
    const host = `${name}-${completions - 1}`
    if (isDns1123Label(host).length > 0) {
      causes.push(invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${host}`))
    }
  }
  return causes
}

const completionCauses = (spec: View, old: View): Cause[] => {
  const now = optionalNumber(spec, 'completions')
  if (text(spec, 'completionMode') !== 'Indexed')
    return immutable('spec.completions', now ?? null, optionalNumber(old, 'completions') ?? null)
  if (now === undefined || now === optionalNumber(old, 'completions') || now === number(spec, 'parallelism')) return []
  return [invalid('spec.completions', now, 'can only be modified in tandem with spec.parallelism')]
}

const directives = ['nodeSelector', 'tolerations', 'schedulingGates']

/** The old template with the scheduling directives of the new one. */
const redirected = (old: View, now: View): View => {
  const spec = struct(now, 'spec')
  const before = struct(old, 'spec')
  const out: Record<string, unknown> = { ...before }
  for (const key of directives) out[key] = spec[key]
  const affinity = child(spec, 'affinity')
  const oldAffinity = child(before, 'affinity')
  const merged = { ...oldAffinity, nodeAffinity: affinity?.['nodeAffinity'] }
  const bare = Object.values(merged).every((value) => value === undefined)
  out['affinity'] = affinity === undefined && bare ? undefined : merged
  if (affinity === undefined && oldAffinity === undefined) out['affinity'] = undefined
  return {
    ...old,
    metadata: {
      ...struct(old, 'metadata'),
      annotations: struct(now, 'metadata')['annotations'],
      labels: struct(now, 'metadata')['labels'],
    },
    spec: out,
  }
}

const withResources = (spec: View, old: View): View => {
  const out: Record<string, unknown> = { ...old }
  for (const key of ['containers', 'initContainers']) {
    const now = list(spec, key)
    const before = list(old, key)
    if (now.length === 0 || now.length !== before.length) continue
    out[key] = before.map((container, i) =>
      text(container, 'name') === text(now[i], 'name') ? { ...container, resources: now[i]?.['resources'] } : container,
    )
  }
  return out
}

const suspendedStatus = (job: View): boolean =>
  list(struct(job, 'status'), 'conditions').some(
    (one) => text(one, 'type') === 'Suspended' && text(one, 'status') === 'True',
  )

/** validatePodTemplateUpdate: a suspended Job that runs nothing may change how its pods are placed and what they ask for. */
const templateCauses = (job: View, old: View): Cause[] => {
  const spec = struct(job, 'spec')
  const before = struct(old, 'spec')
  const now = struct(spec, 'template')
  let was = struct(before, 'template')
  const suspended = flag(before, 'suspend')
  const idle = struct(old, 'status')['startTime'] === undefined || suspendedStatus(old)
  const active = number(struct(old, 'status'), 'active') > 0
  if (suspended && idle && !active) was = redirected(was, now)
  if (suspended && !active) {
    const resourced = withResources(struct(now, 'spec'), struct(was, 'spec'))
    return structuralEqual(struct(now, 'spec'), resourced)
      ? []
      : [
          invalid(
            'spec.template.spec',
            { typed: struct(now, 'spec'), type: 'io.k8s.api.core.v1.PodSpec' },
            'field is immutable',
          ),
        ]
  }
  return structuralEqual(now, was)
    ? []
    : [invalid('spec.template', { typed: now, type: 'io.k8s.api.core.v1.PodTemplateSpec' }, 'field is immutable')]
}

const policy = (spec: View, key: string, type: string): unknown => {
  const value = child(spec, key)
  return value === undefined ? undefined : { typed: value, type }
}

const specUpdateCauses = (job: View, old: View): Cause[] => {
  const spec = struct(job, 'spec')
  const before = struct(old, 'spec')
  const causes = [
    ...specCauses(spec),
    ...completionCauses(spec, before),
    ...immutable('spec.selector', spec['selector'], before['selector']),
    ...templateCauses(job, old),
  ]
  const fixed: readonly (readonly [key: string, shown: unknown])[] = [
    ['completionMode', spec['completionMode']],
    ['podFailurePolicy', policy(spec, 'podFailurePolicy', 'io.k8s.api.batch.v1.PodFailurePolicy')],
    ['backoffLimitPerIndex', spec['backoffLimitPerIndex']],
    ['managedBy', spec['managedBy']],
    ['successPolicy', policy(spec, 'successPolicy', 'io.k8s.api.batch.v1.SuccessPolicy')],
  ]
  for (const [key, shown] of fixed) {
    if (!structuralEqual(spec[key], before[key])) causes.push(invalid(`spec.${key}`, shown, 'field is immutable'))
  }
  return causes
}

/** pkg/registry/batch/job/strategy.go, pkg/apis/batch/validation */
export const jobStrategy: Strategy = {
  prepareForCreate: withSelector,
  validate: jobCauses,
  revalidates: 'before',
  validateUpdate: specUpdateCauses,
  validateStatus: jobStatusCauses,
}
