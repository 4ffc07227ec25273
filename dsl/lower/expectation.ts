import type { Expectation, Monitor, OperationBody } from '../plan/operation.ts'
import type { Expression, Noun } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerDuration } from './amount.ts'
import { checkMark } from './call.ts'
import { lowerDelta } from './delta.ts'
import { lowerPatch } from './documents.ts'
import type { Env } from './env.ts'
import { lowerPredicate } from './expression.ts'
import { lowerNoun } from './noun.ts'
import { resourceFor } from './resource-for.ts'
import { lowerBody } from './statement.ts'

interface Clauses {
  within: Expression | undefined
  for: Expression | undefined
  until: Expression | undefined
  eventually: boolean
  fromNow: boolean
  fromNowSpan: ast.Name['span'] | undefined
  seenBy: Noun | undefined
}

const lowerClauses = (clauses: readonly ast.Clause[], allowed: readonly string[], what: string, env: Env): Clauses => {
  const out: Clauses = {
    within: undefined,
    for: undefined,
    until: undefined,
    eventually: false,
    fromNow: false,
    fromNowSpan: undefined,
    seenBy: undefined,
  }
  const seen = new Set<string>()
  for (const clause of clauses) {
    if (clause.kind === 'because' || clause.kind === 'saying') continue
    if (!allowed.includes(clause.kind)) {
      env.reporter.report('K130', clause.span, `\`${what}\` takes no \`${clause.kind}\``, {
        help: allowed.length === 0 ? undefined : `clauses here: ${allowed.join(', ')}`,
      })
      continue
    }
    if (seen.has(clause.kind)) env.reporter.report('K130', clause.span, `\`${clause.kind}\` is said twice`)
    seen.add(clause.kind)
    switch (clause.kind) {
      case 'within':
      case 'for':
        out[clause.kind] = lowerDuration(clause.amount, env)
        break
      case 'until':
        out.until = lowerPredicate(clause.predicate, env)
        break
      case 'eventually':
        out.eventually = true
        break
      case 'from now':
        out.fromNow = true
        out.fromNowSpan = clause.span
        break
      case 'seen by':
        out.seenBy = lowerObserver(clause.noun, env)
        break
    }
  }
  return out
}

const observers = ['controller', 'controller-manager', 'scheduler', 'kubelet', 'kube-proxy', 'autoscaler']

/** Whose informer caches are asked. */
const lowerObserver = (node: ast.Noun, env: Env): Noun | undefined => {
  const noun = lowerNoun(node, env)
  if (noun === undefined || observers.includes(noun.resource)) return noun
  env.reporter.report('K130', node.span, `${noun.text} has no informer cache`, {
    help: `seen by controller/deployment, scheduler, kubelet/workers-0, kube-proxy/workers-0`,
  })
  return undefined
}

/** `because` and `saying` behind the time clauses belong to the last state word or event. */
const attachTexts = (claims: readonly ast.Expr[], clauses: readonly ast.Clause[], env: Env): readonly ast.Expr[] => {
  let out = claims
  for (const clause of clauses) {
    if (clause.kind !== 'because' && clause.kind !== 'saying') continue
    const last = out.at(-1)
    const attached = last === undefined ? undefined : attach(last, clause)
    if (attached === undefined)
      env.reporter.report(
        'K130',
        clause.span,
        `\`${clause.kind}\` belongs to ${clause.kind === 'because' ? 'a state word' : 'an event'}, and there is none before it`,
      )
    else out = [...out.slice(0, -1), attached]
  }
  return out
}

const attach = (node: ast.Expr, clause: ast.Clause & { readonly kind: 'because' | 'saying' }): ast.Expr | undefined => {
  switch (node.type) {
    case 'fact':
      if (clause.kind !== 'because' || node.claim.kind !== 'state') return undefined
      return { ...node, claim: { ...node.claim, because: clause.text } }
    case 'event':
      return clause.kind === 'saying' ? { ...node, saying: clause.text } : undefined
    case 'and':
    case 'or': {
      const last = node.operands.at(-1)
      const attached = last === undefined ? undefined : attach(last, clause)
      return attached === undefined ? undefined : { ...node, operands: [...node.operands.slice(0, -1), attached] }
    }
    case 'not': {
      const operand = attach(node.operand, clause)
      return operand === undefined ? undefined : { ...node, operand }
    }
    case 'quantifier': {
      const body = attach(node.body, clause)
      return body === undefined ? undefined : { ...node, body }
    }
    case 'before': {
      const second = attach(node.second, clause)
      return second === undefined ? undefined : { ...node, second }
    }
    default:
      return undefined
  }
}

