import type { Judge } from '../expect/judge.ts'
import { failed, held, type Ruling } from '../expect/operators/operator.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Micros } from '../kernel/micros.ts'
import type { LookAhead } from '../record/finding.ts'
import type { JudgeBoard } from './judge-board.ts'

/** The predicate whose coming true is looked for after a failure, and how far to look. */
export interface LookAheadSubject {
  readonly judge: Judge
  readonly predicate: number
  readonly until: Micros
}

/** A sentence that waits for one predicate of another. */
const waitingFor = ({ judge, predicate, until }: LookAheadSubject, now: () => Micros): Judge => {
  const look = (): Ruling | undefined => (judge.holds(predicate) ? held(now()) : undefined)
  return {
    ...judge,
    observe: look,
    elapse: (at) => look() ?? (at >= until ? failed(until) : undefined),
    settled: () => undefined,
    reads: judge.reads,
    get wake() {
      const own = judge.moment.wake
      return own !== undefined && own < until ? own : until
    },
    lastTrue: undefined,
  }
}

/** Goes on with the script frozen, to see whether the claim comes true after all. */
export const lookAhead = (
  subject: LookAheadSubject,
  kernel: Kernel,
  board: JudgeBoard,
  healsPending: () => boolean,
): LookAhead | undefined => {
  if (subject.until <= kernel.now) return { outcome: 'still-false', at: kernel.now }
  let ruling: Ruling | undefined
  let broken = false
  board.add(
    waitingFor(subject, () => kernel.now),
    {
      ruled(given) {
        ruling = given
      },
      broken() {
        broken = true
      },
    },
  )
  while (ruling === undefined && !broken && kernel.step(subject.until)) {
    const next = kernel.nextAt()
    if (ruling === undefined && kernel.settled && !healsPending() && (next === undefined || next > kernel.now)) {
      return { outcome: 'settled-false', at: kernel.now }
    }
  }
  if (broken) return undefined
  if (ruling?.held === true) return { outcome: 'became-true', at: ruling.at }
  return { outcome: 'still-false', at: subject.until }
}
