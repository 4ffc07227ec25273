import type { Fuzzer, Problem } from './fuzzer.ts'
import { judge } from './judge.ts'

export interface Finding {
  readonly index: number
  readonly input: string
  readonly problem: Problem
}

/** A smaller input with a problem of the same kind: stretches are left out, ever shorter ones, as long as that helps. */
export const shrink = (fuzzer: Fuzzer, finding: Finding): Finding => {
  // What takes a second takes a second at every try.
  let tries = finding.problem.kind === 'slow' ? 20 : 2000
  let { input, problem } = finding
  const without = (unit: 'lines' | 'characters'): boolean => {
    let helped = false
    const parts = unit === 'lines' ? input.split('\n') : [...input]
    const glue = unit === 'lines' ? '\n' : ''
    for (let length = parts.length >> 1; length > 0; length >>= 1) {
      for (let at = 0; at < parts.length && tries > 0;) {
        const rest = [...parts.slice(0, at), ...parts.slice(at + length)]
        tries -= 1
        const now = judge(fuzzer, rest.join(glue))
        if (now?.kind === problem.kind) {
          parts.splice(at, length)
          problem = now
          helped = true
        } else at += length
      }
    }
    input = parts.join(glue)
    return helped
  }
  while (tries > 0) {
    const lines = without('lines')
    if (!without('characters') && !lines) break
  }
  return { index: finding.index, input, problem }
}
