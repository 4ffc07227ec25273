import { structuralEqual } from '../json/structural-equal.ts'
import { isDns1123Label } from '../names/dns-names.ts'
import { claimSpecCauses } from './claim-spec.ts'
import { dnsLabelCauses, nonNegative } from './field-causes.ts'
import { forbidden, invalid, notSupported, required, type Cause } from './cause.ts'
import { labelSelectorCauses } from './label-selector.ts'
import {
  isBrokenSelector,
  isEmptySelector,
  matchCauses,
  podTemplateCauses,
  restartAlwaysCauses,
} from './pod-template.ts'
import { annotationCauses, labelCauses } from './object-meta.ts'
import { atMost, collisionCauses, countCauses } from './replica-status.ts'
import type { Strategy } from './strategy.ts'
import { child, list, map, number, optionalNumber, struct, text, type View } from './view.ts'

const strategyCauses = (strategy: View, path: string): Cause[] => {
  const update = child(strategy, 'rollingUpdate')
  const type = text(strategy, 'type')
  const shown = (typed: View, name: string): unknown => ({ typed, type: `io.k8s.api.apps.v1.${name}` })
  switch (type) {
    case '':
      return [required(path)]
    case 'OnDelete':
      return update === undefined
        ? []
        : [
            invalid(
              `${path}.rollingUpdate`,
              shown(update, 'RollingUpdateStatefulSetStrategy'),
              "only allowed for updateStrategy 'RollingUpdate'",
            ),
          ]
    case 'RollingUpdate':
      return update === undefined ? [] : nonNegative(number(update, 'partition'), `${path}.rollingUpdate.partition`)
    default:
      return [invalid(path, shown(strategy, 'StatefulSetUpdateStrategy'), "must be 'RollingUpdate' or 'OnDelete'")]
  }
}

const retentionCauses = (policy: View | undefined, path: string): Cause[] =>
  policy === undefined
    ? []
    : ['whenDeleted', 'whenScaled'].flatMap((key) => {
        const value = text(policy, key)
        return value === 'Retain' || value === 'Delete'
          ? []
          : [notSupported(`${path}.${key}`, value, ['Retain', 'Delete'])]
      })