export const lowerExpect = (node: ast.Expect, env: Env): OperationBody | undefined => {
  const claims = attachTexts(node.claims, node.clauses, env)
  const clauses = lowerClauses(
    node.clauses,
    ['within', 'for', 'until', 'eventually', 'from now', 'seen by'],
    'expect',
    env,
  )
  const first = claims[0]
  if (first === undefined) return undefined
  const claim: Expectation['claim'] =
    claims.length > 1
      ? { kind: 'sequence', predicates: claims.map((one) => lowerPredicate(one, env)) }
      : { kind: 'predicate', predicate: lowerPredicate(first, env) }
  checkTogether(clauses, node, first.type === 'before' || claims.length > 1, env)
  if (
    clauses.fromNow &&
    !(claim.kind === 'predicate' && claim.predicate.kind === 'fact' && claim.predicate.claim.kind === 'goes')
  )
    env.reporter.report('K130', clauses.fromNowSpan ?? node.span, '`from now` belongs to `goes`')
  return { kind: 'expect', expectation: expectationOf(claim, clauses) }
}

const expectationOf = (claim: Expectation['claim'], clauses: Clauses): Expectation => ({
  claim,
  within: clauses.within,
  for: clauses.for,
  until: clauses.until,
  eventually: clauses.eventually,
  fromNow: clauses.fromNow,
  seenBy: clauses.seenBy,
})

/** Clauses that mean nothing together (3.6). */
const checkTogether = (clauses: Clauses, node: ast.Expect, ordered: boolean, env: Env): void => {
  const at = node.clauses.at(-1)?.span ?? node.span
  if (clauses.eventually && (clauses.within !== undefined || clauses.for !== undefined || clauses.until !== undefined))
    env.reporter.report('K130', at, '`eventually` stands alone: it ends when the cluster settles')
  else if (clauses.until !== undefined && clauses.for !== undefined)
    env.reporter.report('K130', at, '`until` and `for` exclude each other')
  else if (clauses.until !== undefined && clauses.within === undefined)
    env.reporter.report('K130', at, '`until` wants a `within`', { help: 'without one it could wait for ever' })
  else if (ordered && (clauses.for !== undefined || clauses.until !== undefined))
    env.reporter.report('K130', at, 'a sequence takes `within` only')
  else if (ordered && clauses.within === undefined)
    env.reporter.report('K130', node.span, `\`${node.claims.length > 1 ? 'then' : 'before'}\` wants a \`within\``, {
      help: 'without one nothing can happen between the two: no time passes',
    })
}

export const lowerMatches = (node: ast.Matches, env: Env): OperationBody | undefined => {
  const noun = lowerNoun(node.noun, env)
  const clauses = lowerClauses(node.clauses, ['within', 'for', 'eventually', 'seen by'], 'expect … matches', env)
  const pattern = lowerPatch(node.fence, noun === undefined ? undefined : resourceFor(noun, env), env, true)
  return noun === undefined
    ? undefined
    : { kind: 'expect', expectation: expectationOf({ kind: 'matches', noun, pattern }, clauses) }
}

/** `expect changes since t1 are`, `expect changes if { … } are` */
export const lowerChanges = (node: ast.Changes, env: Env): OperationBody => {
  if (node.since !== null) checkMark(node.since, env)
  const inside =
    node.if === null ? undefined : lowerBody(node.if, { ...env, scenario: { ...env.scenario, inPlan: false } })
  const claim: Expectation['claim'] = {
    kind: 'changes',
    since: node.since?.name,
    if: inside,
    delta: lowerDelta(node.fence, env),
  }
  const none = lowerClauses([], [], 'expect changes', env)
  return { kind: 'expect', expectation: expectationOf(claim, none) }
}

export const lowerWatch = (node: ast.Watch, env: Env): OperationBody | undefined => {
  if (node.kind === 'sometimes') {
    return { kind: 'monitor', monitor: { kind: 'sometimes', predicate: lowerPredicate(node.predicate, env) } }
  }
  if (node.kind === 'whenever') {
    if (node.then === null) return undefined
    const [then = node.then] = attachTexts([node.then], node.clauses, env)
    const clauses = lowerClauses(node.clauses, ['within', 'for'], 'whenever', env)
    if ((clauses.within === undefined) === (clauses.for === undefined))
      env.reporter.report('K130', node.span, '`whenever … then` wants `within` or `for`', {
        help: 'whenever A then B within 5s',
      })
    const monitor: Monitor = {
      kind: 'whenever',
      trigger: lowerPredicate(node.predicate, env),
      obligation: lowerPredicate(then, env),
      within: clauses.within,
      for: clauses.for,
    }
    return { kind: 'monitor', monitor }
  }
  const [predicate = node.predicate] = attachTexts([node.predicate], node.clauses, env)
  const clauses = lowerClauses(node.clauses, [node.kind === 'always' ? 'within' : 'for'], node.kind, env)
  return {
    kind: 'monitor',
    monitor: { kind: node.kind, predicate: lowerPredicate(predicate, env), within: clauses.within, for: clauses.for },
  }
}
