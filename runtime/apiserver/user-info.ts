/** Who a request is from, as the authenticators found (k8s.io/apiserver/pkg/authentication/user). */
export interface UserInfo {
  readonly name: string
  readonly uid: string | undefined
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

export const anonymousUser: UserInfo = Object.freeze({
  name: 'system:anonymous',
  uid: undefined,
  groups: Object.freeze(['system:unauthenticated']),
  extra: Object.freeze({}),
})

const serviceAccountPrefix = 'system:serviceaccount:'

export const serviceAccountName = (namespace: string, name: string): string =>
  `${serviceAccountPrefix}${namespace}:${name}`

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
]

/** Namespace and name of a service account's user name; undefined for others. */
export const splitServiceAccount = (
  user: string,
): { readonly namespace: string; readonly name: string } | undefined => {
  if (!user.startsWith(serviceAccountPrefix)) return undefined
  const parts = user.slice(serviceAccountPrefix.length).split(':')
  return parts.length === 2 && parts[0] !== '' && parts[1] !== ''
    ? { namespace: parts[0]!, name: parts[1]! }
    : undefined
}
