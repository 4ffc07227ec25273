import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { describeDifference } from './functions/describe-difference.ts'
import { topics } from './functions/topics.ts'

interface Call {
  readonly id: string
  readonly fn: string
  readonly in: unknown
  readonly out: unknown
}

/** Pure functions, called with recorded inputs. */
export const area: Area = {
  name: 'functions',
  *cases(folder: string): Iterable<ConformanceCase> {
    for (const file of caseFiles(folder)) {
      for (const call of readLines(file) as Call[]) {
        const topic = call.id.split('/')[0] ?? ''
        yield {
          id: call.id,
          file,
          recorded: call,
          run: () => {
            const answer = topics[topic]?.[call.fn]
            if (answer === undefined) return `no function ${topic} ${call.fn}`
            return describeDifference(call.out, answer(call.in))
          },
        }
      }
    }
  },
}
