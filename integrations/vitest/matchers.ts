import type { Record } from '../../runtime/record/record.ts'
import { holds, reportOf } from './scenario-failure.ts'

interface Judgement {
  readonly pass: boolean
  readonly message: () => string
}

const noSources: ReadonlyMap<string, string> = new Map()

/** For `expect.extend(matchers)`. */
export const matchers: {
  readonly toHold: (record: Record) => Judgement
  readonly toBreak: (record: Record, sentence: string) => Judgement
} = {
  /** All that the scenario claims was true. */
  toHold(record) {
    return {
      pass: holds(record),
      message: () =>
        `${holds(record) ? 'something was expected to break in' : 'expected to hold:'}\n${reportOf(record, noSources)}`,
    }
  },
  /** A sentence that begins so was false. */
  toBreak(record, sentence) {
    const broken = record.findings.filter((one) => one.severity === 'fail').map((one) => one.sentence)
    const pass = broken.some((one) => one.startsWith(sentence))
    return {
      pass,
      message: () =>
        `"${sentence}" was expected ${pass ? 'to hold' : 'to break'}; ${broken.length === 0 ? 'all held' : `what broke: ${broken.join('; ')}`}`,
    }
  },
}
