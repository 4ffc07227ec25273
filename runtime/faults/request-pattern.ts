import type { ApiRequest } from '../../api/protocol/request.ts'

const methods: Readonly<Record<string, readonly string[]>> = {
  GET: ['get', 'list', 'watch'],
  POST: ['create'],
  PUT: ['update'],
  PATCH: ['patch'],
  DELETE: ['delete', 'deletecollection'],
}
const verbs: ReadonlySet<string> = new Set(Object.values(methods).flat())

/** `"POST pods"`, `"update deployments.apps/status"`, `"* leases"`, `"POST"`: which requests; a sentence where it says none. */
export const requestPattern = (text: string): ((request: ApiRequest) => boolean) | string => {
  const [verb = '*', resource = '*', ...rest] = text.trim().split(/\s+/)
  const wanted = verb === '*' ? undefined : (methods[verb.toUpperCase()] ?? (verbs.has(verb) ? [verb] : []))
  if (rest.length > 0 || wanted?.length === 0)
    return `"${text}" says no request: written "POST pods", "update deployments.apps/status" or "* leases"`
  const [name = '*', subresource] = resource.split('/')
  return (request) => {
    if (wanted !== undefined && !wanted.includes(request.verb)) return false
    const { plural, group } = request.resource
    if (name !== '*' && name !== plural && name !== `${plural}.${group}`) return false
    return subresource === undefined
      ? request.subresource === undefined || name === '*'
      : subresource === request.subresource
  }
}
