import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import type { CorpusFile } from './fuzzer.ts'

/** What the mutations start from: every scenario and manifest of the repository. */
export const readCorpus = (): readonly CorpusFile[] =>
  globSync(['scenarios/**/*.{kscn,yaml}', 'test/unit/dsl/**/*.{kscn,yaml}', 'test/e2e/**/*.{kscn,yaml}'])
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
