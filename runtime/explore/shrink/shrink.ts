import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Record } from '../../record/record.ts'
import type { Case, Given } from '../case.ts'
import type { Explorer } from '../explorer.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Attempt, Candidate } from './attempt.ts'
import { shrinkBody, shrinkObjects } from './shrink-body.ts'
import { shrinkInputs } from './shrink-inputs.ts'
import { shrinkSchedule } from './shrink-schedule.ts'

/** A failure, made smaller. */
export interface Shrunk extends Candidate {
  readonly record: Record
  readonly replays: number
  /** Something ended it before nothing went any more. */
  readonly cut: boolean
}

export interface ShrinkBudget {
  readonly replays: number
  /** Events of all replays together: what they cost, whatever the machine. */
  readonly events: number
  /** Whether there is still time: the caller knows the clock. */
  readonly more: () => boolean
}

/** What two candidates differ in. */
const keyOf = ({ inputs, schedule, scenario }: Candidate): string =>
  JSON.stringify([inputs, schedule, scenario.cluster.nodes.map((node) => node.name), shapeOf(scenario)])

const shapeOf = (scenario: ScenarioPlan): unknown =>
  JSON.stringify(scenario.body, (field, value: unknown) => (field === 'text' ? undefined : value))

/** Runs that hold, with which a smaller scenario must hold too: otherwise it breaks of itself, whatever it is given. */
const witnesses = 2

/**
 * Makes a failure smaller without making another one of it: every candidate is run, and only one that breaks the same sentence
 * in the same way is followed (design/exploration.md 2.2). Schedule first, then inputs, statements and objects, until nothing goes.
 * What the scenario itself says is only left out if a run that held before still holds: a claim about what nobody creates is
 * another claim.
 */
export const shrink = (
  explorer: Explorer,
  failing: Case,
  { record, budget, held }: { readonly record: Record; readonly budget: ShrinkBudget; readonly held: Case | undefined },
): Shrunk => {
  const wanted = fingerprint(record)
  let replays = 0
  let events = 0
  let cut = false
  let now: Candidate = { inputs: failing.inputs, schedule: failing.schedule, scenario: explorer.scenario }
  let best = record
  const tried = new Set<string>()
  /** The last of them are the closest to the failure. */
  const passing: Given[] = held === undefined ? [] : [held]

  const run = (given: Given, scenario: ScenarioPlan): Record | undefined => {
    cut ||= replays >= budget.replays || events >= budget.events || !budget.more()
    if (cut) return undefined
    replays += 1
    const again = explorer.run(given, scenario)
    events += again.events
    return again
  }
  /** The scenario is no other one for those that hold. */
  const stillHolds = (scenario: ScenarioPlan): boolean =>
    passing.slice(-witnesses).every((one) => run(one, scenario)?.verdict === 'PASS')

  const attempt: Attempt = {
    property: explorer.property,
    get now() {
      return now
    },
    get record() {
      return best
    },
    get witnessed() {
      return passing.length > 0
    },
    take(change) {
      const next = { ...now, ...change }
      const key = keyOf(next)
      if (tried.has(key)) return false
      const given = { inputs: next.inputs, schedule: next.schedule, seed: failing.seed }
      const again = run(given, next.scenario)
      if (again === undefined) return false
      tried.add(key)
      if (fingerprint(again) !== wanted) {
        if (again.verdict === 'PASS' && next.scenario === explorer.scenario) passing.push(given)
        return false
      }
      if (change.scenario !== undefined && !stillHolds(next.scenario)) return false
      now = next
      best = again
      return true
    },
  }
  for (let round = 0; round < 4 && !cut; round += 1) {
    const before = best
    shrinkSchedule(attempt)
    shrinkInputs(attempt)
    shrinkBody(attempt)
    if (attempt.witnessed) shrinkObjects(attempt)
    if (before === best) break
  }
  return { ...now, record: best, replays, cut }
}
