import { deepFreeze } from '../../api/json/deep-freeze.ts'
import type { Block, Operation } from '../../dsl/plan/operation.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import { resolveNoun } from '../expect/resolve-noun.ts'
import { instantText, textOf } from '../expect/text-of.ts'
import { subjectKey } from '../expect/subject.ts'
import { subjectValue, type Value } from '../expect/value.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import { causesOf } from './causes.ts'
import { ensureNamespace } from './ensure-namespace.ts'
import { drawDuration, drawNumber, drawValue } from './amounts.ts'
import { brokenFinding, errorFinding, unsettledFinding } from './findings.ts'
import { startMonitor } from './monitors.ts'
import { rfc3339 } from './rfc3339.ts'
import { runExpect } from './run-expect.ts'
import { healFaults, injectFault } from './run-fault.ts'
import { runExternal } from './run-external.ts'
import { runPlanned } from './run-planned.ts'
import { takeSnapshot } from './run-snapshot.ts'
import { runStep } from './run-step.ts'
import { innerScope } from './script-scope.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext, Track } from './track.ts'
import type { Script } from './wait.ts'

/** Settling takes at most so long, unless the statement says otherwise. */
const settleLimit: Micros = 10 * minute

/** The statements of a `{ }`, top to bottom. Its monitors end with it. */
export const runBlock = function* (block: Block, context: ScriptContext): Script {
  yield* runStatements(block, context)
  for (const monitor of context.scope.monitors) monitor.close()
}

/** The same, with the scope left open. */
export const runStatements = function* (block: Block, context: ScriptContext): Script {
  for (const operation of block.operations) yield* runOperation(operation, context)
}

const inside = (context: ScriptContext, only?: ReadonlyMap<string, Value>): ScriptContext => ({
  ...context,
  scope: innerScope(context.scope, only),
})

/** Runs one statement; what cannot be evaluated in it is a finding, not a crash. */
const runOperation = function* (operation: Operation, context: ScriptContext): Script {
  const { run, track } = context
  const { timeline } = run.cluster
  const silent = operation.kind === 'let' || operation.kind === 'scope' || operation.kind === 'steps'
  if (!silent)
    timeline.append(
      'step',
      track.actor,
      operation.kind === 'step' ? operation.step.verb : operation.kind,
      track.actor.name,
      operation.text,
    )
  try {
    yield* statement(operation, context)
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    run.report(brokenFinding(operation, error, run))
    if (!run.keepGoing) yield { kind: 'halt' }
  }
}

const until = function* (at: Micros): Script {
  yield { kind: 'time', at }
}

const letAny = (operation: Extract<Operation, { kind: 'let-any' }>, context: ScriptContext): void => {
  const { run, scope } = context
  const found = resolveNoun(operation.noun, presentMoment(context))
  if (found.length === 0) {
    run.report(errorFinding(operation, 'E202', `nothing matches ${operation.noun.text}`, run))
    return
  }
  scope.bindings.set(operation.name, subjectValue(found[run.cluster.kernel.choose('script/any', found.length)]!))
}

/** `explain N`: why each of them is in the state it is in goes into the timeline. */
const explain = (operation: Extract<Operation, { kind: 'explain' }>, context: ScriptContext): void => {
  const { run, track } = context
  for (const subject of resolveNoun(operation.noun, presentMoment(context)).map(subjectKey)) {
    run.cluster.timeline.append('step', track.actor, 'explain', subject, deepFreeze(causesOf([subject], run)))
  }
}

/** Runs the block at +0, +D, … while the start lies before the end; without an end until the scenario ends. */
const every = function* (operation: Extract<Operation, { kind: 'every' }>, context: ScriptContext): Script {
  const { run } = context
  const { kernel } = run.cluster
  const length = operation.for === undefined ? undefined : drawDuration(operation.for, presentMoment(context), kernel)
  const end = length === undefined ? undefined : kernel.now + length
  let start = kernel.now
  while ((end === undefined || start < end) && !(end === undefined && run.ending)) {
    yield* runBlock(operation.body, inside(context))
    start += drawDuration(operation.interval, presentMoment(context), kernel)
    if (end !== undefined && start >= end) return yield* until(Math.max(kernel.now, end))
    if (end !== undefined) yield* until(Math.max(kernel.now, start))
    else if ((yield { kind: 'tick', at: Math.max(kernel.now, start) }) === false) return
  }
}

