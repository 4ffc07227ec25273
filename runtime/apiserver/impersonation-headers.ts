import type { Impersonation } from '../../api/protocol/impersonation.ts'
import { badRequest, type Refusal } from './status.ts'

const extraPrefix = 'impersonate-extra-'

const listOf = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.split(',').map((one) => one.trim())

const unescaped = (key: string): string => {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

const quoted = (list: readonly string[]): string => `[]string{${list.map((one) => JSON.stringify(one)).join(', ')}}`
/** Go's %#v of the user that was asked for. */
const goUser = (uid: string, groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>): string => {
  const keys = Object.keys(extra).sort()
  const extras =
    keys.length === 0 ? '(nil)' : `{${keys.map((key) => `${JSON.stringify(key)}:${quoted(extra[key]!)}`).join(', ')}}`
  const lists = groups.length === 0 ? '[]string(nil)' : quoted(groups)
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${lists}, Extra:map[string][]string${extras}}`
}

/**
 * k8s.io/apiserver/pkg/endpoints/filters/impersonation: processImpersonationHeaders. Header names in lower case, repeated ones
 * joined by commas; undefined: nobody is impersonated.
 */
export const impersonationOf = (headers: Readonly<Record<string, string>>): Impersonation | Refusal | undefined => {
  const user = headers['impersonate-user'] ?? ''
  const uid = headers['impersonate-uid'] ?? ''
  const groups = listOf(headers['impersonate-group'])
  const extra: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(extraPrefix)) extra[unescaped(name.slice(extraPrefix.length))] = listOf(value)
  }
  const more = uid !== '' || groups.length > 0 || Object.keys(extra).length > 0
  if (user !== '') {
    return {
      user,
      ...(uid === '' ? {} : { uid }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(Object.keys(extra).length === 0 ? {} : { extra }),
    }
  }
  return more ? badRequest(`requested ${goUser(uid, groups, extra)} without impersonating a user name`) : undefined
}
