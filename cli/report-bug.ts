import { InvariantError } from '../runtime/kernel/invariant-error.ts'

/** A bug of kscn's own: what is needed to report it, without the raw stack unless KSCN_LOG=debug. */
export const reportBug = (error: unknown, context: { readonly version: string; readonly what: string }): void => {
  const message = error instanceof Error ? error.message : String(error)
  const data =
    error instanceof InvariantError && Object.keys(error.data).length > 0
      ? `  data     ${JSON.stringify(error.data)}\n`
      : ''
  process.stderr.write(
    `kscn: this is a bug in kscn, not in your scenario\n  what     ${message}\n${data}  while    ${context.what}\n  version  ${context.version}, Node ${process.version}\n  Please report it with the scenario; KSCN_LOG=debug adds the stack.\n`,
  )
  if (process.env['KSCN_LOG'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
}
