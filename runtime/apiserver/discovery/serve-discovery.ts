import type { Scheme } from '../../../api/scheme/scheme.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import { serveOpenApiV3, type Descriptions } from '../openapi/serve-openapi.ts'
import { aggregatedDocument } from './aggregated-document.ts'
import { catalogOf, type CatalogGroup } from './catalog.ts'
import { healthPaths, healthResponse } from './health.ts'
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './plain-documents.ts'
import { versionDocument } from './version-document.ts'

/** What the documents of a server are made of. */
export interface DiscoveryView {
  readonly scheme: Scheme
  readonly etcdAnswers: boolean
  /** Texts of types and fields (api/schema/data/descriptions.json). Without them OpenAPI documents explain nothing. */
  readonly descriptions?: Descriptions
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** The first clause of an Accept header that this server can meet (discovery/aggregated/negotiation.go). */
const wantsAggregated = (accept: string): boolean => {
  for (const clause of accept.split(',')) {
    const [type, ...parameters] = clause.split(';').map((part) => part.trim())
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue
    if (parameters.includes('as=APIGroupDiscoveryList')) {
      if (parameters.includes('g=apidiscovery.k8s.io') && parameters.includes('v=v2')) return true
      continue
    }
    return false
  }
  return false
}

const aggregated = (groups: readonly CatalogGroup[], root: 'api' | 'apis', http: HttpRequest): HttpResponse => {
  const { body, etag } = aggregatedDocument(groups, root)
  const headers = { 'Cache-Control': 'public', Etag: etag, Vary: 'Accept' }
  if (http.headers['if-none-match'] === etag) return { code: 304, warnings: [], headers }
  return { code: 200, body, contentType: aggregatedType, warnings: [], headers }
}

const ok = (body: object): HttpResponse => ({ code: 200, body, warnings: [] })

const otherPaths = [
  '/.well-known/openid-configuration',
  '/flagz',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/statusz',
  '/version',
]

/** `/`: every path that upstream's server has, but for resources. Differs: metrics, flags and status pages are listed, not served. */
const rootPaths = (groups: readonly CatalogGroup[]): object => {
  const paths = new Set(['/api', '/api/v1', '/apis', '/apis/', ...otherPaths, ...healthPaths])
  for (const { group, versions } of groups) {
    if (group === '') continue
    paths.add(`/apis/${group}`)
    for (const { version } of versions) paths.add(`/apis/${group}/${version}`)
  }
  return { paths: [...paths].sort() }
}

const byVersion = (groups: readonly CatalogGroup[], group: string, version: string): HttpResponse | undefined => {
  const found = groups.find((one) => one.group === group)?.versions.find((one) => one.version === version)
  return found === undefined ? undefined : ok(apiResourceList(group, found))
}

/** Answers a GET for a path that is no resource; undefined: there is nothing there. Who may ask is not looked at here. */
export const serveDiscovery = (view: DiscoveryView, http: HttpRequest): HttpResponse | undefined => {
  if (http.method !== 'GET' && http.method !== 'HEAD') return undefined
  const path = http.path.length > 1 && http.path.endsWith('/') ? http.path.slice(0, -1) : http.path
  const [, root = '', ...rest] = path.split('/')
  const groups = catalogOf(view.scheme)
  const accept = http.headers['accept'] ?? ''
  switch (root) {
    case '':
      return path === '/' ? ok(rootPaths(groups)) : undefined
    case 'api':
      if (rest.length === 1) return byVersion(groups, '', rest[0]!)
      if (rest.length > 1) return undefined
      return wantsAggregated(accept) ? aggregated(groups, 'api', http) : ok(apiVersions(http.headers['host'] ?? ''))
    case 'apis': {
      const [name, version, ...further] = rest
      if (name === undefined)
        return wantsAggregated(accept) ? aggregated(groups, 'apis', http) : ok(apiGroupList(groups))
      const group = groups.find((one) => one.group === name)
      if (group === undefined || name === '' || further.length > 0) return undefined
      return version === undefined ? ok(apiGroup(group)) : byVersion(groups, name, version)
    }
    case 'version':
      return rest.length === 0 ? ok(versionDocument) : undefined
    case 'openapi':
      return rest[0] === 'v3' ? serveOpenApiV3(view, rest.slice(1).join('/'), http) : undefined
    default: {
      const values = (name: string): readonly string[] => {
        const value = http.query[name]
        return value === undefined ? [] : typeof value === 'string' ? [value] : value
      }
      return healthResponse(path, values, view.etcdAnswers)
    }
  }
}