/** The template as its pods will be: with the volumes of the claim templates, without what the controller sets. */
const podTemplate = (spec: View): View => {
  const template = struct(spec, 'template')
  const claims = list(spec, 'volumeClaimTemplates')
  const pod = struct(template, 'spec')
  if (claims.length === 0 && text(pod, 'hostname') === '' && text(pod, 'subdomain') === '') return template
  const names = new Set(claims.map((claim) => text(struct(claim, 'metadata'), 'name')))
  const { hostname: _, subdomain: __, ...rest } = pod
  const volumes = [
    ...[...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...list(pod, 'volumes').filter((volume) => !names.has(text(volume, 'name'))),
  ]
  return { ...template, spec: { ...rest, ...(volumes.length === 0 ? undefined : { volumes }) } }
}

interface Lenience {
  readonly serviceName: boolean
  readonly claims: boolean
  readonly template: boolean
}

const specCauses = (spec: View, skip: Lenience): Cause[] => {
  const causes: Cause[] = []
  const management = text(spec, 'podManagementPolicy')
  if (management === '') causes.push(required('spec.podManagementPolicy'))
  else if (management !== 'OrderedReady' && management !== 'Parallel') {
    causes.push(invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"))
  }
  causes.push(...strategyCauses(struct(spec, 'updateStrategy'), 'spec.updateStrategy'))
  causes.push(
    ...retentionCauses(
      child(spec, 'persistentVolumeClaimRetentionPolicy'),
      'spec.persistentVolumeClaimRetentionPolicy',
    ),
  )
  if (!skip.claims) {
    list(spec, 'volumeClaimTemplates').forEach((claim, i) =>
      causes.push(...claimSpecCauses(struct(claim, 'spec'), `spec.volumeClaimTemplates[${i}].spec`)),
    )
  }
  causes.push(...nonNegative(optionalNumber(spec, 'replicas'), 'spec.replicas'))
  causes.push(...nonNegative(optionalNumber(spec, 'minReadySeconds'), 'spec.minReadySeconds'))
  const ordinals = child(spec, 'ordinals')
  if (ordinals !== undefined) causes.push(...nonNegative(number(ordinals, 'start'), 'spec.ordinals.start'))
  const service = text(spec, 'serviceName')
  if (!skip.serviceName && service !== '') causes.push(...dnsLabelCauses(service, 'spec.serviceName'))
  const selector = child(spec, 'selector')
  if (selector === undefined) causes.push(required('spec.selector'))
  else {
    causes.push(...labelSelectorCauses(selector, 'spec.selector'))
    if (isEmptySelector(selector))
      causes.push(invalid('spec.selector', selector, 'empty selector is invalid for statefulset'))
  }
  const template = struct(spec, 'template')
  const at = 'spec.template'
  if (isBrokenSelector(selector)) causes.push(invalid('spec.selector', selector, ''))
  else {
    const meta = struct(template, 'metadata')
    causes.push(...matchCauses(selector, template, at))
    if (!skip.template) causes.push(...podTemplateCauses(podTemplate(spec), at))
    causes.push(
      ...labelCauses(map(meta, 'labels'), `${at}.labels`),
      ...annotationCauses(map(meta, 'annotations'), `${at}.annotations`),
    )
  }
  causes.push(...restartAlwaysCauses(template, at, 'StatefulSet'))
  return causes
}

const mutable = new Set([
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
])
const fixed = (spec: View): View => Object.fromEntries(Object.entries(spec).filter(([key]) => !mutable.has(key)))

const updateCauses = (object: View, old: View): Cause[] => {
  const spec = struct(object, 'spec')
  const before = struct(old, 'spec')
  const lenient = { serviceName: true, claims: true, template: false }
  const broken = specCauses(before, lenient).length > 0
  const causes = specCauses(spec, { ...lenient, template: broken })
  if (!structuralEqual(fixed(spec), fixed(before))) {
    causes.push(
      forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    )
  }
  return causes
}

/** Claim templates are claims with their kind; MaxUnavailableStatefulSet is off by default. */
const normal = (object: View): View => {
  const spec = struct(object, 'spec')
  const update = child(struct(spec, 'updateStrategy'), 'rollingUpdate')
  const claims = list(spec, 'volumeClaimTemplates')
  let out: View = spec
  if (claims.some((claim) => claim['kind'] === undefined || claim['apiVersion'] === undefined)) {
    out = {
      ...out,
      volumeClaimTemplates: claims.map((claim) => ({ ...claim, kind: 'PersistentVolumeClaim', apiVersion: 'v1' })),
    }
  }
  if (update?.['maxUnavailable'] !== undefined) {
    const { maxUnavailable: _, ...rest } = update
    out = { ...out, updateStrategy: { ...struct(spec, 'updateStrategy'), rollingUpdate: rest } }
  }
  return out === spec ? object : { ...object, spec: out }
}

const statusCauses = (object: View, old: View): Cause[] => {
  const status = struct(object, 'status')
  const limit = 'cannot be greater than status.replicas'
  return [
    ...countCauses(status, [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ]),
    ...['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'].flatMap((key) =>
      atMost(status, key, 'replicas', limit),
    ),
    ...atMost(status, 'availableReplicas', 'readyReplicas', 'cannot be greater than status.readyReplicas'),
    ...collisionCauses(object, old),
  ]
}

/** pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/validation */
export const statefulSetStrategy: Strategy = {
  // ValidateStatefulSetName: pods are named after it.
  name: (name, prefix) => isDns1123Label(prefix && name.endsWith('-') ? `${name.slice(0, -2)}a` : name),
  prepareForCreate: normal,
  prepareForUpdate: normal,
  validate: (object) => specCauses(struct(object, 'spec'), { serviceName: false, claims: false, template: false }),
  validateUpdate: updateCauses,
  validateStatus: statusCauses,
}
