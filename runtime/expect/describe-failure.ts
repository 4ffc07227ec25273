import { printedPodStatus } from '../../api/state-words/printed-pod-status.ts'
import { conditionOf } from '../../api/state-words/condition-of.ts'
import { stateCauses } from '../../api/state-words/state-causes.ts'
import { wordRule } from '../../api/state-words/judge-state-word.ts'
import { rolloutRows } from '../../api/state-words/rollout-status.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { Expression, ExpressionBody } from '../../dsl/plan/expression.ts'
import type { Expectation, Monitor } from '../../dsl/plan/operation.ts'
import type { Comparison, Difference } from '../record/finding.ts'
import { truthOf } from './evaluate.ts'
import { factSubjects } from './facts.ts'
import { chainResults } from './history.ts'
import type { Judge } from './judge.ts'
import { matchRows } from './matches.ts'
import type { Moment } from './moment.ts'
import { patternText, renderParts } from './render.ts'
import { renderTemplate } from './render-template.ts'
import { presentObject, resolveNoun } from './resolve-noun.ts'
import { subjectKey, type Subject } from './subject.ts'
import { textOf } from './text-of.ts'

/** What a report says of a sentence that does not hold. */
export interface Failure {
  readonly summary: string
  readonly comparisons: readonly Comparison[]
  readonly difference: Difference | undefined
  /** Keys of the timeline that tell most of it. */
  readonly subjects: readonly string[]
}

interface Gathered {
  readonly comparisons: Comparison[]
  readonly subjects: string[]
}

type Fact = Extract<ExpressionBody, { kind: 'fact' }>

/** At most so many things of a plural are shown one by one. */
const most = 5

/** A thing's state in a word or two, for the right-hand side of a comparison. */
const actualState = (subject: Subject, word: string, moment: Moment): string => {
  if (subject.kind === 'container') return subject.truth.state
  if (subject.kind === 'named') return `not ${word}`
  if (subject.kind === 'entry') return 'an entry'
  const object = presentObject(subject, moment)
  if (object === undefined) return 'gone'
  if (subject.resource === 'pods') return printedPodStatus(object as Pod)
  const condition = conditionOf(object, wordRule(subject.resource, word).condition ?? word)
  if (condition !== undefined)
    return `${condition.type} ${condition.status}${condition.reason ? `, reason ${condition.reason}` : ''}`
  const phase = (object as { readonly status?: { readonly phase?: string } }).status?.phase
  return phase ?? `not ${word}`
}

const stateRows = (subject: Subject, word: string, negated: boolean, moment: Moment): Comparison['rows'] => {
  if (subject.kind !== 'object') return []
  const object: KubeObject | undefined = presentObject(subject, moment)
  if (object === undefined) return []
  const rollout = word === 'RolledOut' && !negated ? rolloutRows(subject.resource, object) : undefined
  if (rollout !== undefined) {
    return rollout.filter((row) => !row.holds).map(({ what, expected, actual }) => ({ what, expected, actual }))
  }
  const type = wordRule(subject.resource, word).condition
  if (type !== undefined) {
    const condition = conditionOf(object, type)
    const actual =
      condition === undefined
        ? 'absent'
        : [condition.status, condition.reason, condition.message]
            .filter((part) => part !== undefined && part !== '')
            .join(', ')
    return [{ what: `condition ${type}`, expected: negated ? 'not True' : 'True', actual }]
  }
  return stateCauses(subject.resource, word, object, false).map((cause) => ({
    what: cause.where,
    expected: '',
    actual: [cause.reason, cause.message].filter((part) => part !== '').join(', '),
  }))
}

const countText = (fact: Fact, moment: Moment): string => {
  const { count } = fact
  if (count === undefined) return 'all'
  return 'value' in count ? `${count.kind} ${textOf(moment.evaluate(count.value))}` : count.kind
}

