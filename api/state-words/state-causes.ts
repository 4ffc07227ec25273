import type { KubeObject } from '../object.ts'
import type { ContainerStatus, Pod } from '../types/core-v1.generated.ts'
import { conditionOf } from './condition-of.ts'
import { wordRule } from './judge-state-word.ts'

/** A reason and its message, as `because` compares them. */
export interface StateCause {
  readonly reason: string
  readonly message: string
  /** Where it stands: `condition Ready`, `container app`. */
  readonly where: string
}

const containerCauses = (statuses: readonly ContainerStatus[] | undefined): readonly StateCause[] => {
  const causes: StateCause[] = []
  for (const container of statuses ?? []) {
    const state = container.state?.waiting ?? container.state?.terminated
    if (state?.reason === undefined && state?.message === undefined) continue
    causes.push({ reason: state.reason ?? '', message: state.message ?? '', where: `container ${container.name}` })
  }
  return causes
}

/** The pod's own reason, that of a PodScheduled that is False, and those of its waiting and terminated containers. */
const podCauses = (pod: Pod): readonly StateCause[] => {
  const causes: StateCause[] = []
  const { reason, message } = pod.status
  if (reason !== undefined || message !== undefined) {
    causes.push({ reason: reason ?? '', message: message ?? '', where: 'pod' })
  }
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False') {
    causes.push({ reason: scheduled.reason ?? '', message: scheduled.message ?? '', where: 'condition PodScheduled' })
  }
  causes.push(...containerCauses(pod.status.initContainerStatuses), ...containerCauses(pod.status.containerStatuses))
  return causes
}

/**
 * What `because` may name for a word that holds of the object (or, negated, does not): the word's condition, which must be
 * there, and in the negated form not be True.
 */
export const stateCauses = (
  resource: string,
  word: string,
  object: KubeObject,
  negated: boolean,
): readonly StateCause[] => {
  const rule = wordRule(resource, word)
  if (rule.causes === 'pod') return podCauses(object as Pod)
  if (rule.condition === undefined) return []
  const condition = conditionOf(object, rule.condition)
  if (condition === undefined || (negated && condition.status === 'True')) return []
  return [{ reason: condition.reason ?? '', message: condition.message ?? '', where: `condition ${rule.condition}` }]
}
