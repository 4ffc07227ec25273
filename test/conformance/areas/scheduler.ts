import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { actionNames } from '../../../runtime/scheduler/cluster-event.ts'
import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'
import { answerDecision, worldOf, type DecisionCase } from '../scheduler/decision-case.ts'
import { difference } from '../scheduler/difference.ts'
import { answerHint, type HintCase } from '../scheduler/hint-case.ts'
import { answerSampling, recordedSampling, type SamplingCase } from '../scheduler/sampling-case.ts'
import { answerSequence, type SequenceCase } from '../scheduler/sequence-case.ts'

const compare = (expected: unknown, given: unknown): string | undefined => {
  const lines = difference(expected, given)
  return lines.length === 0 ? undefined : lines.join('\n')
}

const expectOf = (recorded: unknown): unknown => (recorded as { readonly expect: unknown }).expect

const judge = (file: string, recorded: unknown): string | undefined => {
  switch (file.replace(/\..*$/, '')) {
    case 'hints':
      return compare(expectOf(recorded), answerHint(recorded as HintCase))
    case 'sequences':
      return compare(expectOf(recorded), answerSequence(recorded as SequenceCase))
    case 'sampling':
      return compare(recordedSampling(recorded as SamplingCase), answerSampling(recorded as SamplingCase))
    default:
      return compare(expectOf(recorded), answerDecision(recorded as DecisionCase))
  }
}

/** Plugin → resource → actions, as the recorded table has it. */
const registrations = (): unknown => {
  const { framework } = worldOf({})
  const table: Record<string, Record<string, string[]>> = {}
  for (const { plugin, registration } of framework.hints) {
    const { resource, actions } = registration.event
    const own = (table[plugin] ??= {})
    own[resource] = [...new Set([...(own[resource] ?? []), ...actionNames(actions)])].sort()
  }
  return table
}

export const area: Area = {
  name: 'scheduler',
  *cases(folder): Generator<ConformanceCase> {
    for (const path of caseFiles(folder)) {
      const file = basename(path)
      for (const recorded of readLines(path)) {
        yield { id: (recorded as { readonly id: string }).id, file, recorded, run: () => judge(file, recorded) }
      }
    }
    const file = 'hint-registrations.json'
    const recorded = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown
    yield { id: 'hint-registrations', file, recorded, run: () => compare(recorded, registrations()) }
  },
}
