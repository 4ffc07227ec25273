/** What an older kubectl prints otherwise than that of the recording (1.36), whatever the server answers. Applied to both sides. */
export interface ClientRule {
  /** Since which minor version of 1.x kubectl prints it as recorded. */
  readonly since: number
  readonly pattern: RegExp
  readonly replace: string
}

const rules: readonly ClientRule[] = []

export const clientRules = (version: string): readonly ClientRule[] => {
  const minor = Number(version.split('.')[1] ?? 0)
  return rules.filter((rule) => minor < rule.since)
}
