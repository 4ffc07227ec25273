import type { PolicyRule } from '../../../api/types/rbac-v1.generated.ts'
import { allow, noOpinion, type AccessQuestion, type Authorizer, type Decision } from './authorizer.ts'
import type { RbacRules } from './rbac-rules.ts'

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes(value) || list.includes('*'))

/** pkg/apis/rbac/v1/evaluation_helpers.go: ResourceMatches, NonResourceURLMatches. */
export const ruleAllows = (rule: PolicyRule, question: AccessQuestion): boolean => {
  if (!has(rule.verbs, question.verb)) return false
  const { path, resource, subresource, name } = question
  if (path !== undefined) {
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''))),
    )
  }
  if (!has(rule.apiGroups, question.group)) return false
  const combined = subresource === '' ? resource : `${resource}/${subresource}`
  const matches = (rule.resources ?? []).some(
    (one) => one === '*' || one === combined || (subresource !== '' && one === `*/${subresource}`),
  )
  if (!matches) return false
  return rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(name)
}

export const createRbacAuthorizer =
  (rules: RbacRules): Authorizer =>
  (question): Decision => {
    const grants = rules.grantsFor(question.user, question.namespace)
    for (const grant of grants) {
      for (const rule of grant.rules) {
        if (ruleAllows(rule, question)) return allow(`RBAC: allowed by ${grant.description}`)
      }
    }
    const problems = grants.map((grant) => grant.problem).filter((one) => one !== undefined)
    if (problems.length === 0) return noOpinion()
    return noOpinion(`RBAC: ${problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`}`)
  }
