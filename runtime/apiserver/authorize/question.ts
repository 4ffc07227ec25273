import type { ApiRequest } from '../../../api/protocol/request.ts'
import type { UserInfo } from '../user-info.ts'
import type { AccessQuestion } from './authorizer.ts'

/** A list, watch or deletecollection of one name by field selector asks about that name (requestinfo.go). */
const selectedName = (fieldSelector: string | undefined): string =>
  /(?:^|,)metadata\.name==?([^,]+)/.exec(fieldSelector ?? '')?.[1] ?? ''

/** What the authorizers are asked about a request. A namespace lies in itself. */
export const questionOf = (request: ApiRequest, user: UserInfo): AccessQuestion => {
  const { resource, options } = request
  const namespace = resource.namespaced ? request.namespace : resource.id === 'v1/Namespace' ? request.name : undefined
  return {
    user,
    verb: request.verb,
    group: resource.group,
    resource: resource.plural,
    subresource: request.subresource ?? '',
    namespace,
    name: request.name ?? selectedName(options?.fieldSelector),
    path: undefined,
    fieldSelector: options?.fieldSelector,
  }
}
