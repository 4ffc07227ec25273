import { structuralEqual } from '../../json/structural-equal.ts'
import { goQuote } from '../../names/go-quote.ts'
import { child, list, map, optionalNumber, strings, struct, text, type View } from '../view.ts'
import { ipWarnings } from './addresses.ts'
import { containersOf, containerWarnings, portWarnings } from './containers.ts'
import { claimSpecWarnings, fractionalWarning } from './fractional.ts'
import { nodeLabelProblem, nodeSelectorWarnings, nodeTermWarnings } from './node-labels.ts'
import { overlappingPathWarnings, retiredVolumeWarnings } from './volumes.ts'

const annotations = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
] as const
const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod'
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/'
const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/'

const nodeAffinityWarnings = (spec: View, path: string): readonly string[] => {
  const affinity = child(child(spec, 'affinity'), 'nodeAffinity')
  if (affinity === undefined) return []
  const base = `${path}.affinity.nodeAffinity`
  const required = 'requiredDuringSchedulingIgnoredDuringExecution'
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
  return [
    ...list(child(affinity, required), 'nodeSelectorTerms').flatMap((term, i) =>
      nodeTermWarnings(term, false, `${base}.${required}.nodeSelectorTerms[${i}]`),
    ),
    ...list(affinity, preferred).flatMap((term, i) =>
      nodeTermWarnings(child(term, 'preference'), true, `${base}.${preferred}[${i}].preference`),
    ),
  ]
}

const spreadWarnings = (spec: View, path: string): readonly string[] =>
  list(spec, 'topologySpreadConstraints').flatMap((constraint, i) => {
    const key = text(constraint, 'topologyKey')
    const problem = nodeLabelProblem(key)
    const here = `${path}.topologySpreadConstraints[${i}]`
    return [
      ...(problem === undefined ? [] : [`${here}.topologyKey: ${key} is ${problem}`]),
      ...(child(constraint, 'labelSelector') === undefined ? [nullSelector(`${here}.labelSelector`)] : []),
    ]
  })

const nullSelector = (path: string): string => `${path}: a null labelSelector results in matching no pod`

/** Items of a list whose names come twice. */
const duplicates = (items: readonly View[], field: string, path: string, what: string): readonly string[] => {
  const seen = new Set<string>()
  const warnings: string[] = []
  for (const [i, item] of items.entries()) {
    const value = text(item, field)
    if (seen.has(value)) warnings.push(`${path}[${i}].${field}: duplicate ${what} ${goQuote(value)}`)
    seen.add(value)
  }
  return warnings
}

const podAffinityWarnings = (spec: View, path: string): readonly string[] => {
  const affinity = child(spec, 'affinity')
  if (affinity === undefined) return []
  return ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const terms = child(affinity, kind)
    const base = `${path}.affinity.${kind}`
    const required = 'requiredDuringSchedulingIgnoredDuringExecution'
    const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
    return [
      ...list(terms, required).flatMap((term, i) =>
        child(term, 'labelSelector') === undefined ? [nullSelector(`${base}.${required}[${i}].labelSelector`)] : [],
      ),
      ...list(terms, preferred).flatMap((term, i) =>
        child(child(term, 'podAffinityTerm'), 'labelSelector') === undefined
          ? [nullSelector(`${base}.${preferred}[${i}].podAffinityTerm.labelSelector`)]
          : [],
      ),
    ]
  })
}

/** pkg/api/pod ApparmorFieldForAnnotation */
const appArmorField = (annotation: string): View | undefined => {
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' }
  if (annotation === 'unconfined') return { type: 'Unconfined' }
  const local = /^localhost\/(.+)$/.exec(annotation)
  return local === null ? undefined : { type: 'Localhost', localhostProfile: local[1] }
}

/** Annotations that a field has replaced. Of AppArmor only a template is told here, of a pod another mechanism tells. */
const annotationWarnings = (spec: View, meta: View, prefix: string): readonly string[] => {
  const given = map(meta, 'annotations')
  const warnings: string[] = []
  const podSecurity = child(spec, 'securityContext')
  const at = (key: string): string => `${prefix}metadata.annotations[${key}]`
  if (child(podSecurity, 'seccompProfile') === undefined && given[podSeccomp] !== undefined) {
    warnings.push(`${at(podSeccomp)}: non-functional in v1.27+; use the "seccompProfile" field instead`)
  }
  return warnings
}

