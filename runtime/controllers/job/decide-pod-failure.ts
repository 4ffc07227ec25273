import type { Job } from '../../../api/types/batch-v1.generated.ts'
import type { ContainerStatus, Pod } from '../../../api/types/core-v1.generated.ts'

// pkg/controller/job/pod_failure_policy.go

type Rule = NonNullable<Job['spec']['podFailurePolicy']>['rules'][number]

export interface FailureVerdict {
  /** Why the whole Job fails. */
  readonly failJob?: string
  readonly counts: boolean
  readonly action?: string
}

const matchingContainer = (
  statuses: readonly ContainerStatus[] | undefined,
  rule: NonNullable<Rule['onExitCodes']>,
): ContainerStatus | undefined =>
  statuses?.find(({ name, state }) => {
    const code = state?.terminated?.exitCode
    if (code === undefined || code === 0) return false
    if (rule.containerName !== undefined && rule.containerName !== name) return false
    if (rule.operator === 'In') return rule.values.includes(code)
    return rule.operator === 'NotIn' && !rule.values.includes(code)
  })

const match = (rule: Rule, pod: Pod): string | undefined => {
  const { namespace = '', name = '' } = pod.metadata
  if (rule.onExitCodes !== undefined) {
    const found =
      matchingContainer(pod.status?.containerStatuses, rule.onExitCodes) ??
      matchingContainer(pod.status?.initContainerStatuses, rule.onExitCodes)
    if (found === undefined) return undefined
    const code = found.state?.terminated?.exitCode ?? 0
    return `Container ${found.name} for pod ${namespace}/${name} failed with exit code ${code}`
  }
  const condition = pod.status?.conditions?.find((one) =>
    rule.onPodConditions?.some((pattern) => pattern.type === one.type && pattern.status === one.status),
  )
  return condition === undefined ? undefined : `Pod ${namespace}/${name} has condition ${condition.type}`
}

/** matchPodFailurePolicy: the first rule that matches decides. */
export const decidePodFailure = (job: Job, pod: Pod): FailureVerdict => {
  const rules = job.spec.podFailurePolicy?.rules ?? []
  for (const [index, rule] of rules.entries()) {
    const matched = match(rule, pod)
    if (matched === undefined) continue
    const { action } = rule
    if (action === 'Ignore') return { counts: false, action }
    if (action === 'FailIndex' || action === 'Count') return { counts: true, action }
    if (action === 'FailJob')
      return { failJob: `${matched} matching ${action} rule at index ${index}`, counts: true, action }
  }
  return { counts: true }
}
