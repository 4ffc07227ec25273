import { isDns1123Label } from '../names/dns-names.ts'
import { structuralEqual } from '../json/structural-equal.ts'
import { invalid, invalids, forbidden, notSupported, required, duplicate, type Cause } from './cause.ts'
import { immutable, labelCauses } from './object-meta.ts'
import { podTemplateCauses } from './pod-template.ts'
import { containerResourceNameCauses, noClaims, resourceRequirementCauses } from './resources.ts'
import type { Strategy } from './strategy.ts'
import { tolerationCauses } from './tolerations.ts'
import { child, flag, list, map, number, optionalNumber, optionalText, struct, text, type View } from './view.ts'

const highestUserPriority = 1_000_000_000
const systemClasses: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
])

/** IsKnownSystemPriorityClass: what is wrong with a class that bears a reserved name. */
const systemClassError = (object: View): string | undefined => {
  const name = text(struct(object, 'metadata'), 'name')
  const value = systemClasses.get(name)
  if (value === undefined) return `${name} is not a known system priority class`
  if (value !== number(object, 'value')) return `value of ${name} PriorityClass must be ${value}`
  return flag(object, 'globalDefault') ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

const priorityCauses = (object: View): Cause[] => {
  const causes: Cause[] = []
  if (text(struct(object, 'metadata'), 'name').startsWith('system-')) {
    const error = systemClassError(object)
    if (error !== undefined) {
      causes.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${error}`,
        ),
      )
    }
  } else if (number(object, 'value') > highestUserPriority) {
    causes.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestUserPriority}`))
  }
  const policy = optionalText(object, 'preemptionPolicy')
  if (policy === '') causes.push(required('preemptionPolicy'))
  else if (policy !== undefined && policy !== 'PreemptLowerPriority' && policy !== 'Never') {
    causes.push(notSupported('preemptionPolicy', policy, ['PreemptLowerPriority', 'Never']))
  }
  return causes
}

/** pkg/registry/scheduling/priorityclass/strategy.go */
export const priorityClassStrategy: Strategy = {
  generation: 'never',
  validate: priorityCauses,
  validateUpdate: (object, old) => [
    ...(number(object, 'value') === number(old, 'value')
      ? []
      : [forbidden('value', 'may not be changed in an update.')]),
    ...immutable('preemptionPolicy', object['preemptionPolicy'], old['preemptionPolicy']),
  ],
}

const leaseCauses = (object: View): Cause[] => {
  const spec = struct(object, 'spec')
  const causes: Cause[] = []
  const duration = optionalNumber(spec, 'leaseDurationSeconds')
  const transitions = optionalNumber(spec, 'leaseTransitions')
  if (duration !== undefined && duration <= 0) {
    causes.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
  }
  if (transitions !== undefined && transitions < 0) {
    causes.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'))
  }
  return causes
}

/** CoordinatedLeaderElection is off by default: its fields are dropped. */
const plainLease = (object: View): View => {
  const spec = child(object, 'spec')
  if (spec === undefined || (spec['strategy'] === undefined && spec['preferredHolder'] === undefined)) return object
  const { strategy: _, preferredHolder: __, ...rest } = spec
  return { ...object, spec: rest }
}

/** pkg/registry/coordination/lease/strategy.go */
export const leaseStrategy: Strategy = {
  prepareForCreate: plainLease,
  prepareForUpdate: plainLease,
  validate: leaseCauses,
  validateUpdate: leaseCauses,
}

const runtimeClassCauses = (object: View): Cause[] => {
  const handler = text(object, 'handler')
  const causes = handler === '' ? [required('handler')] : invalids('handler', handler, isDns1123Label(handler))
  const overhead = child(object, 'overhead')
  if (overhead !== undefined) {
    const limits = { limits: overhead['podFixed'] ?? {} }
    causes.push(...resourceRequirementCauses(limits, 'overhead', containerResourceNameCauses, noClaims))
  }
  const scheduling = child(object, 'scheduling')
  if (scheduling === undefined) return causes
  causes.push(...labelCauses(map(scheduling, 'nodeSelector'), 'scheduling.nodeSelector'))
  const tolerations = list(scheduling, 'tolerations')
  causes.push(...tolerationCauses(tolerations, 'scheduling.tolerations'))
  tolerations.forEach((toleration, i) => {
    const same = (one: View): boolean =>
      ['key', 'operator', 'value', 'effect'].every((key) => one[key] === toleration[key])
    if (tolerations.slice(0, i).some(same)) {
      causes.push(
        duplicate(`scheduling.tolerations[${i}]`, { typed: toleration, type: 'io.k8s.api.core.v1.Toleration' }),
      )
    }
  })
  return causes
}

/** pkg/registry/node/runtimeclass/strategy.go */
export const runtimeClassStrategy: Strategy = {
  validate: runtimeClassCauses,
  revalidates: 'before',
  validateUpdate: (object, old) => immutable('handler', object['handler'], old['handler']),
}

/** pkg/registry/core/serviceaccount/strategy.go: of a secret reference only the name is kept. */
const cleanSecrets = (object: View): View => {
  const secrets = list(object, 'secrets')
  if (secrets.every((one) => Object.keys(one).every((key) => key === 'name'))) return object
  return { ...object, secrets: secrets.map((one) => ({ name: one['name'] })) }
}

export const serviceAccountStrategy: Strategy = {
  prepareForCreate: cleanSecrets,
  prepareForUpdate: cleanSecrets,
  revalidates: 'after',
}

const templateCauses = (object: View): Cause[] => podTemplateCauses(struct(object, 'template'), 'template')

/** pkg/registry/core/podtemplate/strategy.go */
export const podTemplateStrategy: Strategy = {
  generation: (object, old) => !structuralEqual(object['template'], old['template']),
  validate: templateCauses,
  validateUpdate: templateCauses,
}
