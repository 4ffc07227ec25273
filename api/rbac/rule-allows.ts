import type { PolicyRule } from '../types/rbac-v1.generated.ts'

/** What a rule is asked: a request for a resource, or (with `path`) for another path of the server. */
export interface RuleQuestion {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  readonly path: string | undefined
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes(value) || list.includes('*'))

/** pkg/apis/rbac/v1/evaluation_helpers.go: VerbMatches, APIGroupMatches, ResourceMatches, ResourceNameMatches, NonResourceURLMatches. */
export const ruleAllows = (rule: PolicyRule, question: RuleQuestion): boolean => {
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
