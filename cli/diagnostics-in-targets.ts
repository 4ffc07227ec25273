import type { Diagnostic } from '../dsl/diagnostics/diagnostic.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import type { SourceFile } from '../dsl/source/source-file.ts'
import type { Span } from '../dsl/source/span.ts'
import { parseFile } from '../dsl/syntax/parse.ts'
import type { Target } from './find-scenarios.ts'
import { UsageError } from './usage-error.ts'

export interface Narrowed {
  readonly diagnostics: readonly Diagnostic[]
  /** How many scenarios the named lines mean; undefined: whole files are meant. */
  readonly scenarios: number | undefined
}

/** With `web.kscn:42` what is wrong in the file's other scenarios is left for another time. */
export const diagnosticsInTargets = (
  diagnostics: readonly Diagnostic[],
  targets: readonly Target[],
  sources: ReadonlyMap<string, SourceFile>,
): Narrowed => {
  if (targets.every((target) => target.line === undefined)) return { diagnostics, scenarios: undefined }
  const others: Span[] = []
  let scenarios = 0
  for (const path of new Set(targets.map((target) => target.path))) {
    const source = sources.get(path)
    const lines = targets.filter((target) => target.path === path).map((target) => target.line)
    if (source === undefined) continue
    const spans = scenarioSpans(source)
    const wanted = lines.includes(undefined) ? spans : lines.map((line) => at(spans, line ?? 0, source))
    scenarios += new Set(wanted).size
    others.push(...spans.filter((one) => !wanted.includes(one)))
  }
  const elsewhere = ({ span }: Diagnostic): boolean =>
    others.some((one) => one.file === span.file && one.start <= span.start && span.start < one.end)
  return { diagnostics: diagnostics.filter((one) => !elsewhere(one)), scenarios }
}

const scenarioSpans = (source: SourceFile): readonly Span[] =>
  (parseFile(source).file?.items ?? []).flatMap((item) =>
    item.type === 'declaration' && item.item.type === 'scenario' ? [item.span] : [],
  )

/** The scenario that a line lies in: the last that begins at or before it. */
const at = (spans: readonly Span[], line: number, source: SourceFile): Span => {
  const found = spans.findLast((one) => positionAt(source.text, one.start).line <= line)
  if (found === undefined)
    throw new UsageError(`no scenario at ${source.path}:${line}`, 'the first one begins further down')
  return found
}
