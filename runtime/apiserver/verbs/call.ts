import type { ApiRequest, RequestOptions } from '../../../api/protocol/request.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { Admission } from '../admission/admit.ts'
import type { Authorizer } from '../authorize/authorizer.ts'
import type { ServerContext } from '../server-context.ts'
import type { UserInfo } from '../user-info.ts'

/** One admitted-for request under way, as the verbs see it. */
export interface Call {
  readonly context: ServerContext
  readonly admission: Admission
  readonly authorize: Authorizer
  readonly request: ApiRequest
  readonly options: RequestOptions
  /** As asked for. */
  readonly resource: Resource
  /** As stored. */
  readonly stored: Resource
  readonly subresource: string
  readonly namespace: string | undefined
  readonly user: UserInfo
  readonly warn: (text: string) => void
  /** Set once admission has begun: how far the request came. */
  progress: 'authentication' | 'authorization' | 'admission' | 'storage'
}

export const noOptions: RequestOptions = Object.freeze({})

/** The field manager of a plain write: what the client says, else the first part of its user agent. */
export const managerOf = (call: Call): string => {
  const given = call.options.fieldManager
  if (given !== undefined && given !== '') return given
  const agent = call.request.userAgent
  const slash = agent.indexOf('/')
  return slash === -1 ? agent : agent.slice(0, slash)
}

/** The options of a request, as an AdmissionRequest carries them. */
export const shownOptions = ({ options }: Call, kind: string): object => ({
  kind,
  apiVersion: 'meta.k8s.io/v1',
  ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
  ...(options.fieldManager === undefined || options.fieldManager === '' ? {} : { fieldManager: options.fieldManager }),
  ...(options.fieldValidation === undefined ? {} : { fieldValidation: options.fieldValidation }),
})
