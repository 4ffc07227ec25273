import type { Verb } from '../../api/protocol/request.ts'

/** What a path and method ask for (k8s.io/apiserver/pkg/endpoints/request/requestinfo.go). */
export type RequestInfo =
  | { readonly isResource: false; readonly verb: string; readonly path: string }
  | {
      readonly isResource: true
      readonly verb: Verb
      readonly group: string
      readonly version: string
      readonly resource: string
      readonly subresource: string
      readonly namespace: string | undefined
      readonly name: string | undefined
      readonly path: string
    }

const verbOf: Readonly<Record<string, Verb>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

const namespaceSubresources = ['status', 'finalize']

const nameInFieldSelector = (selector: string): string | undefined => {
  const terms = selector.split(',')
  for (const term of terms) {
    const found = /^metadata\.name==?(.+)$/.exec(term)
    if (found !== null && /^[^/%]+$/.test(found[1]!)) return found[1]!
  }
  return undefined
}

/** `query` gives the first value of a parameter, undefined if it is absent. */
export const parseRequestInfo = (
  method: string,
  path: string,
  query: (name: string) => string | undefined,
): RequestInfo => {
  const nonResource: RequestInfo = { isResource: false, verb: method.toLowerCase(), path }
  const parts = path.split('/').filter((part) => part !== '')
  const prefix = parts[0]
  if ((prefix !== 'api' && prefix !== 'apis') || parts.length < (prefix === 'api' ? 3 : 4)) return nonResource
  const group = prefix === 'api' ? '' : parts[1]!
  const version = prefix === 'api' ? parts[1]! : parts[2]!
  let rest = parts.slice(prefix === 'api' ? 2 : 3).map(decodeURIComponent)
  let verb = verbOf[method]
  if (verb === undefined) return nonResource
  let deprecatedWatch = false
  if (rest[0] === 'watch' && rest.length > 1 && verb === 'get') {
    deprecatedWatch = true
    rest = rest.slice(1)
  }
  let namespace: string | undefined
  if (rest[0] === 'namespaces') {
    if (rest.length > 1) {
      namespace = rest[1]!
      if (rest.length > 2 && !namespaceSubresources.includes(rest[2]!)) rest = rest.slice(2)
    }
  }
  const resource = rest[0]!
  let name = rest[1]
  const subresource = rest[2] ?? ''
  if (deprecatedWatch || (verb === 'get' && name === undefined)) {
    const watch = query('watch')
    verb = deprecatedWatch || (watch !== undefined && watch !== 'false' && watch !== '0') ? 'watch' : 'list'
    name ??= nameInFieldSelector(query('fieldSelector') ?? '')
  }
  if (verb === 'delete' && name === undefined) {
    verb = 'deletecollection'
    name = nameInFieldSelector(query('fieldSelector') ?? '')
  }
  return { isResource: true, verb, group, version, resource, subresource, namespace, name, path }
}