const claimText = (fact: Fact, moment: Moment): string => {
  const { claim } = fact
  switch (claim.kind) {
    case 'state': {
      const because = claim.because === undefined ? '' : ` because ${patternText(claim.because, moment)}`
      return `${claim.negated ? 'not ' : ''}${renderParts(claim.word.parts, moment)}${because}`
    }
    case 'gone':
      return claim.negated ? 'not gone' : 'gone'
    case 'exists':
      return 'there'
    case 'on':
      return `${claim.negated ? 'not ' : ''}on ${claim.place.text}`
    case 'goes':
      return claim.links
        .map((link) =>
          link.kind === 'ellipsis' ? '...' : `${link.word}${link.action === undefined ? '' : `:${link.action}`}`,
        )
        .join(' -> ')
    case 'can':
      return `${claim.negated ? 'cannot' : 'can'} ${claim.verb} ${claim.object.text}`
  }
}

const actualOf = (fact: Fact, subject: Subject, moment: Moment): string => {
  const { claim } = fact
  if (claim.kind === 'state') return actualState(subject, renderParts(claim.word.parts, moment), moment)
  if (claim.kind === 'on') {
    if (subject.kind === 'container') return `on ${subject.node}`
    const object = subject.kind === 'object' ? presentObject(subject, moment) : undefined
    const node = (object as { readonly spec?: { readonly nodeName?: string } } | undefined)?.spec?.nodeName
    return node === undefined ? 'on no node' : `on ${node}`
  }
  return subject.kind === 'object' && presentObject(subject, moment) === undefined ? 'gone' : 'there'
}

const gatherFact = (fact: Fact, moment: Moment, into: Gathered): void => {
  const expected = claimText(fact, moment)
  if (fact.claim.kind === 'goes') {
    for (const result of chainResults(fact.claim, fact.subject, moment)) {
      if (result.reached) continue
      into.subjects.push(result.key)
      into.comparisons.push({
        subject: nounOf(result.key),
        expected,
        actual: `${result.missing ?? 'the end'} did not come`,
        rows: [],
      })
    }
    return
  }
  const judged = factSubjects(fact, moment)
  const satisfied = judged.filter((one) => one.satisfied)
  if (judged.length === 0) {
    into.comparisons.push({ subject: fact.subject.text, expected, actual: 'not there', rows: [] })
    return
  }
  const plural = judged.length > 1 || fact.count !== undefined
  if (plural) {
    into.comparisons.push({
      subject: fact.subject.text,
      expected: `${countText(fact, moment)} ${expected}`,
      actual: `${satisfied.length} of ${judged.length}`,
      rows: [],
    })
  }
  // Where too many satisfy the claim those are of interest, otherwise those that do not.
  const tooMany = moment.mode === 'never' || fact.count?.kind === 'no' || fact.count?.kind === 'at most'
  const telling = judged.filter((one) => one.satisfied === tooMany)
  // Too few although each of them satisfies it: there should have been more, and these are all.
  if (telling.length === 0) into.subjects.push(...judged.slice(0, most).map(({ subject }) => subjectKey(subject)))
  for (const { subject, satisfied: said } of telling.slice(0, most)) {
    const key = subjectKey(subject)
    into.subjects.push(key)
    const claim = fact.claim
    into.comparisons.push({
      subject: nounOf(key),
      expected: tooMany ? `not ${expected}` : expected,
      actual: said ? expected : actualOf(fact, subject, moment),
      rows:
        claim.kind === 'state' && !said
          ? stateRows(subject, renderParts(claim.word.parts, moment), claim.negated, moment)
          : [],
    })
  }
}

const operators = { '==': '', '!=': 'not ', '<': '< ', '<=': '<= ', '>': '> ', '>=': '>= ' } as const

/** What a `never` asks for. */
const opposite: Readonly<Record<string, string>> = {
  '': 'not ',
  not: '',
  '<': '>= ',
  '<=': '> ',
  '>': '<= ',
  '>=': '< ',
}