const containerAnnotationWarnings = (spec: View, meta: View, container: View, prefix: string): readonly string[] => {
  const given = map(meta, 'annotations')
  const name = text(container, 'name')
  const warnings: string[] = []
  const security = child(container, 'securityContext')
  const seccomp = containerSeccomp + name
  if (child(security, 'seccompProfile') === undefined && given[seccomp] !== undefined) {
    warnings.push(
      `${prefix}metadata.annotations[${seccomp}]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    )
  }
  const appArmor = containerAppArmor + name
  const annotation = given[appArmor]
  if (prefix !== '' && child(security, 'appArmorProfile') === undefined && annotation !== undefined) {
    const profile = child(child(spec, 'securityContext'), 'appArmorProfile')
    if (profile === undefined || !structuralEqual(profile, appArmorField(annotation))) {
      warnings.push(
        `${prefix}metadata.annotations[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
      )
    }
  }
  return warnings
}

/** What was told of frozen specs of pods without annotations, which all pods of a template share. */
const told = new WeakMap<object, readonly string[]>()

/** pkg/api/pod/warnings.go, warningsForPodSpecAndMeta. `prefix` is the template's path with a dot, or nothing for a pod. */
export const podSpecWarnings = (pod: View, prefix: string): readonly string[] => {
  const spec = struct(pod, 'spec')
  const meta = struct(pod, 'metadata')
  if (prefix !== '' || child(meta, 'annotations') !== undefined || !Object.isFrozen(spec))
    return warningsOf(spec, meta, prefix)
  let warnings = told.get(spec)
  if (warnings === undefined) told.set(spec, (warnings = warningsOf(spec, meta, prefix)))
  return warnings
}

const warningsOf = (spec: View, meta: View, prefix: string): readonly string[] => {
  const path = `${prefix}spec`
  const given = child(meta, 'annotations')
  const volumes = list(spec, 'volumes')
  const aliases = list(spec, 'hostAliases')
  const pullSecrets = list(spec, 'imagePullSecrets')
  const overhead = child(spec, 'overhead')
  const containers = containersOf(spec, path)
  const grace = optionalNumber(spec, 'terminationGracePeriodSeconds')
  return [
    ...nodeSelectorWarnings(map(spec, 'nodeSelector'), (key, problem) => `${path}.nodeSelector[${key}]: ${problem}`),
    ...nodeAffinityWarnings(spec, path),
    ...spreadWarnings(spec, path),
    ...annotations
      .filter(([key]) => given?.[key] !== undefined)
      .map(([key, why]) => `${prefix}metadata.annotations[${key}]: ${why}`),
    ...volumes.flatMap((volume, i) =>
      retiredVolumeWarnings(volume, `${path}.volumes[${i}]`, () => {
        const claim = child(child(volume, 'ephemeral'), 'volumeClaimTemplate')
        return claimSpecWarnings(child(claim, 'spec'), `${path}.volumes[${i}].ephemeral.volumeClaimTemplate.spec`)
      }),
    ),
    ...overlappingPathWarnings(volumes),
    ...duplicates(aliases, 'ip', `${path}.hostAliases`, 'ip'),
    ...duplicates(pullSecrets, 'name', `${path}.imagePullSecrets`, 'name'),
    ...pullSecrets.flatMap((secret, i) =>
      text(secret, 'name') === '' ? [`${path}.imagePullSecrets[${i}].name: invalid empty name ""`] : [],
    ),
    ...fractionalWarning(overhead, 'memory', `${path}.overhead`),
    ...fractionalWarning(overhead, 'ephemeral-storage', `${path}.overhead`),
    ...(given === undefined ? [] : annotationWarnings(spec, meta, prefix)),
    ...containers.flatMap((placed) => [
      ...(given === undefined ? [] : containerAnnotationWarnings(spec, meta, placed.container, prefix)),
      ...containerWarnings(placed),
    ]),
    ...portWarnings(containers),
    ...(grace !== undefined && grace < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...podAffinityWarnings(spec, path),
    ...strings(child(spec, 'dnsConfig'), 'nameservers').flatMap((server, i) =>
      ipWarnings(`${path}.dnsConfig.nameservers[${i}]`, server),
    ),
    ...aliases.flatMap((alias, i) => ipWarnings(`${path}.hostAliases[${i}].ip`, text(alias, 'ip'))),
  ]
}
