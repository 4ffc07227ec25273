import type { Credentials } from '../../api/protocol/request.ts'
import { anonymousUser, serviceAccountGroups, serviceAccountName, type UserInfo } from './user-info.ts'

/** Who bears a token; undefined if nobody does. */
export type TokenLookup = (token: string) => UserInfo | undefined

export type Authenticate = (credentials: Credentials) => UserInfo | undefined

/**
 * The authenticators by credentials: certificate, bearer token, anonymous. Remembered by identity, for a client sends the
 * same credentials with every request. undefined is a 401.
 */
export const createAuthenticator = (tokens: TokenLookup): Authenticate => {
  const known = new WeakMap<Credentials, UserInfo>()
  const identify = (credentials: Credentials): UserInfo | undefined => {
    switch (credentials.kind) {
      case 'anonymous':
        return anonymousUser
      case 'certificate':
        return Object.freeze({
          name: credentials.commonName,
          uid: credentials.uid,
          groups: Object.freeze([...credentials.organizations, 'system:authenticated']),
          extra: Object.freeze({}),
        })
      case 'serviceaccount':
        return Object.freeze({
          name: serviceAccountName(credentials.namespace, credentials.name),
          uid: undefined,
          groups: Object.freeze([...serviceAccountGroups(credentials.namespace), 'system:authenticated']),
          extra: Object.freeze({}),
        })
      case 'token':
        return tokens(credentials.token)
    }
  }
  return (credentials) => {
    let user = known.get(credentials)
    if (user === undefined) {
      user = identify(credentials)
      if (user !== undefined && credentials.kind !== 'token') known.set(credentials, user)
    }
    return user
  }
}
