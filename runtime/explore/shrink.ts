import type { Operation } from '../../dsl/plan/operation.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'
import type { Generator, Inputs, InputValue, PlannedStep } from '../../dsl/plan/property.ts'
import { millisecond } from '../kernel/micros.ts'
import type { Record } from '../record/record.ts'
import { canonicalSchedule, isCanonical, type Disturbance, type Schedule } from '../runner/schedule.ts'
import type { Case, Explorer } from './explorer.ts'
import { fingerprint } from './fingerprint.ts'
import { lower, minimize } from './minimize.ts'

/** A failure, made smaller. */
export interface Shrunk {
  readonly inputs: Inputs
  readonly schedule: Schedule
  readonly scenario: ScenarioPlan
  /** Offsets of the statements of the body that it does without. */
  readonly dropped: readonly number[]
  readonly record: Record
  readonly replays: number
}

export interface ShrinkBudget {
  readonly replays: number
  /** Whether there is still time: the caller knows the clock. */
  readonly more: () => boolean
}

/** What gives the cluster time, or heals it, holds the meaning of the claims behind it: without it they are other claims. */
const holding = new Set<Operation['kind']>(['settle', 'wait', 'at', 'every', 'expect', 'heal'])
/** What goes with its users, and is nothing by itself. */
const named = new Set<Operation['kind']>(['let', 'let-any', 'mark', 'namespace', 'user', 'behavior'])

const isDroppable = (operation: Operation): boolean => {
  if (holding.has(operation.kind) || named.has(operation.kind)) return false
  const bodies = 'body' in operation ? operation.body.operations : []
  return bodies.every((one) => named.has(one.kind) || isDroppable(one))
}

/**
 * Makes a failure smaller without making another one of it: every candidate is run, and only one that breaks the same sentence
 * in the same way is followed (design/exploration.md 2.2). Schedule first, then inputs, then statements, until nothing goes.
 */
export const shrink = (explorer: Explorer, failing: Case, record: Record, budget: ShrinkBudget): Shrunk => {
  const wanted = fingerprint(record)
  const { property } = explorer
  let replays = 0
  let inputs = failing.inputs
  let schedule = failing.schedule
  let scenario = explorer.scenario
  let best = record
  const dropped: number[] = []
  const tried = new Set<string>()

  /** Runs a candidate; true, and it is the new best, if it fails in the same way. */
  const take = (candidate: { inputs?: Inputs; schedule?: Schedule; scenario?: ScenarioPlan }): boolean => {
    if (replays >= budget.replays || !budget.more()) return false
    const next = { inputs, schedule, scenario, ...candidate }
    const key = JSON.stringify([next.inputs, next.schedule, next.scenario.body.operations.map((one) => one.span.start)])
    if (tried.has(key)) return false
    tried.add(key)
    replays += 1
    const again = explorer.run({ inputs: next.inputs, schedule: next.schedule, seed: failing.seed }, next.scenario)
    if (fingerprint(again) !== wanted) return false
    ;({ inputs, schedule, scenario } = next)
    best = again
    return true
  }
  const input = (name: string, value: InputValue): boolean => take({ inputs: { ...inputs, [name]: value } })

  const shrinkSchedule = (): void => {
    if (isCanonical(schedule) || take({ schedule: canonicalSchedule })) return
    if (schedule.drawn) take({ schedule: { ...schedule, drawn: false } })
    if (schedule.jitter) take({ schedule: { ...schedule, jitter: false } })
    const withOnly = (disturbances: readonly Disturbance[]): boolean =>
      take({ schedule: { ...schedule, disturbances } })
    minimize(schedule.disturbances, withOnly)
    for (let index = 0; index < schedule.disturbances.length; index += 1) {
      const replaced = (one: Disturbance): boolean =>
        withOnly(schedule.disturbances.map((other, at) => (at === index ? one : other)))
      const one = schedule.disturbances[index]!
      // Whole tenths of a second read better than the last millisecond.
      const grain = 100 * millisecond
      const shorter = (micros: number, of: (length: number) => Disturbance): void => {
        lower(1, Math.ceil(micros / grain), (tenths) => tenths * grain < micros && replaced(of(tenths * grain)))
      }
      if (one.kind === 'slow') shorter(one.by, (by) => ({ ...one, by }))
      else shorter(one.for, (length) => ({ ...one, for: length }))
      if (one.kind === 'crash') lower(1, one.write, (write) => write < one.write && replaced({ ...one, write }))
    }
  }

  const shrinkSteps = (name: string, steps: readonly PlannedStep[]): void => {
    minimize(steps, (some) => input(name, { kind: 'plan', steps: some }))
    const now = (): readonly PlannedStep[] => (inputs[name] as { readonly steps: readonly PlannedStep[] }).steps
    for (let index = 0; index < now().length; index += 1) {
      const step = now()[index]!
      const before = now()[index - 1]?.at ?? 0
      if (step.at === undefined || step.at <= before) continue
      const second = 1000 * millisecond
      lower(Math.ceil(before / second), Math.ceil(step.at / second), (at) =>
        at * second >= step.at!
          ? false
          : input(name, {
              kind: 'plan',
              steps: now().map((one, place) => (place === index ? { ...one, at: at * second } : one)),
            }),
      )
    }
  }

  const shrinkValue = (name: string, generator: Generator, value: InputValue): void => {
    if (value.kind === 'plan') return shrinkSteps(name, value.steps)
    if (value.kind === 'list') {
      minimize(value.items, (items) => input(name, { kind: 'list', items }))
      return
    }
    if (generator.kind === 'one-of') {
      for (const simpler of generator.values) {
        if (simpler === value.value || input(name, { kind: 'value', value: simpler })) return
      }
      return
    }
    if (generator.kind !== 'range') return
    const { from } = generator
    const literal = value.value
    if (input(name, { kind: 'value', value: from })) return
    if (from.type === 'int' && literal.type === 'int')
      lower(
        from.value,
        literal.value,
        (to) => to < literal.value && input(name, { kind: 'value', value: { type: 'int', value: to } }),
      )
    if (from.type === 'duration' && literal.type === 'duration') {
      const second = 1000 * millisecond
      lower(
        Math.ceil(from.micros / second),
        Math.ceil(literal.micros / second),
        (to) =>
          to * second < literal.micros &&
          input(name, { kind: 'value', value: { type: 'duration', micros: to * second } }),
      )
    }
  }

  const dropStatements = (): void => {
    const { operations } = scenario.body
    const droppable = operations.filter((one) => isDroppable(one) && one.span.file === scenario.span.file)
    const without = (some: readonly Operation[]): boolean => {
      const staying = new Set(some)
      return take({
        scenario: {
          ...scenario,
          body: { operations: operations.filter((one) => staying.has(one) || !droppable.includes(one)) },
        },
      })
    }
    const before = scenario.body.operations
    minimize(droppable, without)
    const after = new Set(scenario.body.operations)
    for (const one of before) if (!after.has(one)) dropped.push(one.span.start)
  }

  for (let round = 0; round < 4; round += 1) {
    const before = replays === 0 ? -1 : tried.size
    const bestBefore = best
    shrinkSchedule()
    for (const { name, generator } of property.inputs) shrinkValue(name, generator, inputs[name]!)
    dropStatements()
    if (bestBefore === best || before === tried.size) break
  }
  return { inputs, schedule, scenario, dropped: dropped.sort((a, b) => a - b), record: best, replays }
}
