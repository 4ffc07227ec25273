import type { Area, ConformanceCase } from '../area.ts'
import { millisecond, second } from '../../../runtime/kernel/micros.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { compareCase } from './controllers/compare-case.ts'
import type { RecordedCase } from './controllers/recorded-case.ts'
import { replayCase, usual } from './controllers/run-case.ts'
import type { Circumstances } from './controllers/stage.ts'

/** Two requests or a request and a tick that come within milliseconds of each other may fall either way; so they may here. */
const circumstances: readonly Circumstances[] = [
  usual,
  { ...usual, readWay: 8 * millisecond },
  { ...usual, way: millisecond, readWay: millisecond },
  { ...usual, way: 9 * millisecond, readWay: 9 * millisecond },
  { ...usual, phase: 1.5 * second },
  { ...usual, phase: 3 * second },
  { ...usual, phase: 6 * second },
  { ...usual, phase: 9 * second },
  { ...usual, phase: 12 * second },
]

/** Agrees in some of the circumstances that the recording leaves open; else what differs in the usual ones. */
const runCase = (recorded: RecordedCase): string | undefined => {
  let first: string | undefined
  for (const one of circumstances) {
    const difference = compareCase(recorded, replayCase(recorded, one))
    if (difference === undefined) return undefined
    first ??= difference
  }
  return first
}

/** Scripted runs of the real kube-controller-manager, played again in virtual time. */
export const area: Area = {
  name: 'controllers',
  *cases(folder: string): Iterable<ConformanceCase> {
    for (const file of caseFiles(folder)) {
      for (const recorded of readLines(file) as RecordedCase[]) {
        yield { id: recorded.id, file, recorded, run: () => runCase(recorded) }
      }
    }
  },
}
