import type { Argument, Expression, ExpressionBody, Literal, Noun } from '../../dsl/plan/expression.ts'
import type { Micros } from '../../dsl/plan/micros.ts'
import { calculate } from './arithmetic.ts'
import { compareValues, orderValues } from './compare-values.ts'
import { EvaluationError } from './evaluation-error.ts'
import { eventHolds } from './event-holds.ts'
import { callExternal } from './external.ts'
import { factHolds } from './facts.ts'
import { functions } from './functions.ts'
import type { Moment, PluralMode, Scope, World } from './moment.ts'
import { pathPresent, readPath } from './read-path.ts'
import { renderParts } from './render.ts'
import { isPlural, presentObject, resolveNoun } from './resolve-noun.ts'
import type { Subject } from './subject.ts'
import { textOf } from './text-of.ts'
import { absentValue, booleanValue, listValue, numberValue, stringValue, subjectValue, type Value } from './value.ts'

const regexes = new WeakMap<Literal, Value>()

const literalValue = (literal: Literal): Value => {
  switch (literal.type) {
    case 'int':
    case 'number':
      return numberValue(literal.value)
    case 'string':
      return stringValue(literal.value)
    case 'boolean':
      return booleanValue(literal.value)
    case 'duration':
      return { kind: 'duration', micros: literal.micros, moves: 0 }
    case 'quantity':
      return { kind: 'quantity', text: literal.text }
    case 'percent':
      return { kind: 'percent', value: literal.value }
    case 'regex': {
      let value = regexes.get(literal)
      if (value === undefined) {
        value = { kind: 'regex', regex: new RegExp(literal.source, literal.flags) }
        regexes.set(literal, value)
      }
      return value
    }
  }
}

/** What stands below a path of one thing. */
const subjectPath = (
  subject: Subject,
  path: NonNullable<Extract<ExpressionBody, { kind: 'noun' }>['path']>,
  moment: Moment,
): Value => {
  if (subject.kind === 'object') {
    const object = presentObject(subject, moment)
    if (object === undefined) return absentValue(`${subject.resource}/${subject.name}`)
    const type = moment.world.scheme().byName(subject.resource)?.type
    return readPath(object, path, type, moment.world.epoch)
  }
  const data =
    subject.kind === 'container'
      ? { ...subject.truth, node: subject.node, pod: subject.pod, container: subject.container }
      : subject.kind === 'entry'
        ? moment.world.timeline.data(subject.entry)
        : {
            metadata: { name: subject.name },
            ...(moment.state.truth(`components/${subject.name}`) as object | undefined),
          }
  return readPath(data, path, undefined, moment.world.epoch)
}

const nounValue = (noun: Noun, moment: Moment): Value => {
  const subjects = resolveNoun(noun, moment)
  if (isPlural(noun, moment)) return listValue(subjects.map(subjectValue))
  const only = subjects[0]
  return only === undefined ? absentValue(noun.text) : subjectValue(only)
}

type PathSteps = NonNullable<Extract<ExpressionBody, { kind: 'noun' }>['path']>

const pathOfValue = (value: Value, path: PathSteps, moment: Moment): Value => {
  switch (value.kind) {
    case 'subject':
      return subjectPath(value.subject, path, moment)
    case 'list':
      return listValue(
        value.items.map((item) => pathOfValue(item, path, moment)).filter((item) => item.kind !== 'absent'),
      )
    case 'json':
      return readPath(value.json, path, undefined, moment.world.epoch)
    default:
      return absentValue(textOf(value))
  }
}

const listItems = (value: Value): readonly Value[] => {
  if (value.kind === 'list') return value.items
  if (value.kind === 'absent') return []
  if (value.kind === 'subject') return [value]
  throw new EvaluationError(`a ${value.kind} is no list`)
}

/** Runs `body` with one more binding. */
const bound = <A>(moment: Moment, name: string, value: Value, body: () => A): A => {
  const { bindings } = moment
  const before = bindings.get(name)
  bindings.set(name, value)
  try {
    return body()
  } finally {
    if (before === undefined) bindings.delete(name)
    else bindings.set(name, before)
  }
}