const nounSubjects = (expression: Expression, moment: Moment): readonly string[] => {
  switch (expression.kind) {
    case 'noun':
      return resolveNoun(expression.noun, moment).slice(0, most).map(subjectKey)
    case 'path':
      return nounSubjects(expression.of, moment)
    case 'name': {
      const value = moment.bindings.get(expression.name)
      return value?.kind === 'subject' ? [subjectKey(value.subject)] : []
    }
    case 'call':
      return expression.args.flatMap((argument) => nounSubjects(argument.value, moment))
    case 'comprehension':
      return nounSubjects(expression.of, moment)
    case 'arithmetic':
      return [...nounSubjects(expression.left, moment), ...nounSubjects(expression.right, moment)]
    default:
      return []
  }
}

const nameOf = (expression: Expression, moment: Moment): string => {
  if (expression.kind === 'noun') return expression.noun.text
  if (expression.kind === 'path') return nameOf(expression.of, moment)
  if (expression.kind === 'call')
    return `${expression.function}(${expression.args.map((argument) => nameOf(argument.value, moment)).join(', ')})`
  if (expression.kind === 'comprehension') return nameOf(expression.of, moment)
  if (expression.kind === 'name') return expression.name
  if (expression.kind === 'literal' && expression.value.type === 'string') return expression.value.value
  return 'value'
}

const gather = (expression: Expression, moment: Moment, into: Gathered): void => {
  switch (expression.kind) {
    case 'fact':
      return gatherFact(expression, moment, into)
    case 'and': {
      // The conjuncts that fail are named; of a `never` all of them held.
      for (const operand of expression.operands) {
        if (truthOf(operand, moment) === (moment.mode === 'never')) gather(operand, moment, into)
      }
      return
    }
    case 'or':
      return expression.operands.forEach((operand) => gather(operand, moment, into))
    case 'not':
      return gather(expression.operand, moment, into)
    case 'compare': {
      const left = moment.evaluate(expression.left)
      const right = moment.evaluate(expression.right)
      const sign = operators[expression.operator as keyof typeof operators] ?? `${expression.operator} `
      into.subjects.push(...nounSubjects(expression.left, moment), ...nounSubjects(expression.right, moment))
      into.comparisons.push({
        subject: nameOf(expression.left, moment),
        expected: `${moment.mode === 'never' ? (opposite[sign.trim()] ?? `not ${sign}`) : sign}${textOf(right)}`,
        actual: left.kind === 'absent' ? `absent (${left.what})` : textOf(left),
        rows: [],
      })
      return
    }
    case 'event':
      into.comparisons.push({
        subject: expression.on.text,
        expected: `event ${expression.reason}${expression.saying === undefined ? '' : ` saying ${patternText(expression.saying, moment)}`}`,
        actual: truthOf(expression, moment) ? 'it came' : 'it did not come',
        rows: [],
      })
      into.subjects.push(...nounSubjects({ kind: 'noun', noun: expression.on, span: expression.span }, moment))
      return
    case 'quantifier':
      return gatherQuantifier(expression, moment, into)
    case 'invariant': {
      const plan = moment.world.invariants[expression.name]
      if (plan !== undefined) {
        // The invariant is named that broke: a sentence may ask for several.
        into.comparisons.push({
          subject: `invariant ${expression.name}`,
          expected: 'to hold',
          actual: 'broken',
          rows: [],
        })
        gather(plan.predicate, moment, into)
      }
      if (plan === undefined && moment.world.library?.has(expression.name) === true) {
        for (const { subject, message } of moment.world.library.violations(expression.name)) {
          into.comparisons.push({ subject, expected: expression.name, actual: message, rows: [] })
          into.subjects.push(subject)
        }
      }
      return
    }
    case 'absent':
    case 'present':
      into.subjects.push(...nounSubjects(expression.operand, moment))
      into.comparisons.push({
        subject: nameOf(expression.operand, moment),
        expected: expression.kind,
        actual: textOf(moment.evaluate(expression.operand)),
        rows: [],
      })
      return
    default:
  }
}

