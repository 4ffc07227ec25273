import { nearest } from '../diagnostics/did-you-mean.ts'
import type { Outcome, StepClauses } from '../plan/operation.ts'
import type { Noun } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import { lowerDuration } from './amount.ts'
import type { Env } from './env.ts'
import { lowerExpression } from './expression.ts'
import { measureLiteral } from './measure.ts'
import { lowerText, wordParts } from './fact.ts'
import { lowerNoun } from './noun.ts'
import { plainText } from './text.ts'

/** The reasons of refused requests that a step can name (3.11). */
const reasons: ReadonlySet<string> = new Set([
  'Forbidden', 'Invalid', 'AlreadyExists', 'Conflict', 'NotFound', 'TooManyRequests', 'Timeout', 'InternalError', 'ServiceUnavailable',
  'BadRequest', 'Unauthorized', 'MethodNotAllowed', 'Expired', 'Gone', 'ServerTimeout', 'NotAcceptable', 'UnsupportedMediaType', 'RequestEntityTooLarge',
]) // prettier-ignore

export const noClauses: StepClauses = {
  as: undefined,
  outcome: { kind: 'succeeds' },
  for: undefined,
  probability: undefined,
  restart: undefined,
  to: undefined,
  from: undefined,
  by: undefined,
  on: undefined,
}

/** The clauses that a step or fault knows; others are reported. `to`, `within` and `grace` are read by the verb itself. */
export const lowerClauses = (
  clauses: readonly ast.StepClause[],
  allowed: readonly string[],
  what: string,
  env: Env,
): StepClauses => {
  const out: { -readonly [K in keyof StepClauses]: StepClauses[K] } = { ...noClauses }
  const seen = new Set<string>()
  for (const clause of clauses) {
    const kind = clause.kind
    const outcome = kind === 'fails' || kind === 'may-fail'
    if (!outcome && kind !== 'as' && !allowed.includes(kind)) {
      env.reporter.report('K117', clause.span, `\`${what}\` takes no \`${kind}\``)
      continue
    }
    if (seen.has(outcome ? 'outcome' : kind)) env.reporter.report('K117', clause.span, `\`${kind}\` is said twice`)
    seen.add(outcome ? 'outcome' : kind)
    switch (clause.kind) {
      case 'as':
        out.as = lowerIdentity(clause.value, env)
        break
      case 'fails':
      case 'may-fail':
        out.outcome = lowerOutcome(clause, env)
        break
      case 'for':
        out.for = lowerDuration(clause.value, env)
        break
      case 'restart':
        out.restart = lowerDuration(clause.value, env)
        break
      case 'probability':
        out.probability = lowerProbability(clause.value, env)
        break
      case 'from':
        if (clause.value.type === 'noun') out.from = lowerNoun(clause.value, env)
        break
      case 'by':
        out.by = lowerExpression(clause.value, env, 'duration').expression
        break
      case 'to':
        // Of a fault it is an amount; `scale` and `rollout` read it themselves.
        if (what.startsWith('inject')) out.to = lowerExpression(clause.value, env, 'quantity').expression
        break
      case 'on':
        out.on =
          clause.value.type === 'noun' ? lowerNoun(clause.value, env) : lowerExpression(clause.value, env).expression
        break
      default:
        break
    }
  }
  return out
}

const lowerProbability = (value: ast.Measure, env: Env): number | undefined => {
  const literal = measureLiteral(value.text)
  if (literal?.type === 'percent' && literal.value <= 100) return literal.value / 100
  env.reporter.report('K107', value.span, `\`${value.text}\` is not a probability`, { help: 'written 30%' })
  return undefined
}

const lowerIdentity = (value: ast.StepArg, env: Env): Noun | undefined => {
  if (value.type !== 'noun') {
    env.reporter.report('K117', value.span, 'a user or a service account is wanted behind `as`')
    return undefined
  }
  if (value.form === 'bare' && value.namespace === null) {
    if (!env.scenario.users.has(value.text)) {
      const best = nearest(value.text, env.scenario.users)
      env.reporter.report('K105', value.span, `unknown user \`${value.text}\``, {
        help: best === undefined ? `declare it: \`user ${value.text} { groups [dev] }\`` : `did you mean \`${best}\`?`,
      })
    }
    return {
      resource: 'user',
      text: `user/${value.text}`,
      plural: false,
      name: { kind: 'exact', parts: [value.text] },
      selector: undefined,
      namespace: undefined,
      span: value.span,
    }
  }
  return lowerNoun(value, env)
}

const lowerOutcome = (clause: ast.StepClause & { readonly kind: 'fails' | 'may-fail' }, env: Env): Outcome => {
  const reason = clause.reason === null ? undefined : plainText(wordParts(clause.reason, env))
  if (reason !== undefined && clause.reason !== null && !reasons.has(reason)) {
    const best = nearest(reason, reasons)
    env.reporter.report('K127', clause.reason.span, `\`${reason}\` is not a reason that the API gives`, {
      help: best === undefined ? `reasons: ${[...reasons].slice(0, 9).join(', ')}` : `did you mean \`${best}\`?`,
      fix: best === undefined ? undefined : { span: clause.reason.span, text: best },
    })
  }
  return { kind: clause.kind, reason, saying: clause.saying === null ? undefined : lowerText(clause.saying, env) }
}
