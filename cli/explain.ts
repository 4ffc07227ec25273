import pagesJson from './diagnostic-pages.generated.json' with { type: 'json' }
import { exitCode, type ExitCode } from './exit-code.ts'
import { UsageError } from './usage-error.ts'

const pages: ReadonlyMap<string, string> = new Map(Object.entries(pagesJson as Readonly<Record<string, string>>))

/** Prints the page of a diagnostic. */
export const explain = (what: string): ExitCode => {
  const code = what.toUpperCase()
  const page = pages.get(code)
  if (page === undefined)
    throw new UsageError(`there is no diagnostic ${what}`, 'name a code as `check` prints it, such as K104')
  process.stdout.write(page)
  return exitCode.held
}
