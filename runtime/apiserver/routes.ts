import type { Resource } from '../../api/protocol/resource.ts'
import type { Scheme } from '../../api/scheme/scheme.ts'
import type { RequestInfo } from './request-info.ts'
import { failure, pathNotFound, type Refusal } from './status.ts'
import { subresourceOf } from './subresources/registry.ts'

type ResourceInfo = RequestInfo & { readonly isResource: true }

/** The router's own 405, before any handler: no resource is named. */
const wrongMethod = (): Refusal =>
  failure(405, 'the server does not allow this method on the requested resource', {
    reason: 'MethodNotAllowed',
    details: {},
  })

const verbMethods: Readonly<Record<string, readonly string[]>> = {
  GET: ['get', 'list', 'watch'],
  HEAD: ['get', 'list', 'watch'],
  POST: ['create'],
  PUT: ['update'],
  PATCH: ['patch'],
  DELETE: ['delete', 'deletecollection'],
}

/** Whether a path below a built-in group is routed by that group, or is nobody's. */
export const isBuiltinGroup = (scheme: Scheme, group: string): boolean =>
  scheme.resources.some((one) => one.group === group && one.type !== undefined)

const subresourceProblem = (resource: Resource, info: ResourceInfo, method: string): Refusal | undefined => {
  const special = subresourceOf(resource, info.subresource)
  if (special !== undefined) {
    const served = verbMethods[method]?.some((verb) => verb in special) ?? false
    return served ? undefined : wrongMethod()
  }
  if (!resource.subresources.includes(info.subresource)) return pathNotFound()
  return method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'PATCH' ? undefined : wrongMethod()
}

/** go-restful's routes of a built-in resource (endpoints/installer.go): a path that has none, or not with this method. */
export const routeProblem = (resource: Resource, info: ResourceInfo, method: string): Refusal | undefined => {
  if (resource.type === undefined) return undefined
  const ownNamespace = resource.plural === 'namespaces' && resource.group === ''
  if (!resource.namespaced && info.namespace !== undefined && !ownNamespace) return pathNotFound()
  if (info.subresource !== '') return subresourceProblem(resource, info, method)
  const named =
    info.path
      .split('/')
      .filter((part) => part !== '')
      .pop() !== resource.plural ||
    (ownNamespace && info.namespace === resource.plural)
  const allowed = resource.verbs.filter((verb) =>
    named
      ? ['get', 'update', 'patch', 'delete'].includes(verb)
      : ['list', 'watch', 'create', 'deletecollection'].includes(verb),
  )
  if (!(verbMethods[method] ?? []).some((verb) => allowed.includes(verb))) return wrongMethod()
  // All namespaces together can only be listed.
  const everywhere = resource.namespaced && info.namespace === undefined && !named
  return everywhere && method !== 'GET' && method !== 'HEAD' && resource.verbs.includes('list')
    ? wrongMethod()
    : undefined
}
