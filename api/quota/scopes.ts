import type { KubeObject } from '../object.ts'
import type { Pod, ResourceQuota } from '../types/core-v1.generated.ts'

interface ScopeRequirement {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

const compute = (pod: Pod): readonly (Readonly<Record<string, string>> | undefined)[] =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap((one) => [
    one.resources?.requests,
    one.resources?.limits,
  ])

const isBestEffort = (pod: Pod): boolean =>
  (pod.status?.qosClass ?? '') === 'BestEffort' ||
  ((pod.status?.qosClass ?? '') === '' &&
    compute(pod).every((list) => list?.['cpu'] === undefined && list?.['memory'] === undefined))

const matchesPriority = (pod: Pod, { operator, values = [] }: ScopeRequirement): boolean => {
  const name = pod.spec?.priorityClassName ?? ''
  switch (operator) {
    case 'In':
      return values.includes(name)
    case 'NotIn':
      return !values.includes(name)
    case 'Exists':
      return name !== ''
    default:
      return name === ''
  }
}

const matchesScope = (pod: Pod, requirement: ScopeRequirement): boolean => {
  const terminating = pod.spec?.activeDeadlineSeconds !== undefined
  switch (requirement.scopeName) {
    case 'Terminating':
      return terminating
    case 'NotTerminating':
      return !terminating
    case 'BestEffort':
      return isBestEffort(pod)
    case 'NotBestEffort':
      return !isBestEffort(pod)
    case 'PriorityClass':
      return matchesPriority(pod, requirement)
    case 'CrossNamespacePodAffinity': {
      const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {}
      return [podAffinity, podAntiAffinity].some((affinity) =>
        [
          ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
          ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => one.podAffinityTerm),
        ].some((term) => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined),
      )
    }
    default:
      return false
  }
}

/** generic.Matches: all scopes of a quota hold of the object. Only pods have scopes. */
export const matchesScopes = (quota: ResourceQuota, object: KubeObject): boolean => {
  const requirements: ScopeRequirement[] = [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...((quota.spec?.scopeSelector?.matchExpressions ?? []) as readonly ScopeRequirement[]),
  ]
  if (requirements.length === 0) return true
  return object.kind === 'Pod' && requirements.every((one) => matchesScope(object as Pod, one))
}
