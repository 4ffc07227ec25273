import type { Impersonation } from '../../api/protocol/impersonation.ts'
import { isDns1123Subdomain } from '../../api/names/dns-names.ts'
import { forbiddenText, type AccessQuestion, type Authorizer } from './authorize/authorizer.ts'
import { forbidden, isRefusal, type Refusal } from './status.ts'
import { serviceAccountGroups, splitServiceAccount, type UserInfo } from './user-info.ts'

/** Whom a request is from in the end: the user asked for, or why the requestor may not be that user here. */
export type Impersonator = (wanted: Impersonation, question: AccessQuestion) => UserInfo | Refusal

type Mode = (wanted: Impersonation, question: AccessQuestion) => UserInfo | Refusal | undefined

/** From so many values on, one question about all of them is tried first. */
const manyAuthorizationChecksInLoop = 4
const authenticationGroup = 'authentication.k8s.io'
const nodeNameKey = 'authentication.kubernetes.io/node-name'
const associatedKeys = 'authentication.kubernetes.io/associated-node-keys'
const nodePrefix = 'system:node:'

const nodeOf = (user: string): string | undefined => {
  const name = user.startsWith(nodePrefix) ? user.slice(nodePrefix.length) : ''
  return name !== '' && isDns1123Subdomain(name).length === 0 ? name : undefined
}
const nameOnly = (wanted: Impersonation): boolean =>
  wanted.uid === undefined && (wanted.groups ?? []).length === 0 && Object.keys(wanted.extra ?? {}).length === 0

const ask = (authorize: Authorizer, question: AccessQuestion): Refusal | undefined => {
  const decision = authorize(question)
  if (decision.decision === 'allow') return undefined
  return refusalOf(question, decision.reason)
}
const refusalOf = (question: AccessQuestion, reason: string): Refusal =>
  forbidden({ group: question.group, plural: question.resource }, question.name, forbiddenText(question, reason))

/** impersonationModeState.check: may the requestor be all of what is asked for? */
const checkFields = (authorize: Authorizer, verb: string, wanted: Impersonation, by: UserInfo): UserInfo | Refusal => {
  const constrained = verb !== 'impersonate'
  const { user, uid } = wanted
  const groups = wanted.groups ?? []
  const extra = wanted.extra ?? {}
  const question = (group: string, resource: string, name: string): AccessQuestion => ({
    user: by,
    verb,
    group,
    resource,
    subresource: '',
    namespace: undefined,
    name,
    path: undefined,
  })
  const coreGroup = constrained ? authenticationGroup : ''
  const account = splitServiceAccount(user)
  const node = constrained ? nodeOf(user) : undefined
  const first =
    account !== undefined
      ? { ...question(coreGroup, 'serviceaccounts', account.name), namespace: account.namespace }
      : node !== undefined
        ? question(coreGroup, 'nodes', node)
        : question(coreGroup, 'users', user)
  const refused =
    ask(authorize, first) ??
    (uid === undefined ? undefined : ask(authorize, question(authenticationGroup, 'uids', uid))) ??
    checkGroups(authorize, constrained, groups, (name) => question(coreGroup, 'groups', name)) ??
    checkExtra(authorize, constrained, extra, (key, name) => ({
      ...question(authenticationGroup, 'userextras', name),
      subresource: key,
    }))
  if (refused !== undefined) return refused
  const own =
    groups.length > 0
      ? groups
      : account !== undefined
        ? serviceAccountGroups(account.namespace)
        : node !== undefined
          ? ['system:nodes']
          : []
  const all = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  const complete = own.includes(all) || (user !== 'system:anonymous' && own.includes('system:unauthenticated'))
  return Object.freeze({ name: user, uid, groups: Object.freeze(complete ? own : [...own, all]), extra })
}

const checkGroups = (
  authorize: Authorizer,
  constrained: boolean,
  groups: readonly string[],
  question: (name: string) => AccessQuestion,
): Refusal | undefined => {
  if (groups.length === 0) return undefined
  if (constrained) {
    if (groups.includes('')) return refusalOf(question(''), 'impersonating the empty string group is not allowed')
    if (groups.includes('system:masters'))
      return refusalOf(question('system:masters'), 'impersonating the system:masters group is not allowed')
    const many = groups.length >= manyAuthorizationChecksInLoop
    if (many && ask(authorize, question('*')) === undefined) return undefined
  }
  for (const group of groups) {
    const refused = ask(authorize, question(group))
    if (refused !== undefined) return refused
  }
  return undefined
}

