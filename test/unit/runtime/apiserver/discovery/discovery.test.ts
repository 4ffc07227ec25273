import { describe, expect, test } from 'vitest'
import { builtinScheme } from '../../../../../api/scheme/builtin-scheme.ts'
import { comparePriority } from '../../../../../api/custom-resources/version-priority.ts'
import { storageVersionHash } from '../../../../../runtime/apiserver/discovery/catalog.ts'
import { serveDiscovery } from '../../../../../runtime/apiserver/discovery/serve-discovery.ts'
import type { HttpRequest, HttpResponse } from '../../../../../runtime/apiserver/http-message.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const ask = (path: string, given: Partial<HttpRequest> = {}): HttpResponse | undefined =>
  serveDiscovery(
    { scheme: builtinScheme(), etcdAnswers: true },
    { method: 'GET', path, query: {}, headers: {}, body: '', credentials: { kind: 'anonymous' }, ...given },
  )

describe('discovery', () => {
  test('the aggregated documents have the entity tags of the recorded server', () => {
    const headers = { accept: `${aggregated},application/json` }
    expect(ask('/api', { headers })?.headers?.['Etag']).toMatch(/^"4D7E1BED90B364BC/)
    const groups = ask('/apis', { headers })
    expect(groups?.headers?.['Etag']).toMatch(/^"A74552DF419C4697/)
    expect(groups?.contentType).toBe(aggregated)
    const again = ask('/apis', { headers: { ...headers, 'if-none-match': groups!.headers!['Etag']! } })
    expect(again?.code).toBe(304)
    expect(again?.body).toBeUndefined()
  })
  test('a version of the aggregated form that is not served falls through to the plain one', () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
    expect((ask('/apis', { headers: { accept } })?.body as { readonly kind: string }).kind).toBe('APIGroupList')
  })
  test.each(['/apis/nope.example.com', '/apis/apps/v9', '/api/v2', '/nothing', '/healthz/nothing'])(
    '%s is nobody',
    (path) => {
      expect(ask(path)).toBeUndefined()
    },
  )
  test('a write is not served', () => {
    expect(ask('/api', { method: 'POST' })).toBeUndefined()
  })
  test('health tells of each check, and which of them could not be left out', () => {
    expect(ask('/healthz')?.text).toBe('ok')
    expect(ask('/readyz', { query: { verbose: '' } })?.text).toContain('[+]etcd ok\n')
    expect(ask('/livez', { query: { verbose: '', exclude: ['etcd', 'x'] } })?.text).toContain('no matches for "x"')
    const dead = serveDiscovery(
      { scheme: builtinScheme(), etcdAnswers: false },
      { method: 'GET', path: '/readyz', query: {}, headers: {}, body: '', credentials: { kind: 'anonymous' } },
    )
    expect(dead?.code).toBe(500)
    expect(dead?.text).toContain('[-]etcd failed: reason withheld')
  })
  test('versions go by their stage', () => {
    const versions = ['v1', 'v10', 'v2', 'v1beta1', 'v3alpha1', 'foo', 'v11alpha2']
    expect(versions.sort((a, b) => comparePriority(b, a))).toEqual([
      ...['v10', 'v2', 'v1', 'v1beta1', 'v11alpha2', 'v3alpha1', 'foo'],
    ])
  })
  test('the storage version hash is that of the recorded server', () => {
    expect(storageVersionHash('', 'v1', 'ConfigMap')).toBe('qFsyl6wFWjQ=')
    expect(storageVersionHash('sample.example.com', 'v1', 'Widget')).toBe('aV61GvaLPEY=')
  })
})

describe('OpenAPI', () => {
  interface Document {
    readonly paths: Readonly<Record<string, { readonly serverRelativeURL?: string; readonly patch?: object }>>
    readonly components: { readonly schemas: Readonly<Record<string, object>> }
  }
  const document = (path: string): Document => ask(path)?.body as Document
  test('every group version has a document under its hash', () => {
    for (const { serverRelativeURL } of Object.values(document('/openapi/v3').paths)) {
      const [path, hash] = serverRelativeURL!.split('?hash=') as [string, string]
      const served = ask(path, { query: { hash } })
      expect(served?.code).toBe(200)
      expect(served?.headers?.['Cache-Control']).toBe('public, immutable')
      expect(ask(path, { query: { hash: 'old' } })?.code).toBe(301)
    }
  })
  test('what a path speaks of is there', () => {
    const apps = document('/openapi/v3/apis/apps/v1')
    const names = new Set<string>()
    JSON.stringify(apps, (key, value: unknown) => {
      if (key === '$ref') names.add(String(value).slice('#/components/schemas/'.length))
      return value
    })
    for (const name of names) expect(apps.components.schemas[name], name).toBeDefined()
    expect(apps.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale']?.patch).toBeDefined()
  })
})
