import type { SourceFile, SourceHost } from '../../../dsl/source/source-file.ts'
import type { CorpusFile } from '../fuzzer.ts'

/** One file under test among the corpus: imports and manifests are found by the end of their path, wherever they are asked from. */
export const createFuzzHost = (corpus: readonly CorpusFile[], text: string): SourceHost => {
  const find = (path: string): SourceFile | undefined => {
    const wanted = path.replace(/^(?:\.{0,2}\/)+/, '')
    return corpus.find((one) => one.path === wanted || one.path.endsWith(`/${wanted}`))
  }
  return {
    read: (path) => (path === 'fuzz.kscn' ? { path, text } : (find(path) ?? { error: 'there is no such file' })),
    glob: (pattern) => {
      const found = find(pattern)
      return found === undefined ? [] : [found.path]
    },
  }
}