/** `at 5m`, `at 2025-01-01T00:10:00Z`: K201 if that is past. */
const sleepUntil = function* (operation: Extract<Operation, { kind: 'at' }>, context: ScriptContext): Script {
  const { run } = context
  const { kernel } = run.cluster
  const value = drawValue(operation.time, presentMoment(context), kernel)
  let at: Micros
  if (value.kind === 'duration') at = value.micros
  else if (value.kind === 'string' && !Number.isNaN(Date.parse(value.value)))
    at = Date.parse(value.value) * 1000 - kernel.epoch
  else throw new EvaluationError(`\`${textOf(value)}\` is no instant`)
  if (at < kernel.now) {
    const when = value.kind === 'string' ? rfc3339(kernel.epoch + kernel.now) : instantText(kernel.now)
    run.report(errorFinding(operation, 'E204', `the clock is already past ${textOf(value)}: it is ${when} here`, run))
    if (!run.keepGoing) yield { kind: 'halt' }
    return
  }
  yield* until(at)
}

const settle = function* (operation: Extract<Operation, { kind: 'settle' }>, context: ScriptContext): Script {
  const { run } = context
  const { kernel } = run.cluster
  const began = kernel.now
  const within =
    operation.within === undefined ? settleLimit : drawDuration(operation.within, presentMoment(context), kernel)
  const settled = (yield { kind: 'settle', deadline: began + within }) as boolean
  const { span, text } = operation
  run.sentences.push({ text, span, began, ended: kernel.now, deadline: began + within, held: settled })
  if (!settled) run.report(unsettledFinding(operation, began, within, run))
}

/** A track for each child of a `parallel`; the statement ends with the last of them. */
const parallel = function* (body: Block, context: ScriptContext): Script {
  const tracks: Track[] = body.operations.map((child) =>
    context.run.start((track) => runBlock({ operations: [child] }, { ...inside(context), track })),
  )
  yield { kind: 'tracks', tracks }
}

const statement = function* (operation: Operation, context: ScriptContext): Script {
  const { run, scope } = context
  const { kernel } = run.cluster
  switch (operation.kind) {
    case 'wait':
      return yield* until(kernel.now + drawDuration(operation.amount, presentMoment(context), kernel))
    case 'at':
      return yield* sleepUntil(operation, context)
    case 'settle':
      yield* settle(operation, context)
      break
    case 'every':
      return yield* every(operation, context)
    case 'repeat': {
      const times = drawNumber(operation.times, presentMoment(context), kernel)
      for (let turn = 0; turn < times; turn += 1) yield* runBlock(operation.body, inside(context))
      return
    }
    case 'each': {
      const value = presentMoment(context).evaluate(operation.in)
      const items = value.kind === 'list' ? value.items : [value]
      for (const item of items) {
        const inner = inside(context)
        inner.scope.bindings.set(operation.variable, item)
        yield* runBlock(operation.body, inner)
      }
      return
    }
    case 'on':
      if (operation.where === 'sim') yield* runBlock(operation.body, inside(context))
      return
    case 'external':
      yield* runExternal(operation, context)
      break
    case 'plan':
      return yield* runPlanned(operation.name, inside(context), (block, inner) => runBlock(block, inner))
    case 'scope':
      return yield* runBlock(operation.body, inside(context))
    case 'background':
      run.start((track) => runBlock(operation.body, { ...inside(context), track }))
      return
    case 'parallel':
      return yield* parallel(operation.body, context)
    case 'steps': {
      const moment = presentMoment(context)
      const values = new Map(operation.bindings.map(({ name, value }) => [name, drawValue(value, moment, kernel)]))
      return yield* runBlock(operation.body, inside(context, values))
    }
    case 'let':
      scope.bindings.set(operation.name, drawValue(operation.value, presentMoment(context), kernel))
      return
    case 'let-any':
      letAny(operation, context)
      break
    case 'namespace':
      scope.namespace = operation.name
      return yield* ensureNamespace(operation, context)
    case 'behavior':
      run.behaviors.push(operation.behavior)
      run.cluster.addBehavior(operation.behavior)
      return
    case 'user':
      run.users.set(operation.name, operation.groups)
      return
    case 'mark':
      run.marks.set(operation.name, run.cluster.timeline.length)
      return
    case 'explain':
      return explain(operation, context)
    case 'snapshot':
      takeSnapshot(operation, context)
      break
    case 'expect':
      yield* runExpect(operation, context)
      break
    case 'monitor':
      startMonitor(operation, context)
      break
    case 'inject':
      injectFault(operation, context)
      break
    case 'heal':
      healFaults(operation, context)
      return
    case 'step':
      yield* runStep(operation, context)
  }
  if (run.halted) yield { kind: 'halt' }
}
