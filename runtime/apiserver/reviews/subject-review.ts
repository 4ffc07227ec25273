import type { KubeObject } from '../../../api/object.ts'
import type { ApiResponse } from '../../../api/protocol/response.ts'
import type { Step } from '../server-context.ts'
import { badRequest, isRefusal, type Refusal } from '../status.ts'
import type { UserInfo } from '../user-info.ts'
import type { Call } from '../verbs/call.ts'
import { decodeForCreate } from '../verbs/create.ts'
import { showReview } from './show-review.ts'

const userShown = (user: UserInfo): object => ({
  username: user.name,
  ...(user.uid === undefined ? {} : { uid: user.uid }),
  groups: user.groups,
  ...(Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
})

/** Who am I (pkg/registry/authentication/selfsubjectreview). */
export function* selfSubjectReview(call: Call): Step<ApiResponse | Refusal> {
  const decoded = decodeForCreate(call, call.request.body)
  if (isRefusal(decoded)) return decoded
  const metadata = { creationTimestamp: call.context.clock.timestamp() }
  return {
    code: 201,
    body: {
      kind: decoded.kind,
      apiVersion: decoded.apiVersion,
      metadata,
      status: { userInfo: userShown(call.user) },
    } as unknown as KubeObject,
  }
}

const audience = 'https://kubernetes.default.svc'

/** Whose is this token (pkg/registry/authentication/tokenreview). */
export function* tokenReview(call: Call): Step<ApiResponse | Refusal> {
  const decoded = decodeForCreate(call, call.request.body)
  if (isRefusal(decoded)) return decoded
  const token = (decoded as { readonly spec?: { readonly token?: string } }).spec?.token ?? ''
  if (token === '') return badRequest('token is required for TokenReview in authentication')
  const user = call.context.bearer(token)
  const status =
    user === undefined
      ? { user: {}, error: 'invalid bearer token' }
      : { authenticated: true, user: userShown(user), audiences: [audience] }
  return { code: 201, body: showReview(call, { ...decoded, status } as KubeObject, decoded) }
}
