import type { Operation } from '../../dsl/plan/operation.ts'
import { changeSetSince } from '../expect/change-set.ts'
import { deltaLines, judgeDelta, type DeltaRow } from '../expect/judge-delta.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import type { LastWrite } from '../record/complaint.ts'
import type { Finding } from '../record/finding.ts'
import { blankFinding } from './blank-finding.ts'
import type { Run } from './run.ts'
import { innerScope } from './script-scope.ts'
import { presentMoment } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'
import type { Script } from './wait.ts'

type ExpectOperation = Extract<Operation, { kind: 'expect' }>
type Claim = Extract<ExpectOperation['expectation']['claim'], { kind: 'changes' }>

/** A block that is tried out has so long to come to rest. */
const forkLimit: Micros = 10 * minute

/** What became of a change set: where it is not as its block says, and what it was. */
export interface ChangesOutcome {
  readonly rows: readonly DeltaRow[]
  readonly lines: readonly string[]
  /** Of a fork: what went wrong in it, or false if it never came to rest. */
  readonly findings: readonly Finding[]
  readonly settled: boolean
  /** Of a restart that was tried out: what controllers changed after it. */
  readonly writes?: readonly LastWrite[]
}

const outcomeOf = (claim: Claim, from: number, context: ScriptContext): ChangesOutcome => {
  const set = changeSetSince(context.run.world, from, claim.if !== undefined)
  return {
    rows: judgeDelta(claim.delta, set, presentMoment(context)),
    lines: deltaLines(set),
    findings: [],
    settled: true,
  }
}

const most = 20

const report = (operation: ExpectOperation, outcome: ChangesOutcome, run: Run): void => {
  const { span, text } = operation
  const { now } = run.cluster.kernel
  run.sentences.push({
    text,
    span,
    began: now,
    ended: now,
    deadline: undefined,
    held: outcome.settled && outcome.rows.length === 0 && outcome.findings.length === 0,
  })
  for (const finding of outcome.findings) run.report(finding)
  if (outcome.findings.length > 0) return
  const blank = blankFinding({ span, sentence: text }, now)
  if (!outcome.settled) {
    run.report({ ...blank, code: 'F104', severity: 'fail', message: 'what was tried out never came to rest' })
    return
  }
  if (outcome.rows.length === 0) return
  const { lines } = outcome
  run.report({
    ...blank,
    code: 'F101',
    severity: 'fail',
    message: `the change set is not as listed in ${outcome.rows.length} place${outcome.rows.length === 1 ? '' : 's'}`,
    comparisons: [
      { subject: 'change set', expected: 'as listed', actual: `${lines.length} changes`, rows: outcome.rows },
    ],
    help: [
      lines.length === 0 ? 'nothing changed' : 'it was:',
      ...lines.slice(0, most),
      ...(lines.length > most ? [`… and ${lines.length - most} more`] : []),
    ],
  })
}

/** `expect changes since a are`, `expect changes if { … } are` (language reference 3.13). */
export const runChanges = function* (operation: ExpectOperation, claim: Claim, context: ScriptContext): Script {
  const { run } = context
  if (claim.if === undefined) {
    const from = run.marks.get(claim.since ?? '')
    if (from !== undefined) report(operation, outcomeOf(claim, from, context), run)
    return
  }
  const ordinal = run.forks.next()
  if (run.forks.here === undefined) report(operation, run.forks.tryOut(ordinal), run)
  if (run.forks.here !== ordinal) return
  // This run is the fork: it stood still here in the other one.
  const from = run.cluster.timeline.length
  run.forks.freeze(context.track)
  yield* run.forks.body(claim.if, { ...context, scope: innerScope(context.scope) })
  const settled = (yield { kind: 'settle', deadline: run.cluster.kernel.now + forkLimit }) as boolean
  run.forks.end({ ...outcomeOf(claim, from, context), settled })
}
