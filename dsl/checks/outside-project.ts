import type { Reporter } from '../diagnostics/report.ts'
import type { Span } from '../source/span.ts'

/** K138: a path that leads out of the project, or a link in it that does. A scenario from a stranger must not read what it likes. */
export const reportOutside = (path: string, span: Span, reporter: Reporter): void => {
  reporter.report('K138', span, `${path} lies outside of the project`, {
    help: 'the project is the nearest folder above with .git, package.json or kscn.json\nif you trust this file: `--allow-outside`',
  })
}
