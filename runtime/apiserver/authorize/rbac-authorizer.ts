import { ruleAllows } from '../../../api/rbac/rule-allows.ts'
import { allow, noOpinion, type Authorizer, type Decision } from './authorizer.ts'
import type { RbacRules } from './rbac-rules.ts'

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
