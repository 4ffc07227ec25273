import type { IncomingMessage } from 'node:http'
import type { Credentials } from '../../api/protocol/request.ts'

const anonymous: Credentials = { kind: 'anonymous' }

/** Who a request says it is from. A server of ours lets nobody in without a name: undefined is a 401. */
export const credentialsOf = (request: IncomingMessage): Credentials | undefined => {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const found = /^Bearer +(\S+)\s*$/i.exec(header)
  return found === null ? undefined : { kind: 'token', token: found[1]! }
}

/** Stands where no credentials came; the gate answers before anybody looks at it. */
export const noCredentials: Credentials = anonymous
