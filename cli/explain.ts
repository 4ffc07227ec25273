import { explainLine } from '../dsl/explain/explain.ts'
import { renderExplanation } from '../dsl/explain/render.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import pagesJson from './diagnostic-pages.generated.json' with { type: 'json' }
import { exitCode, type ExitCode } from './exit-code.ts'
import { createSourceHost } from './source-host.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface ExplainFlags {
  readonly color?: boolean
}

const pages: ReadonlyMap<string, string> = new Map(Object.entries(pagesJson as Readonly<Record<string, string>>))

/** Explains the sentence on a line of a file, or prints the page of a diagnostic. */
export const explain = (what: string, flags: ExplainFlags): ExitCode => {
  const place = /^(.+):(\d+)(?::\d+)?$/.exec(what)
  if (place !== null) return explainPlace(place[1]!, Number(place[2]), flags)
  const page = pages.get(what.toUpperCase())
  if (page === undefined)
    throw new UsageError(
      /\.kscn$/.test(what) ? `which line of ${what}?` : `there is no diagnostic ${what}`,
      'name a code as `check` prints it, such as K104, or a sentence: web.kscn:14',
    )
  process.stdout.write(page)
  return exitCode.held
}

const explainPlace = (path: string, line: number, flags: ExplainFlags): ExitCode => {
  const source = createSourceHost().read(path, '')
  if ('error' in source) throw new UsageError(`${path} cannot be read: ${source.error}`)
  const found = explainLine(source, line)
  if (found === undefined)
    throw new UsageError(
      `no sentence on line ${line} of ${path}`,
      '`kscn check` says what cannot be read; blank lines, comments and blocks explain nothing',
    )
  const at = positionAt(source.text, found.span.start)
  const { color, width } = terminalOf(process.stdout, flags.color)
  process.stdout.write(
    renderExplanation(found, `${source.path}:${at.line}:${at.column}`, { color, width: Math.min(width, 110) }),
  )
  return exitCode.held
}
