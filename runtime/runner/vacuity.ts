import { blankFinding } from './blank-finding.ts'
import type { Expression, Noun } from '../../dsl/plan/expression.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import type { InvariantPlan } from '../../dsl/plan/plan.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import { pathText } from '../expect/read-path.ts'
import type { Finding } from '../record/finding.ts'
import type { Revision } from '../record/revision.ts'
import type { Timeline } from '../record/timeline.ts'
import { revisionsOf } from './revisions-of.ts'
import type { JudgedSentence, Run } from './run.ts'
import { vainFaults } from './vacuous-faults.ts'

interface Found {
  readonly nouns: Noun[]
  readonly paths: Expression[]
  readonly visited: Set<string>
  /** Invariants of the library. */
  readonly library: string[]
}

const visitNoun = (noun: Noun, found: Found): void => {
  if (noun.selector !== undefined && !['events', 'audit', 'containers'].includes(noun.resource)) found.nouns.push(noun)
}

/** Nouns with a selector and paths in a sentence. What asks for absence is left out: it may well never find anything. */
const visit = (expression: Expression, invariants: Readonly<Record<string, InvariantPlan>>, found: Found): void => {
  const go = (inner: Expression): void => visit(inner, invariants, found)
  switch (expression.kind) {
    case 'noun':
      visitNoun(expression.noun, found)
      if (expression.path !== undefined) found.paths.push(expression)
      return
    case 'path':
      found.paths.push(expression)
      return go(expression.of)
    case 'list':
      return expression.items.forEach(go)
    case 'call':
    case 'external':
      return expression.args.forEach((argument) => go(argument.value))
    case 'comprehension':
      go(expression.of)
      return go(expression.where)
    case 'quantifier':
      go(expression.of)
      return go(expression.body)
    case 'not':
      return go(expression.operand)
    case 'and':
    case 'or':
      return expression.operands.forEach(go)
    case 'before':
      go(expression.first)
      return go(expression.second)
    case 'compare':
    case 'arithmetic':
      go(expression.left)
      return go(expression.right)
    case 'fact':
      visitNoun(expression.subject, found)
      if (expression.claim.kind === 'on') visitNoun(expression.claim.place, found)
      return
    case 'event':
      return
    case 'invariant': {
      const plan = invariants[expression.name]
      if (plan === undefined) found.library.push(expression.name)
      if (plan === undefined || found.visited.has(expression.name)) return
      found.visited.add(expression.name)
      return go(plan.predicate)
    }
    case 'absent':
    case 'present':
    case 'literal':
    case 'name':
    case 'template':
    case 'range':
    case 'spread':
  }
}

const predicatesOf = (operation: Operation): readonly Expression[] => {
  if (operation.kind === 'monitor') {
    const { monitor } = operation
    return monitor.kind === 'whenever' ? [monitor.trigger, monitor.obligation] : [monitor.predicate]
  }
  if (operation.kind !== 'expect') return []
  const { claim, until } = operation.expectation
  const rest = until === undefined ? [] : [until]
  if (claim.kind === 'predicate') return [claim.predicate, ...rest]
  return claim.kind === 'sequence' ? claim.predicates : rest
}

/** Notes a sentence for the question whether it spoke of anything. */
export const noteSentence = (operation: Operation, run: Run, triggered?: () => number): void => {
  const found: Found = { nouns: [], paths: [], visited: new Set(), library: [] }
  for (const predicate of predicatesOf(operation)) visit(predicate, run.world.invariants, found)
  const { nouns, paths, library } = found
  run.judged.push({ span: operation.span, text: operation.text, nouns, paths, library, triggered })
}

/** Whether a selector matched anything at any time of the run, judged or not. */
const everMatched = (noun: Noun, timeline: Timeline): boolean => {
  const text = (noun.selector ?? []).map((part) => (typeof part === 'string' ? part : '')).join('')
  if ((noun.selector ?? []).some((part) => typeof part !== 'string')) return true
  const selector = parseLabelSelector(text)
  if (!('matches' in selector)) return true
  return revisionsOf(timeline, noun.resource).some((entry) => {
    const { object, before } = timeline.data(entry) as Revision
    return selector.matches((object ?? before)?.metadata.labels)
  })
}

const finding = (sentence: JudgedSentence, message: string, run: Run): Finding => ({
  ...blankFinding({ span: sentence.span, sentence: sentence.text }, run.cluster.kernel.now),
  code: 'W301',
  severity: 'warning',
  message,
  began: 0,
})

const isResource = (key: string): boolean => !['*', 'verdict', 'request', 'quiet'].includes(key) && !key.endsWith('/')

/** An invariant of the library that reads some resources alone, of which no object was there in the whole run. */
const looksAtNothing = (name: string, { world, cluster }: Run): boolean => {
  const { library } = world
  if (library?.has(name) !== true) return false
  const reads = library.reads(name).filter((key) => key !== 'quiet')
  return (
    reads.length > 0 &&
    reads.every(
      (key) =>
        isResource(key) &&
        cluster.state.list(key, undefined).length === 0 &&
        revisionsOf(cluster.timeline, key).length === 0,
    )
  )
}

/** Sentences that spoke of nothing (K301): a selector that never matched, a path that no state had, a `whenever` never triggered. */
export const vacuousFindings = (run: Run): readonly Finding[] => {
  const seen = run.world.seen ?? new Set<object>()
  const found: Finding[] = []
  for (const sentence of run.judged) {
    const noun = (sentence.nouns as readonly Noun[]).find(
      (one) => !seen.has(one) && !everMatched(one, run.cluster.timeline),
    )
    const path = (sentence.paths as readonly Expression[]).find((one) => !seen.has(one))
    if (noun !== undefined) found.push(finding(sentence, `vacuous: nothing ever matched ${noun.text}`, run))
    else if (path !== undefined && (path.kind === 'noun' || path.kind === 'path')) {
      const where = path.kind === 'noun' ? path.noun.text : ''
      found.push(
        finding(sentence, `vacuous: ${where}${pathText(path.path ?? [])} was there in no state of the run`, run),
      )
    } else if (sentence.library.some((name) => looksAtNothing(name, run))) {
      const name = sentence.library.find((one) => looksAtNothing(one, run))!
      const kinds = (run.world.library?.reads(name) ?? []).filter(isResource).join(', ')
      found.push(finding(sentence, `vacuous: ${name} looks at ${kinds}, and there were none`, run))
    } else if (sentence.triggered?.() === 0) {
      found.push(finding(sentence, 'vacuous: this `whenever` was never triggered', run))
    }
  }
  for (const { statement, message } of vainFaults(run))
    found.push(finding({ ...statement, nouns: [], paths: [], library: [], triggered: undefined }, message, run))
  return found
}
