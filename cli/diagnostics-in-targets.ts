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

/** Which scenarios a check is about, besides the lines of its targets. */
export interface Choice {
  readonly filter: string | undefined
  /** `!tag` leaves its scenarios out. */
  readonly tags: readonly string[]
}

/** With `web.kscn:42`, a part of the name or a tag, what is wrong in the files' other scenarios is left for another time. */
export const diagnosticsInTargets = (
  diagnostics: readonly Diagnostic[],
  targets: readonly Target[],
  sources: ReadonlyMap<string, SourceFile>,
  choice: Choice,
): Narrowed => {
  const chooses = choice.filter !== undefined || choice.tags.length > 0
  if (!chooses && targets.every((target) => target.line === undefined)) return { diagnostics, scenarios: undefined }
  const others: Span[] = []
  const names: string[] = []
  let scenarios = 0
  for (const path of new Set(targets.map((target) => target.path))) {
    const source = sources.get(path)
    const lines = targets.filter((target) => target.path === path).map((target) => target.line)
    if (source === undefined) continue
    const written = scenariosOf(source)
    const inLines = lines.includes(undefined) ? written : lines.map((line) => at(written, line ?? 0, source))
    const wanted = new Set(inLines.filter((one) => isChosen(one, choice)))
    names.push(...inLines.map((one) => `"${one.title}"`))
    scenarios += wanted.size
    others.push(...written.filter((one) => !wanted.has(one)).map((one) => one.span))
  }
  if (chooses && scenarios === 0)
    throw new UsageError(
      'no scenario matches the filter or tags',
      names.length === 0
        ? 'the files hold no scenario'
        : `there are ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`,
    )
  const elsewhere = ({ span }: Diagnostic): boolean =>
    others.some((one) => one.file === span.file && one.start <= span.start && span.start < one.end)
  return { diagnostics: diagnostics.filter((one) => !elsewhere(one)), scenarios }
}

interface Written {
  readonly title: string
  readonly tags: readonly string[]
  readonly span: Span
}

/** From the text, not from the plan: what does not compile is chosen too. */
const scenariosOf = (source: SourceFile): readonly Written[] =>
  (parseFile(source).file?.items ?? []).flatMap((item) =>
    item.type === 'declaration' && item.item.type === 'scenario'
      ? [
          {
            title: item.item.title.raw.slice(1, -1),
            tags: item.tags.map((tag) => tag.name.name),
            span: item.span,
          },
        ]
      : [],
  )

const isChosen = ({ title, tags }: Written, choice: Choice): boolean => {
  const has = (tag: string): boolean => tags.includes(tag.replace(/^@/, ''))
  return (
    (choice.filter === undefined || title.includes(choice.filter)) &&
    choice.tags.every((tag) => (tag.startsWith('!') ? !has(tag.slice(1)) : has(tag)))
  )
}

/** The scenario that a line lies in: the last that begins at or before it. */
const at = (written: readonly Written[], line: number, source: SourceFile): Written => {
  const found = written.findLast((one) => positionAt(source.text, one.span.start).line <= line)
  if (found === undefined)
    throw new UsageError(`no scenario at ${source.path}:${line}`, 'the first one begins further down')
  return found
}
