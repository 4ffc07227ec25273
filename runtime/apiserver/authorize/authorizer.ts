import type { UserInfo } from '../user-info.ts'

/** What is asked of the authorizers (authorizer.Attributes). */
export interface AccessQuestion {
  readonly user: UserInfo
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  /** undefined: at the cluster scope */
  readonly namespace: string | undefined
  readonly name: string
  /** Of a non-resource request; undefined otherwise. */
  readonly path: string | undefined
  /** Of a list, watch or deletecollection: what the Node authorizer restricts. */
  readonly fieldSelector?: string | undefined
}

export type Decision =
  | { readonly decision: 'allow'; readonly reason: string }
  | { readonly decision: 'deny' | 'no-opinion'; readonly reason: string }

export type Authorizer = (question: AccessQuestion) => Decision

export const allow = (reason: string): Decision => ({ decision: 'allow', reason })
export const noOpinion = (reason = ''): Decision => ({ decision: 'no-opinion', reason })

const privileged = allow('')

/** The chain `system:masters`, Node, RBAC: the first that does not abstain decides (union.New); reasons are joined by newlines. */
export const createAuthorizerChain =
  (authorizers: readonly Authorizer[]): Authorizer =>
  (question) => {
    if (question.user.groups.includes('system:masters')) return privileged
    const reasons: string[] = []
    for (const authorizer of authorizers) {
      const decision = authorizer(question)
      if (decision.decision !== 'no-opinion') return decision
      if (decision.reason !== '') reasons.push(decision.reason)
    }
    return noOpinion(reasons.join('\n'))
  }

/** The 403's text (responsewriters.ForbiddenStatusError / forbiddenMessage). */
export const forbiddenText = (question: AccessQuestion, reason: string): string => {
  const { user, verb, group, resource, subresource, namespace, path } = question
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  let text: string
  if (path !== undefined) text = `${who} path ${JSON.stringify(path)}`
  else {
    const what = subresource === '' ? resource : `${resource}/${subresource}`
    const where =
      namespace === undefined || namespace === ''
        ? 'at the cluster scope'
        : `in the namespace ${JSON.stringify(namespace)}`
    text = `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`
  }
  return reason === '' ? text : `${text}: ${reason}`
}
