import { basename } from 'node:path'
import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { answerDecision, type DecisionCase } from '../scheduler/decision-case.ts'
import { difference } from '../scheduler/difference.ts'

const judge = (recorded: { readonly expect?: unknown }, answer: () => unknown): string | undefined => {
  const lines = difference(recorded.expect, answer())
  return lines.length === 0 ? undefined : lines.join('\n')
}

const runnerOf = (file: string, recorded: never): (() => string | undefined) => {
  void file
  return () => judge(recorded, () => answerDecision(recorded as DecisionCase))
}

export const area: Area = {
  name: 'scheduler',
  *cases(folder): Generator<ConformanceCase> {
    for (const file of caseFiles(folder)) {
      const name = basename(file)
      for (const line of readLines(file)) {
        const recorded = line as { readonly id: string }
        yield { id: recorded.id, file: name, recorded, run: runnerOf(name, recorded as never) }
      }
    }
  },
}
