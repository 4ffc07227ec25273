import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { compareCase } from './controllers/compare-case.ts'
import type { RecordedCase } from './controllers/recorded-case.ts'
import { replayCase } from './controllers/run-case.ts'

/** Scripted runs of the real kube-controller-manager, played again in virtual time. */
export const area: Area = {
  name: 'controllers',
  *cases(folder: string): Iterable<ConformanceCase> {
    for (const file of caseFiles(folder)) {
      for (const recorded of readLines(file) as RecordedCase[]) {
        yield { id: recorded.id, file, recorded, run: () => compareCase(recorded, replayCase(recorded)) }
      }
    }
  },
}
