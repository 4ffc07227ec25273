import { compile } from '../dsl/compile.ts'
import { applyFixes } from '../dsl/diagnostics/apply-fixes.ts'
import type { Diagnostic } from '../dsl/diagnostics/diagnostic.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import type { SourceHost } from '../dsl/source/source-file.ts'
import { replaceFile } from './replace-file.ts'

/** A fix may uncover the next mistake; more rounds than this would mean that two fixes undo each other. */
const maxRounds = 8

export interface FixedMistake {
  readonly diagnostic: Diagnostic
  /** Where it stood when it was found. */
  readonly line: number
  readonly column: number
}

/** Applies every fix of the named files and writes those that changed. Files that they import are left alone. */
export const fixScenarios = (paths: readonly string[], disk: SourceHost): readonly FixedMistake[] => {
  const texts = new Map<string, string>()
  const host: SourceHost = {
    read(path, from) {
      const file = disk.read(path, from)
      const text = 'error' in file ? undefined : texts.get(file.path)
      return 'error' in file || text === undefined ? file : { ...file, text }
    },
    glob: (pattern, from) => disk.glob(pattern, from),
  }
  const fixed: FixedMistake[] = []
  for (let round = 0; round < maxRounds; round++) {
    const { diagnostics, sources } = compile(paths, host)
    let changed = false
    for (const path of paths) {
      const text = sources.get(path)?.text
      if (text === undefined) continue
      const { text: after, applied } = applyFixes(
        text,
        diagnostics.filter((one) => one.span.file === path && one.fix?.span.file === path),
      )
      if (after === text) continue
      changed = true
      texts.set(path, after)
      for (const diagnostic of applied) fixed.push({ diagnostic, ...positionAt(text, diagnostic.span.start) })
    }
    if (!changed) break
  }
  for (const [path, text] of texts) replaceFile(path, text)
  return fixed
}
