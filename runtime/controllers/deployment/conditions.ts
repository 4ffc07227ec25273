import type { DeploymentCondition } from '../../../api/types/apps-v1.generated.ts'

export type Conditions = readonly DeploymentCondition[]

export const conditionOf = (conditions: Conditions | undefined, type: string): DeploymentCondition | undefined =>
  conditions?.find((condition) => condition.type === type)

export const withoutCondition = (conditions: Conditions, type: string): Conditions =>
  conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions

/** SetDeploymentCondition: one of the same status and reason stays as it is; else it goes to the end of the list. */
export const withCondition = (conditions: Conditions, condition: DeploymentCondition): Conditions => {
  const current = conditionOf(conditions, condition.type)
  if (current !== undefined && current.status === condition.status && current.reason === condition.reason)
    return conditions
  const since = current?.status === condition.status ? current.lastTransitionTime : undefined
  const next = since === undefined ? condition : { ...condition, lastTransitionTime: since }
  return [...withoutCondition(conditions, condition.type), next]
}

/** NewDeploymentCondition. */
export const newCondition = (
  type: string,
  status: 'True' | 'False' | 'Unknown',
  said: { readonly reason: string; readonly message: string },
  now: string,
): DeploymentCondition => ({
  type,
  status,
  lastUpdateTime: now,
  lastTransitionTime: now,
  reason: said.reason,
  message: said.message,
})