/** When a comparison of something that moves with the clock may come out differently. */
export const wakeAt = (left: Value, right: Value, moment: Moment): void => {
  const a = left.kind === 'duration' || left.kind === 'time' ? left : undefined
  const b = right.kind === 'duration' || right.kind === 'time' ? right : undefined
  const moves = (a?.moves ?? 0) - (b?.moves ?? 0)
  if (moves === 0 || a === undefined || b === undefined) return
  const crossing: Micros = moment.state.now + Math.ceil((b.micros - a.micros) / moves)
  for (const at of [crossing, crossing + 1]) {
    if (at <= moment.state.now) continue
    if (moment.wake === undefined || at < moment.wake) moment.wake = at
    return
  }
}

const isPresent = (operand: Expression, moment: Moment): boolean => {
  if (operand.kind === 'noun' && operand.path !== undefined) {
    const { path } = operand
    return resolveNoun(operand.noun, moment).some((subject) => {
      const object = subject.kind === 'object' ? presentObject(subject, moment) : undefined
      return object !== undefined && pathPresent(object, path)
    })
  }
  if (operand.kind === 'path') {
    const of = moment.evaluate(operand.of)
    if (of.kind === 'subject' && of.subject.kind === 'object') {
      const object = presentObject(of.subject, moment)
      return object !== undefined && pathPresent(object, operand.path)
    }
  }
  const value = moment.evaluate(operand)
  return value.kind !== 'absent' && !(value.kind === 'list' && value.items.length === 0)
}

const quantified = (expression: Extract<ExpressionBody, { kind: 'quantifier' }>, moment: Moment): boolean => {
  const items = listItems(moment.evaluate(expression.of))
  const { quantifier, variable, body } = expression
  if (quantifier === 'all') return items.every((item) => bound(moment, variable, item, () => truthOf(body, moment)))
  const some = items.some((item) => bound(moment, variable, item, () => truthOf(body, moment)))
  return quantifier === 'exists' ? some : !some
}

const callInvariant = (name: string, args: readonly Argument[], moment: Moment): boolean => {
  const plan = moment.world.invariants[name]
  const { library } = moment.world
  if (plan === undefined && library?.has(name) === true) {
    for (const key of library.reads(name)) moment.reads.add(key)
    const holds = library.holds(name)
    const at = library.wakes?.(name)
    if (at !== undefined && (moment.wake === undefined || at < moment.wake)) moment.wake = at
    return holds
  }
  if (plan === undefined) throw new EvaluationError(`there is no invariant \`${name}\``)
  const values = args.map(
    (argument, index) => [argument.name ?? plan.params[index] ?? '', moment.evaluate(argument.value)] as const,
  )
  const run = (index: number): boolean => {
    const next = values[index]
    return next === undefined ? truthOf(plan.predicate, moment) : bound(moment, next[0], next[1], () => run(index + 1))
  }
  return run(0)
}

const callFunction = (expression: Extract<ExpressionBody, { kind: 'call' }>, moment: Moment): Value => {
  const run = functions[expression.function]
  if (run === undefined) throw new EvaluationError(`\`${expression.function}\` has no answer in this version`)
  const { since } = moment
  if (expression.since !== undefined) {
    const mark = moment.marks.get(expression.since)
    if (mark === undefined) throw new EvaluationError(`\`mark ${expression.since}\` has not been reached`)
    moment.since = Math.max(since, mark)
  }
  try {
    return run(
      expression.args.map((argument) => argumentValue(argument.value, moment)),
      moment,
    )
  } finally {
    moment.since = since
  }
}

/** A bare word that names nothing is a word: `skew(pods, zone)`, `requested(n, cpu)`. */
const argumentValue = (expression: Expression, moment: Moment): Value =>
  expression.kind === 'name' && !moment.bindings.has(expression.name)
    ? stringValue(expression.name)
    : moment.evaluate(expression)

