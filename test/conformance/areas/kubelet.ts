import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { compareCase, compareUntimed } from './kubelet/compare-case.ts'
import type { RecordedCase } from './kubelet/recorded-case.ts'
import { runCase } from './kubelet/run-case.ts'

/** The real kubelet over a scripted container runtime, in virtual time. */
export const area: Area = {
  name: 'kubelet',
  *cases(folder: string): Iterable<ConformanceCase> {
    for (const file of caseFiles(folder)) {
      for (const recorded of readLines(file) as RecordedCase[]) {
        yield {
          id: recorded.id,
          file,
          recorded,
          run: () => compareCase(recorded, runCase(recorded)),
          untimed: () => compareUntimed(recorded, runCase(recorded)),
        }
      }
    }
  },
}
