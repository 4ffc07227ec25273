import type { Expectation, Operation } from '../../dsl/plan/operation.ts'
import { expectationJudge, type TimeClauses } from '../expect/expectation-judge.ts'
import type { Judge } from '../expect/judge.ts'
import { minute, type Micros } from '../kernel/micros.ts'
import type { Finding } from '../record/finding.ts'
import { expectationFinding } from './findings.ts'
import type { LookAheadSubject } from './look-ahead.ts'
import { runChanges } from './run-changes.ts'
import { claimsFixpoint, runFixpoint } from './run-fixpoint.ts'
import { timeClauses } from './time-clauses.ts'
import type { ScriptContext } from './track.ts'
import { noteSentence } from './vacuity.ts'
import type { JudgeAnswer, Script } from './wait.ts'

type ExpectOperation = Extract<Operation, { kind: 'expect' }>

/** How far an expectation without a deadline of its own is looked for after it failed. */
const lookAheadWithout: Micros = 10 * minute

const lookAheadOf = (
  expectation: Expectation,
  times: TimeClauses,
  judge: Judge,
  began: Micros,
): LookAheadSubject | undefined => {
  // A claim that broke cannot come true any more; one that did not come in time may still come.
  if (times.for !== undefined && times.within === undefined) return undefined
  if (expectation.eventually) return undefined
  const predicate = expectation.until === undefined ? judge.last.findLastIndex((holds) => holds !== true) : 1
  const until = began + (times.within === undefined ? lookAheadWithout : 2 * times.within)
  return { judge, predicate: Math.max(0, predicate), until }
}

/** An `expect`: at once, or until it is decided. */
export const runExpect = function* (operation: ExpectOperation, context: ScriptContext): Script {
  const { run, scope } = context
  const { kernel } = run.cluster
  const { expectation } = operation
  if (expectation.claim.kind === 'changes') {
    return yield* runChanges(operation, expectation.claim, context)
  }
  noteSentence(operation, run)
  const times = timeClauses(expectation, context)
  const began = kernel.now
  const judge = expectationJudge(expectation, times, run.world, scope)
  const deadline = times.within === undefined ? undefined : began + times.within
  let finding: Finding | undefined
  const answer = (yield {
    kind: 'judge',
    judge,
    decided(given) {
      if ('ruling' in given && !given.ruling.held) {
        finding = expectationFinding({ operation, judge, ruling: given.ruling, began, run, deadline })
      }
    },
  }) as JudgeAnswer
  if ('error' in answer) throw answer.error
  const { text, span } = operation
  const { held } = answer.ruling
  // `within D1 for D2` has come true D2 before it is known to have stayed so.
  const slack = held && deadline !== undefined ? deadline - (kernel.now - (times.for ?? 0)) : undefined
  run.sentences.push({
    text,
    span,
    began,
    ended: kernel.now,
    deadline,
    held,
    ...(slack === undefined ? {} : { slack }),
  })
  if (finding !== undefined) run.report(finding, lookAheadOf(expectation, times, judge, began))
  else if (claimsFixpoint(expectation)) yield* runFixpoint(operation, context)
}