/** Notes that a path once had a value: one that never had any makes its sentence vacuous. */
const seen = (value: Value, expression: Expression, moment: Moment): Value => {
  if (value.kind !== 'absent') moment.world.seen?.add(expression)
  return value
}

const evaluate = (expression: Expression, moment: Moment): Value => {
  switch (expression.kind) {
    case 'literal':
      return literalValue(expression.value)
    case 'list':
      return listValue(expression.items.map((item) => evaluate(item, moment)))
    case 'name': {
      const value = moment.bindings.get(expression.name)
      if (value === undefined) throw new EvaluationError(`\`${expression.name}\` is bound to nothing`)
      return value
    }
    case 'noun': {
      const value = nounValue(expression.noun, moment)
      return expression.path === undefined
        ? value
        : seen(pathOfValue(value, expression.path, moment), expression, moment)
    }
    case 'path':
      return seen(pathOfValue(evaluate(expression.of, moment), expression.path, moment), expression, moment)
    case 'call':
      return callFunction(expression, moment)
    case 'external':
      return callExternal(expression, moment)
    case 'comprehension': {
      const items = listItems(evaluate(expression.of, moment))
      return listValue(
        items.filter((item) => bound(moment, expression.variable, item, () => truthOf(expression.where, moment))),
      )
    }
    case 'quantifier':
      return booleanValue(quantified(expression, moment))
    case 'not':
      return booleanValue(!truthOf(expression.operand, moment))
    case 'and':
      return booleanValue(expression.operands.every((operand) => truthOf(operand, moment)))
    case 'or':
      return booleanValue(expression.operands.some((operand) => truthOf(operand, moment)))
    case 'before':
      throw new EvaluationError('`before` can only stand at the top of an `expect`')
    case 'compare': {
      const left = evaluate(expression.left, moment)
      const right = evaluate(expression.right, moment)
      wakeAt(left, right, moment)
      return booleanValue(compareValues(expression.operator, left, right))
    }
    case 'absent':
      return booleanValue(!isPresent(expression.operand, moment))
    case 'present':
      return booleanValue(isPresent(expression.operand, moment))
    case 'arithmetic':
      return calculate(expression.operator, evaluate(expression.left, moment), evaluate(expression.right, moment))
    case 'fact':
      return booleanValue(factHolds(expression, moment))
    case 'event':
      return booleanValue(eventHolds(expression, moment))
    case 'invariant':
      return booleanValue(callInvariant(expression.name, expression.args, moment))
    case 'template':
      return stringValue(renderParts(expression.parts, moment))
    case 'range':
      return rangeValue(evaluate(expression.from, moment), evaluate(expression.to, moment))
    case 'spread':
      throw new EvaluationError('`+/-` is drawn when a statement runs; a predicate has none')
  }
}

/** `1..5` as a list; a range of anything but whole numbers has no members to go through. */
const rangeValue = (from: Value, to: Value): Value => {
  if (from.kind !== 'number' || to.kind !== 'number' || orderValues(from, to) === 1) {
    throw new EvaluationError(`${textOf(from)}..${textOf(to)} is no range of whole numbers`)
  }
  const items: Value[] = []
  for (let number = from.value; number <= to.value; number += 1) items.push(numberValue(number))
  return listValue(items)
}

/** The truth of a predicate in the moment's state. What is no boolean, or absent, is false. */
export const truthOf = (expression: Expression, moment: Moment): boolean => {
  const value = evaluate(expression, moment)
  return value.kind === 'boolean' && value.value
}

/** A moment of a scope: what a sentence of it is judged in. */
export const createMoment = (
  world: World,
  scope: Scope,
  mode: PluralMode,
  history: { readonly began: number; readonly fromNow: boolean } = { began: world.timeline.length, fromNow: false },
): Moment => {
  const moment: Moment = {
    world,
    state: world.state,
    namespace: scope.namespace,
    marks: scope.marks,
    bindings: new Map(scope.bindings),
    mode,
    since: 0,
    began: history.began,
    fromNow: history.fromNow,
    reads: new Set(),
    wake: undefined,
    evaluate: (expression) => evaluate(expression, moment),
  }
  return moment
}
