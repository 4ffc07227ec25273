import { blankFinding } from './blank-finding.ts'
import { nounOf } from '../../api/noun-of.ts'
import type { Operation } from '../../dsl/plan/operation.ts'
import { describeFailure } from '../expect/describe-failure.ts'
import { EvaluationError } from '../expect/evaluation-error.ts'
import type { Judge } from '../expect/judge.ts'
import type { Ruling } from '../expect/operators/operator.ts'
import { durationText } from '../expect/text-of.ts'
import type { Micros } from '../kernel/micros.ts'
import type { Finding } from '../record/finding.ts'
import { causesOf } from './causes.ts'
import { nearMissOf } from './near-miss.ts'
import type { Run } from './run.ts'
import type { Refusal } from './steps/refusal.ts'

type ExpectOperation = Extract<Operation, { kind: 'expect' }>
type MonitorOperation = Extract<Operation, { kind: 'monitor' }>

const plain = (operation: Operation, run: Run): ReturnType<typeof blankFinding> =>
  blankFinding({ span: operation.span, sentence: operation.text }, run.cluster.kernel.now)

/** The script could not do what it said. */
export const errorFinding = (operation: Operation, code: string, message: string, run: Run): Finding => ({
  ...plain(operation, run),
  code,
  severity: 'error',
  message,
})

/** A sentence or an amount that cannot be evaluated; anything else that was thrown is a bug and goes on. */
export const brokenFinding = (operation: Operation, error: unknown, run: Run): Finding => {
  if (!(error instanceof EvaluationError)) throw error
  return errorFinding(operation, 'E205', error.message, run)
}

const refusalLine = ({ reason, message, subject }: Refusal): string =>
  `${nounOf(subject)}: ${reason === '' ? message : `${reason}: ${message}`}`

/** A step was refused that should have gone through: ERROR, or FAIL where it ran out of the time it was given. */
export const refusedFinding = (
  operation: Operation,
  refusals: readonly Refusal[],
  run: Run,
  began: Micros,
): Finding => {
  const timedOut = refusals.every((refusal) => refusal.code === -1 && refusal.reason === 'Timeout')
  const subjects = refusals.map((refusal) => refusal.subject)
  return {
    ...plain(operation, run),
    code: timedOut ? 'F105' : 'E201',
    severity: timedOut ? 'fail' : 'error',
    began,
    message: `${timedOut ? 'did not finish in time' : 'refused'}: ${refusals.map(refusalLine).join('; ')}`,
    subjects,
    why: causesOf(subjects, run),
    help: timedOut ? [] : ['a step that may be refused says so: `fails …` or `may-fail …`'],
  }
}

/** A step that says `fails …` went through, or was refused otherwise. */
export const notRefusedFinding = (
  operation: Extract<Operation, { kind: 'step' }>,
  refusals: readonly Refusal[],
  run: Run,
  began: Micros,
): Finding => {
  const { outcome } = operation.clauses
  const expected = outcome.kind === 'succeeds' ? 'accepted' : (outcome.reason ?? 'a refusal')
  const message =
    refusals.length === 0
      ? 'should have been refused, and was not'
      : `was refused otherwise: ${refusals.map(refusalLine).join('; ')}`
  return {
    ...plain(operation, run),
    code: 'F103',
    severity: 'fail',
    began,
    message,
    comparisons:
      refusals.length === 0
        ? [{ subject: operation.text, expected, actual: 'accepted', rows: [] }]
        : refusals.map((refusal) => ({
            subject: nounOf(refusal.subject),
            expected,
            actual: refusal.reason === '' ? refusal.message : refusal.reason,
            rows: [],
          })),
    subjects: refusals.map((refusal) => refusal.subject),
  }
}

/** `settle` ran out of time: what the cluster still waits for. */
export const unsettledFinding = (operation: Operation, began: Micros, within: Micros, run: Run): Finding => {
  const { kernel } = run.cluster
  const pending = kernel.pending().slice(0, 5)
  const line = (label: string, at: Micros, actor: string): string =>
    `${label === '' ? actor : label} in ${durationText(at - kernel.now)}`
  return {
    ...plain(operation, run),
    code: 'F104',
    severity: 'fail',
    began,
    deadline: began + within,
    message: `the cluster had not settled after ${durationText(within)}`,
    why: pending.map((timer) => ({
      what: timer.actor.name,
      detail: line(timer.label, timer.at, timer.actor.name),
      entry: timer.cause < 0 ? undefined : timer.cause,
      span: undefined,
    })),
  }
}

interface Judged<O extends Operation> {
  readonly operation: O
  readonly judge: Judge
  readonly ruling: Ruling
  readonly began: Micros
  readonly run: Run
}

/** An expectation that was false, did not come in time, or broke. */
export const expectationFinding = (
  judged: Judged<ExpectOperation> & { readonly deadline: Micros | undefined },
): Finding => {
  const { operation, judge, ruling, began, run, deadline } = judged
  const failure = describeFailure(operation.expectation, judge)
  const help: string[] = []
  if (
    operation.expectation.within === undefined &&
    operation.expectation.for === undefined &&
    !operation.expectation.eventually
  ) {
    help.push('without `within` a sentence is judged at once, and no time passes')
  }
  return {
    ...plain(operation, run),
    code: 'F101',
    severity: 'fail',
    began,
    at: ruling.at,
    deadline,
    message: failure.summary,
    comparisons: failure.comparisons,
    difference: failure.difference,
    nearMiss: nearMissOf(judge),
    subjects: failure.subjects,
    why: causesOf(failure.subjects, run),
    help,
  }
}

/** A monitor that broke. */
export const monitorFinding = ({ operation, judge, ruling, began, run }: Judged<MonitorOperation>): Finding => {
  const failure = describeFailure(operation.monitor, judge)
  return {
    ...plain(operation, run),
    code: 'F102',
    severity: 'fail',
    began,
    at: ruling.at,
    message: failure.summary,
    comparisons: failure.comparisons,
    difference: failure.difference,
    nearMiss: undefined,
    subjects: failure.subjects,
    why: causesOf(failure.subjects, run),
  }
}

/** The run came to a limit of time or events. */
export const limitFinding = (span: Finding['span'], message: string, run: Run): Finding => {
  const { timeline, kernel } = run.cluster
  const counts = new Map<string, number>()
  for (let entry = 0; entry < timeline.length; entry += 1) {
    const actor = timeline.actor(entry)
    counts.set(actor, (counts.get(actor) ?? 0) + 1)
  }
  const busiest = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5)
  return {
    ...blankFinding({ span, sentence: run.scenario.title }, kernel.now),
    code: 'E203',
    severity: 'error',
    message,
    began: 0,
    why: busiest.map(([actor, count]) => ({
      what: actor,
      detail: `${count} entries of the timeline`,
      entry: undefined,
      span: undefined,
    })),
    help: ['`@limit(2h, 50M events)` raises the limits; a hot loop shows in the busiest actors'],
  }
}