const checkExtra = (
  authorize: Authorizer,
  constrained: boolean,
  extra: Readonly<Record<string, readonly string[]>>,
  question: (key: string, name: string) => AccessQuestion,
): Refusal | undefined => {
  const entries = Object.entries(extra).flatMap(([key, values]) => values.map((value) => [key, value] as const))
  if (entries.length === 0) return undefined
  if (constrained) {
    const why = Object.keys(extra).includes('')
      ? 'impersonating the empty string key in extra is not allowed'
      : entries.some(([, value]) => value === '')
        ? 'impersonating the empty string value in extra is not allowed'
        : undefined
    if (why !== undefined) return refusalOf(question('', ''), why)
    const many = entries.length >= manyAuthorizationChecksInLoop
    if (many && ask(authorize, question('*', '*')) === undefined) return undefined
  }
  for (const [key, value] of entries) {
    const refused = ask(authorize, question(key, value))
    if (refused !== undefined) return refused
  }
  return undefined
}

/** constrainedImpersonationModeState.check: `impersonate-on:<mode>:<verb>` first, then the fields with `impersonate:<mode>`. */
const constrainedMode =
  (authorize: Authorizer, mode: string, applies: (wanted: Impersonation, by: UserInfo) => boolean): Mode =>
  (wanted, question) => {
    if (!applies(wanted, question.user)) return undefined
    return (
      ask(authorize, { ...question, verb: `impersonate-on:${mode}:${question.verb}` }) ??
      checkFields(authorize, `impersonate:${mode}`, wanted, question.user)
    )
  }

/** A node agent may be its own node: the question is about any node, and of the extra values only the keys count. */
const forAssociatedNode =
  (authorize: Authorizer): Authorizer =>
  (question) =>
    authorize({
      ...question,
      name: question.verb === 'impersonate:associated-node' ? '*' : question.name,
      user: { ...question.user, extra: { [associatedKeys]: Object.keys(question.user.extra).sort() } },
    })

/**
 * k8s.io/apiserver/pkg/endpoints/filters/impersonation/mode.go: the modes in their order, the one that last let this requestor
 * through before the others; the first that refuses gives the reason. Differs: what was allowed is not remembered for ten seconds.
 */
export const createImpersonator = (authorize: Authorizer): Impersonator => {
  const modes: readonly Mode[] = [
    constrainedMode(forAssociatedNode(authorize), 'associated-node', (wanted, by) => {
      const node = nodeOf(wanted.user)
      const own = by.extra[nodeNameKey]
      const isAccount = splitServiceAccount(by.name) !== undefined
      return nameOnly(wanted) && node !== undefined && isAccount && own?.length === 1 && own[0] === node
    }),
    constrainedMode(authorize, 'arbitrary-node', (wanted) => nameOnly(wanted) && nodeOf(wanted.user) !== undefined),
    constrainedMode(
      authorize,
      'serviceaccount',
      (wanted) => nameOnly(wanted) && splitServiceAccount(wanted.user) !== undefined,
    ),
    constrainedMode(
      authorize,
      'user-info',
      (wanted) => nodeOf(wanted.user) === undefined && splitServiceAccount(wanted.user) === undefined,
    ),
    (wanted, question) => checkFields(authorize, 'impersonate', wanted, question.user),
  ]
  /** Mode that last succeeded, by the requestor's name. */
  const lastOf = new Map<string, Mode>()
  return (wanted, question) => {
    const last = lastOf.get(question.user.name)
    const order = last === undefined ? modes : [last, ...modes.filter((mode) => mode !== last)]
    let why: Refusal | undefined
    for (const mode of order) {
      const answer = mode(wanted, question)
      if (answer === undefined) continue
      if (!isRefusal(answer)) {
        lastOf.set(question.user.name, mode)
        return answer
      }
      why ??= answer
    }
    return why!
  }
}
