import type { UserInfo } from '../../runtime/apiserver/user-info.ts'

/** A line of CSV: values with commas stand in quotation marks, which are doubled inside. */
const cells = (line: string): readonly string[] => {
  const out: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/y
  for (let at = 0; at <= line.length; at = cell.lastIndex) {
    cell.lastIndex = at
    const found = cell.exec(line)
    if (found === null) break
    out.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim())
    if (cell.lastIndex >= line.length && !line.endsWith(',')) break
  }
  return out
}

export type TokenFile = { readonly tokens: ReadonlyMap<string, UserInfo> } | { readonly error: string }

/** The file of kube-apiserver's --token-auth-file: token, user, uid and optionally groups, a line each. */
export const parseTokenFile = (text: string): TokenFile => {
  const tokens = new Map<string, UserInfo>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [token = '', name, uid, groups = ''] = cells(line)
    if (name === undefined || uid === undefined)
      return { error: `line ${index + 1}: wants token, user and uid, with commas between` }
    if (token === '' || name === '')
      return { error: `line ${index + 1}: the ${token === '' ? 'token' : 'user'} is empty` }
    tokens.set(
      token,
      Object.freeze({
        name,
        uid,
        groups: Object.freeze([
          ...groups
            .split(',')
            .map((one) => one.trim())
            .filter((one) => one !== ''),
          'system:authenticated',
        ]),
        extra: Object.freeze({}),
      }),
    )
  }
  return { tokens }
}
