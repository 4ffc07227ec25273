import { parseFile } from '../../../dsl/syntax/parse.ts'
import type { Compile } from './fuzzer.ts'

/** A compiler with a mistake of the kind that hides well: a deadline of no length, and only where a state word stands before it. */
export const plantedCompile =
  (compile: Compile): Compile =>
  (paths, host) => {
    const source = host.read(paths[0] ?? '', '')
    if (!('error' in source)) {
      const body = JSON.stringify(parseFile(source).file ?? null)
      if (/"kind":"state".*"kind":"within","amount":\{"type":"(?:noun|range)"/.test(body))
        throw new TypeError('planted: this deadline has no length')
    }
    return compile(paths, host)
  }
