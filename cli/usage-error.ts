/** The command line is wrong: said in a line, exit code 2. */
// eslint-disable-next-line no-restricted-syntax -- a thrown value needs a stack, and only Error has one.
export class UsageError extends Error {
  readonly help: string | undefined

  constructor(message: string, help?: string) {
    super(message)
    this.name = 'UsageError'
    this.help = help
  }
}
