import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Record } from '../../record/record.ts'
import type { Case, Explorer } from '../explorer.ts'
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

/**
 * Makes a failure smaller without making another one of it: every candidate is run, and only one that breaks the same sentence
 * in the same way is followed (design/exploration.md 2.2). Schedule first, then inputs, statements and objects, until nothing goes.
 */
export const shrink = (explorer: Explorer, failing: Case, record: Record, budget: ShrinkBudget): Shrunk => {
  const wanted = fingerprint(record)
  let replays = 0
  let events = 0
  let cut = false
  let now: Candidate = { inputs: failing.inputs, schedule: failing.schedule, scenario: explorer.scenario }
  let best = record
  const tried = new Set<string>()
  const attempt: Attempt = {
    property: explorer.property,
    get now() {
      return now
    },
    get record() {
      return best
    },
    take(change) {
      cut ||= replays >= budget.replays || events >= budget.events || !budget.more()
      if (cut) return false
      const next = { ...now, ...change }
      const key = keyOf(next)
      if (tried.has(key)) return false
      tried.add(key)
      replays += 1
      const again = explorer.run({ inputs: next.inputs, schedule: next.schedule, seed: failing.seed }, next.scenario)
      events += again.events
      if (fingerprint(again) !== wanted) return false
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
    shrinkObjects(attempt)
    if (before === best) break
  }
  return { ...now, record: best, replays, cut }
}