const gatherQuantifier = (
  expression: Extract<ExpressionBody, { kind: 'quantifier' }>,
  moment: Moment,
  into: Gathered,
): void => {
  const list = moment.evaluate(expression.of)
  const items = list.kind === 'list' ? list.items : []
  const before = moment.bindings.get(expression.variable)
  const truths = items.map((item) => {
    moment.bindings.set(expression.variable, item)
    return truthOf(expression.body, moment)
  })
  const satisfied = truths.filter((truth) => truth).length
  into.comparisons.push({
    subject: nameOf(expression.of, moment),
    expected: expression.quantifier === 'all' ? 'all' : expression.quantifier === 'no' ? 'none' : 'at least one',
    actual: `${satisfied} of ${items.length}`,
    rows: [],
  })
  let shown = 0
  for (const [index, item] of items.entries()) {
    if (truths[index] === (expression.quantifier !== 'no') || shown >= most) continue
    shown += 1
    moment.bindings.set(expression.variable, item)
    // Of an item that should not be so, it is told what it is.
    const { mode } = moment
    if (expression.quantifier === 'no') moment.mode = 'never'
    gather(expression.body, moment, into)
    moment.mode = mode
  }
  if (before === undefined) moment.bindings.delete(expression.variable)
  else moment.bindings.set(expression.variable, before)
}

const summaryOf = (comparisons: readonly Comparison[]): string => {
  const first = comparisons[0]
  return first === undefined ? 'did not hold' : `${first.subject} expected ${first.expected}, was ${first.actual}`
}

/** The predicate that decided: the first of a sequence that did not come, the one that did not hold. */
const deciding = (sentence: Expectation | Monitor, judge: Judge): Expression | undefined => {
  if ('kind' in sentence) return sentence.kind === 'whenever' ? sentence.obligation : sentence.predicate
  const { claim } = sentence
  if (claim.kind === 'predicate') {
    if (claim.predicate.kind === 'before')
      return judge.last[1] === true ? claim.predicate.second : claim.predicate.first
    return claim.predicate
  }
  if (claim.kind !== 'sequence') return undefined
  const reached = 'reached' in judge.operator ? (judge.operator as { readonly reached: number }).reached : 0
  return claim.predicates[reached]
}

const matchFailure = (claim: Extract<Expectation['claim'], { kind: 'matches' }>, moment: Moment): Failure => {
  const subjects = resolveNoun(claim.noun, moment)
  for (const subject of subjects) {
    const object = subject.kind === 'object' ? presentObject(subject, moment) : undefined
    if (subject.kind !== 'object' || object === undefined) continue
    const type = moment.world.scheme().byName(subject.resource)?.type
    const rows = matchRows(claim.pattern.value, object, type, moment)
    if (rows.length === 0) continue
    const key = subjectKey(subject)
    const first = rows[0]!
    return {
      summary: `${nounOf(key)} ${first.path} expected ${first.expected}, was ${first.actual}`,
      comparisons: [],
      difference: {
        subject: key,
        expected: renderTemplate(claim.pattern.value, moment),
        actual: object as never,
        rows,
      },
      subjects: [key],
    }
  }
  return { summary: `nothing matches ${claim.noun.text}`, comparisons: [], difference: undefined, subjects: [] }
}

/** Why a sentence does not hold in the present state: expected and actual, side by side. */
export const describeFailure = (sentence: Expectation | Monitor, judge: Judge): Failure => {
  const { moment } = judge
  if (!('kind' in sentence) && sentence.claim.kind === 'matches') return matchFailure(sentence.claim, moment)
  const into: Gathered = { comparisons: [], subjects: [] }
  const predicate = deciding(sentence, judge)
  moment.mode =
    'kind' in sentence
      ? sentence.kind === 'whenever'
        ? 'expect'
        : sentence.kind === 'never'
          ? 'never'
          : 'always'
      : 'expect'
  moment.since = 0
  if (predicate !== undefined) gather(predicate, moment, into)
  return {
    summary: summaryOf(into.comparisons),
    comparisons: into.comparisons,
    difference: undefined,
    subjects: [...new Set(into.subjects)],
  }
}
