/** The user that a client wants its request to be from: the `Impersonate-*` headers. */
export interface Impersonation {
  readonly user: string
  readonly uid?: string
  readonly groups?: readonly string[]
  /** Keys in lower case. */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}
