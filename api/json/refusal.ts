const mark = 'Refusal'

/**
 * A complaint about somebody else's input, thrown where a parser is deep in its work and caught where it was entered: it never
 * leaves the file or room that throws it.
 */
export const refuse = (message: string, code?: number): Error => {
  const refusal = new Error(message, { cause: code })
  refusal.name = mark
  return refusal
}

/** What was refused; anything else that was thrown is thrown on. */
export const refused = (thrown: unknown): { readonly message: string; readonly code: number | undefined } => {
  if (!(thrown instanceof Error) || thrown.name !== mark) throw thrown
  return { message: thrown.message, code: typeof thrown.cause === 'number' ? thrown.cause : undefined }
}
