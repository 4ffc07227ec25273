import type { Operation } from '../../dsl/plan/operation.ts'
import { faultOf } from '../faults/registry.ts'
import type { FaultHandle } from '../faults/fault.ts'
import { faultRequest } from './fault-request.ts'
import { drawDuration } from './amounts.ts'
import { faultSubject, faultTargets } from './fault-targets.ts'
import { errorFinding } from './findings.ts'
import { noteDrawn } from './run-planned.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'

type Inject = Extract<Operation, { kind: 'inject' }>
type Heal = Extract<Operation, { kind: 'heal' }>

const oddsOf = 1_000_000

/** `inject FAULT TARGET`: takes no time. With `for` or `restart` it heals itself. */
export const injectFault = (operation: Inject, context: ScriptContext): void => {
  const { run, track } = context
  const { kernel, timeline } = run.cluster
  const { clauses, fault: word, target } = operation
  const fault = faultOf(word, target?.resource ?? '', operation.args)
  if (fault === undefined || target === undefined) {
    run.unsupported(`inject ${word} ${target?.text ?? ''}`.trim())
    return
  }
  const lasts = fault.waits === true ? clauses.for : (clauses.for ?? clauses.restart)
  const length = lasts === undefined ? undefined : drawDuration(lasts, presentMoment(context), kernel)
  const { probability } = clauses
  if (
    probability !== undefined &&
    fault.perRequest !== true &&
    kernel.choose('faults/probability', oddsOf) >= probability * oddsOf
  )
    return
  const targets = faultTargets(target, context)
  const from = clauses.from === undefined ? [] : otherEnds(clauses.from, context)
  const missing = targets.find((one) => !isThere(one, context))
  if (targets.length === 0 || missing !== undefined) {
    const what = missing === undefined ? `nothing matches ${target.text}` : `the cluster has no ${missing}`
    if (context.drawn === true) noteDrawn(context, 'skipped', what)
    else run.report(errorFinding(operation, 'E202', what, run))
    return
  }
  const request = faultRequest(operation, { targets, from, context })
  const refusal = fault.refuses?.(request)
  if (refusal !== undefined) {
    run.report(errorFinding(operation, 'E205', refusal, run))
    return
  }
  const write = (action: string): void => {
    const data = Object.freeze({ fault: word, targets, from })
    for (const one of targets)
      kernel.cause = timeline.append('fault', track.actor, `${action} ${word}`, faultSubject(one), data)
  }
  write('inject')
  const injection = fault.inject(request)
  let healed = false
  const handle: FaultHandle = {
    name: word,
    targets,
    healsItself: length !== undefined,
    statement: operation,
    vain: fault.vain ?? 'it was down already',
    get struck() {
      return injection.struck?.() !== false
    },
    get healed() {
      return healed
    },
    heal() {
      if (healed) return
      healed = true
      write('heal')
      injection.heal()
    },
  }
  run.faults.push(handle)
  if (length !== undefined) kernel.after(length, kernel.actor('faults', 'script'), () => handle.heal())
}

/** Whether there is a machine or a process of that name; zones and the ends of a network are only names. */
const isThere = (target: string, { run }: ScriptContext): boolean => {
  if (target.startsWith('node/')) return run.cluster.machine(target.slice('node/'.length)) !== undefined
  if (target.startsWith('webhook/'))
    return run.scenario.cluster.webhooks.some((one) => `webhook/${one.name}` === target)
  if (target.startsWith('extender/'))
    return run.scenario.cluster.extenders?.some((one) => `extender/${one.name}` === target) === true
  return (
    target.startsWith('zone/') ||
    target.startsWith('registry/') ||
    target.includes('*') ||
    run.cluster.process(target) !== undefined
  )
}

/** `apiserver/*` may name servers that do not run yet: such ends stay globs. */
const otherEnds = (noun: NonNullable<Inject['clauses']['from']>, context: ScriptContext): readonly string[] =>
  noun.name?.kind === 'glob' && noun.resource !== 'nodes' && noun.resource !== 'zones'
    ? [noun.text]
    : faultTargets(noun, context)

/** `heal TARGET`, `heal all`: what is healed already, or was never struck, stays as it is. */
export const healFaults = (operation: Heal, context: ScriptContext): void => {
  const { run } = context
  const targets = operation.target === 'all' ? undefined : new Set(faultTargets(operation.target, context))
  const named = run.faults.filter(
    (fault) => !fault.healed && (targets === undefined || fault.targets.some((target) => targets.has(target))),
  )
  for (const fault of named) fault.heal()
  if (targets === undefined || context.drawn === true) return
  const vain = !run.faults.some((fault) => fault.targets.some((target) => targets.has(target)))
  if (vain) run.vainHeals.push(operation)
}
