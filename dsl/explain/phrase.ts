import type { Amount, Claim, Count, Expr, Fact, Link, Text } from '../syntax/ast.ts'
import type { TextOf } from './source-text.ts'

/** Where a predicate stands decides what a plural without a number means (language reference 3.6). */
export type Mood = 'expect' | 'always' | 'never'

const pluralOf = (mood: Mood): string =>
  mood === 'expect' ? 'all, and at least one' : mood === 'always' ? 'all, if there are any' : 'at least one'

/** Whether a subject names several objects: a bracket or a glob. */
const isPlural = (fact: Fact): boolean => fact.subject.form === 'sel' || fact.subject.text.includes('*')

const countWords = ({ kind, value }: Count, mood: Mood, textOf: TextOf): string => {
  const number = value === null ? '' : textOf(value)
  switch (kind) {
    case 'number':
      return mood === 'never' ? `at least ${number} of` : `exactly ${number} of`
    case 'no':
      return 'none of'
    case 'all':
      return `all of (${mood === 'expect' ? 'and at least one of' : 'none would do, too'})`
    case 'any':
      return 'at least one of'
    default:
      return `${kind} ${number} of`
  }
}

const textWords = (text: Text, what: string, textOf: TextOf): string => {
  const value = textOf(text.value)
  switch (text.kind) {
    case 'word':
      return `with ${what} ${value}`
    case 'contains':
      return `whose ${what} contains ${value}`
    case 'exactly':
      return `whose whole ${what} is ${value}`
    case 'regex':
      return `whose ${what} matches ${value}`
  }
}

const linkWords = (link: Link, textOf: TextOf): string => (link.ellipsis ? 'anything' : textOf(link))

const claimWords = (claim: Claim, over: Fact['over'], textOf: TextOf): string => {
  const not = claim.negated ? 'not ' : ''
  const because = claim.because === null ? '' : `, ${textWords(claim.because, 'reason or message', textOf)}`
  switch (claim.kind) {
    case 'gone':
      return claim.negated ? 'still there' : 'not there (deleted, or never created)'
    case 'exists':
      return 'there'
    case 'state':
      return `${not}${textOf(claim.word)}${because}`
    case 'on':
      return `${not}placed on ${claim.place.text}`
    case 'can':
      return `${claim.negated ? 'not ' : ''}allowed to ${textOf(claim.word)} ${claim.object.text}`
    case 'goes': {
      const what = over === 'states' ? 'states' : over
      const links = claim.links.map((one) => linkWords(one, textOf)).join(', then ')
      return `going through the ${what} ${links}, with nothing else between two neighbours unless \`...\` stands there`
    }
  }
}

/** A predicate in English, without a full stop. */
export const phrase = (node: Expr, mood: Mood, textOf: TextOf): string => {
  const say = (one: Expr): string => phrase(one, mood, textOf)
  switch (node.type) {
    case 'and':
      return node.operands.map(say).join(', and ')
    case 'or':
      return `${node.operands.length === 2 ? 'either ' : 'one of: '}${node.operands.map(say).join(', or ')}`
    case 'not':
      return `it is not so that ${phrase(node.operand, 'never', textOf)}`
    case 'before':
      return `${say(node.first)}, and not before that ${say(node.second)}`
    case 'quantifier': {
      const each = { all: 'for every', exists: 'for at least one', no: 'for no' }[node.quantifier]
      return `${each} ${node.variable.name} in ${textOf(node.of)}: ${say(node.body)}`
    }
    case 'event': {
      const saying = node.saying === null ? '' : ` ${textWords(node.saying, 'message', textOf)}`
      return `an event ${textOf(node.reason)}${saying} on ${node.on.text} has been emitted`
    }
    case 'fact': {
      const subject = node.over === 'states' ? node.subject.text : `the ${node.over} on ${node.subject.text}`
      const claim = claimWords(node.claim, node.over, textOf)
      if (node.count !== null) return `${countWords(node.count, mood, textOf)} ${subject} are ${claim}`
      return isPlural(node) ? `${subject} (${pluralOf(mood)}) are ${claim}` : `${subject} is ${claim}`
    }
    case 'presence':
      return `${textOf(node.operand)} has ${node.presence === 'present' ? 'a' : 'no'} value`
    case 'compare': {
      const how = comparisons[node.operator]
      return `${textOf(node.left)} ${how} ${textOf(node.right)}`
    }
    case 'noun':
      // A bare word: an invariant, or a truth value that was bound.
      return node.form === 'bare' ? `\`${node.text}\` holds` : node.text
    default:
      return textOf(node)
  }
}

const comparisons: Readonly<Record<string, string>> = {
  '==': 'equals',
  '!=': 'differs from',
  '<=': 'is at most',
  '>=': 'is at least',
  '<': 'is less than',
  '>': 'is more than',
  in: 'is one of',
  contains: 'contains',
  matches: 'matches',
}

export const length = (amount: Amount, textOf: TextOf): string => {
  if (amount.type === 'spread') return `${textOf(amount.base)} give or take ${textOf(amount.by)} (drawn from the seed)`
  if (amount.type === 'range') return `between ${textOf(amount.from)} and ${textOf(amount.to)} (drawn from the seed)`
  return textOf(amount)
}
