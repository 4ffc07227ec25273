import { isStateWord } from '../../api/state-words/state-words.ts'
import { checkStateWord } from '../checks/state-words.ts'
import { lookUp } from '../names/scope.ts'
import { predicate } from '../names/value-info.ts'
import type { Claim, ChainLink, Count, Noun, TextPattern } from '../plan/expression.ts'
import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'
import { lowerExpression, nothing, typed, type Typed } from './expression.ts'
import { lowerNoun } from './noun.ts'
import { plainText, stringParts, type Parts } from './text.ts'

export const lowerText = (text: ast.Text, env: Env): TextPattern => {
  const value = text.value
  if (value.type === 'regex') return lowerRegex(value, env)
  if (value.type === 'word') return { kind: 'word', parts: [value.name] }
  return { kind: text.kind === 'exactly' ? 'exactly' : 'contains', parts: stringParts(value.raw, value.span, env) }
}

const lowerRegex = (value: ast.RegexLiteral, env: Env): TextPattern => {
  lowerExpression(value, env)
  return { kind: 'regex', source: value.source, flags: value.flags ?? '' }
}

export const wordParts = (word: ast.Word | ast.StringLiteral, env: Env): Parts =>
  word.type === 'word' ? [word.name] : stringParts(word.raw, word.span, env)

export const lowerEvent = (node: ast.EventPredicate, env: Env): Typed => {
  const on = lowerNoun(node.on, env)
  const reason = plainText(wordParts(node.reason, env))
  if (on === undefined) return nothing(node.span)
  if (reason === undefined) {
    env.reporter.report('K408', node.reason.span, 'an event reason that is only known during the run is not built yet')
    return nothing(node.span)
  }
  return typed(
    { kind: 'event', reason, on, saying: node.saying === null ? undefined : lowerText(node.saying, env) },
    node.span,
    predicate,
  )
}

/** The resource that a noun is about, bindings included; undefined if that is not known. */
export const resourceOf = (noun: Noun, env: Env): string | undefined => {
  if (noun.resource !== '') return noun.resource
  const binding = lookUp(env.scope, noun.text)
  if (binding?.kind !== 'value') return undefined
  return binding.info.resource ?? binding.info.item?.resource
}

export const lowerFact = (node: ast.Fact, env: Env): Typed => {
  const word = node.claim.kind === 'state' && node.claim.word.type === 'word' ? node.claim.word.name : undefined
  if ((word === 'absent' || word === 'present') && node.count === null)
    return lowerExpression(
      {
        type: 'presence',
        presence: node.claim.negated === (word === 'absent') ? 'present' : 'absent',
        operand: node.subject,
        span: node.span,
      },
      env,
    )
  const subject = lowerNoun(node.subject, env)
  const count = node.count === null ? undefined : lowerCount(node.count, env)
  if (subject === undefined) return nothing(node.span)
  const claim = lowerClaim(node, subject, env)
  if (claim === undefined) return nothing(node.span)
  checkNumber(node, subject, env)
  return typed({ kind: 'fact', count, subject, claim }, node.span, predicate)
}

const lowerCount = (count: ast.Count, env: Env): Count => {
  if (count.kind === 'no' || count.kind === 'all' || count.kind === 'any') return { kind: count.kind }
  const kind = count.kind === 'number' ? 'exactly' : count.kind
  const value = count.value === null ? nothing(count.span) : lowerExpression(count.value, env)
  if (!['int', 'percent', 'unknown', 'number'].includes(value.info.type))
    env.reporter.report('K117', count.span, `a number is wanted behind \`${kind}\``)
  return { kind, value: value.expression }
}

const lowerClaim = (node: ast.Fact, subject: Noun, env: Env): Claim | undefined => {
  const claim = node.claim
  switch (claim.kind) {
    case 'gone':
      return { kind: 'gone', negated: claim.negated }
    case 'exists':
      return { kind: 'exists' }
    case 'on': {
      const place = lowerNoun(claim.place, env)
      return place === undefined ? undefined : { kind: 'on', place, negated: claim.negated }
    }
    case 'state': {
      const parts = wordParts(claim.word, env)
      const word = plainText(parts)
      const resource = resourceOf(subject, env)
      if (word !== undefined && resource !== undefined) checkStateWord(resource, word, claim.word.span, env)
      return {
        kind: 'state',
        word: { parts },
        negated: claim.negated,
        because: claim.because === null ? undefined : lowerText(claim.because, env),
      }
    }
    case 'goes': {
      const resource = resourceOf(subject, env)
      const links = claim.links.map((link): ChainLink => lowerLink(link, env))
      if (node.over === 'states' && resource !== undefined)
        for (const link of links)
          if (
            link.kind === 'word' &&
            link.word !== 'gone' &&
            link.word !== 'exists' &&
            !isStateWord(resource, link.word)
          )
            checkStateWord(resource, link.word, link.span, env)
      return { kind: 'goes', over: node.over, links }
    }
    case 'can': {
      const resource = resourceOf(subject, env)
      if (resource !== undefined && resource !== 'user' && resource !== 'serviceaccounts')
        env.reporter.report('K117', node.subject.span, `\`${subject.text}\` sends no requests`, {
          help: 'users and service accounts can be asked: user/dana can create pods, serviceaccount/ci can get configmaps',
        })
      const object = lowerNoun(claim.object, env)
      const verb = plainText(wordParts(claim.word, env))
      return object === undefined || verb === undefined
        ? undefined
        : { kind: 'can', negated: claim.negated, verb, object }
    }
  }
}

const lowerLink = (link: ast.Link, env: Env): ChainLink => {
  if (link.ellipsis || link.word === null) return { kind: 'ellipsis' }
  const text = (word: ast.Word | ast.StringLiteral): string => plainText(wordParts(word, env)) ?? ''
  return {
    kind: 'word',
    word: text(link.word),
    action: link.action === null ? undefined : text(link.action),
    span: link.span,
  }
}

/** `pods[…] is Ready` and `pod/x are Ready` say what is meant, but not in English. */
const checkNumber = (node: ast.Fact, subject: Noun, env: Env): void => {
  const { verb } = node.claim
  if (subject.resource === '' || node.count !== null) return
  const singular = verb === 'is' || verb === 'exists' || verb === 'goes'
  const many: Readonly<Record<string, string>> = { is: 'are', exists: 'exist', goes: 'go' }
  const one: Readonly<Record<string, string>> = { are: 'is', exist: 'exists', go: 'goes' }
  if (node.over !== 'states') return
  const better =
    subject.plural && subject.name === undefined && singular ? many[verb] : !subject.plural ? one[verb] : undefined
  if (better === undefined) return
  const span = { file: node.claim.span.file, start: node.claim.span.start, end: node.claim.span.start + verb.length }
  env.reporter.report('K119', span, `\`${subject.text}\` ${subject.plural ? 'are several' : 'is one'}`, {
    severity: 'warning',
    help: `write \`${better}\``,
    fix: { span, text: better },
  })
}
