import { sha512 } from '../../../api/hash/sha2.ts'
import type { Scheme } from '../../../api/scheme/scheme.ts'
import { catalogOf, type CatalogGroup } from '../discovery/catalog.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import { groupVersionDocument } from './group-version-document.ts'
import type { Descriptions } from './type-schema.ts'

export type { Descriptions } from './type-schema.ts'

const pathOf = (group: string, version: string): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`

/** Documents are large: each is made when somebody asks for it, and kept with the catalog it was made from. */
const documents = new WeakMap<CatalogGroup, Map<string, object>>()
const hashes = new WeakMap<CatalogGroup, Map<string, string>>()

const noTexts: Descriptions = Object.freeze({})

const documentOf = (group: CatalogGroup, version: string, descriptions: Descriptions): object | undefined => {
  let known = documents.get(group)
  if (known === undefined) documents.set(group, (known = new Map<string, object>()))
  const found = known.get(version)
  if (found !== undefined) return found
  const served = group.versions.find((one) => one.version === version)
  if (served === undefined) return undefined
  const document = groupVersionDocument(group.group, served, descriptions)
  known.set(version, document)
  return document
}

/** Changes whenever the document may. Differs: of what it is made from, not of its bytes. */
const hashOf = (group: CatalogGroup, version: string): string => {
  let known = hashes.get(group)
  if (known === undefined) hashes.set(group, (known = new Map<string, string>()))
  let hash = known.get(version)
  if (hash === undefined) {
    const entries = group.versions.find((one) => one.version === version)?.entries ?? []
    const made = entries.map(({ resource, subresources }) => [resource.id, resource.custom?.definition, subresources])
    hash = sha512(new TextEncoder().encode(JSON.stringify([group.group, version, made]))).toUpperCase()
    known.set(version, hash)
  }
  return hash
}

/** `/openapi/v3` and what lies below it (kube-openapi pkg/handler3). `path` is what follows `/openapi/v3/`. */
export const serveOpenApiV3 = (
  view: { readonly scheme: Scheme; readonly descriptions?: Descriptions },
  path: string,
  http: HttpRequest,
): HttpResponse | undefined => {
  const groups = catalogOf(view.scheme)
  if (path === '') {
    const paths: Record<string, object> = {}
    for (const group of groups) {
      for (const { version } of group.versions) {
        const own = pathOf(group.group, version)
        paths[own] = { serverRelativeURL: `/openapi/v3/${own}?hash=${hashOf(group, version)}` }
      }
    }
    const sorted = Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)))
    return { code: 200, body: { paths: sorted }, contentType: 'text/plain; charset=utf-8', warnings: [] }
  }
  for (const group of groups) {
    const version = group.versions.find((one) => pathOf(group.group, one.version) === path)?.version
    if (version === undefined) continue
    const hash = hashOf(group, version)
    const given = http.query['hash']
    if (given !== undefined && given !== hash) {
      return { code: 301, warnings: [], headers: { Location: `/openapi/v3/${path}?hash=${hash}` } }
    }
    const etag = `"${hash}"`
    const headers = {
      ...(given === undefined ? {} : { 'Cache-Control': 'public, immutable' }),
      Etag: etag,
      Vary: 'Accept',
    }
    if (http.headers['if-none-match'] === etag) return { code: 304, warnings: [], headers }
    return { code: 200, body: documentOf(group, version, view.descriptions ?? noTexts)!, warnings: [], headers }
  }
  return undefined
}
