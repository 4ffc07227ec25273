import { request } from 'node:https'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'
import { serveCluster, type ServedCluster } from '../../../../integrations/http/serve-cluster.ts'
import { writePrivateFile } from '../../../../integrations/kubeconfig/write-private-file.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'

const text = 'scenario "served" { cluster { pool node 1 } }\n'
const admin = { name: 'admin', uid: '', groups: ['system:masters', 'system:authenticated'], extra: {} }

let served: ServedCluster
const bugs: unknown[] = []

interface Reply {
  readonly code: number
  readonly headers: Record<string, unknown>
  readonly text: string
}

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Reply> =>
  new Promise((done, failed) => {
    const auth = { authorization: 'Bearer secret', ...headers }
    const kept = Object.fromEntries(Object.entries(auth).filter(([, value]) => value !== ''))
    const options = { host: '127.0.0.1', port: served.port, ca: served.ca, servername: 'localhost', agent: false }
    const sent = request({ ...options, method, path, headers: kept }, (response) => {
      let read = ''
      response.on('data', (chunk: Buffer) => (read += chunk.toString('utf8')))
      response.on('end', () => done({ code: response.statusCode ?? 0, headers: response.headers, text: read }))
    })
    sent.on('error', failed)
    sent.end(body)
  })

beforeAll(async () => {
  const { plan } = compile(['served.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
  const [scenario] = plan!.scenarios
  const spec = { ...scenario!.cluster, profile: 'instant' as const }
  const cluster = createCluster(spec, [], { seed: '0', tokens: new Map([['secret', admin]]) })
  const told = (error: unknown): void => void bugs.push(error)
  served = await serveCluster({ cluster, port: 0, clock: 'manual', adminToken: 'secret', panicked: told, failed: told })
})
afterAll(() => served.close())

const json = { 'content-type': 'application/json' }
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a' },
  spec: { containers: [{ name: 'a', image: 'b' }] },
}

describe('a served cluster', () => {
  it('lets nobody in without a token that it knows', async () => {
    expect((await ask('GET', '/api', { authorization: '' })).code).toBe(401)
    expect((await ask('GET', '/api', { authorization: 'Bearer none' })).code).toBe(401)
    expect((await ask('GET', '/healthz', { authorization: 'Basic YTpi' })).code).toBe(401)
  })

  it('answers to no other name', async () => {
    expect((await ask('GET', '/api', { host: 'evil.example' })).code).toBe(403)
  })

  it('answers as an API server does, warnings and all', async () => {
    const made = await ask(
      'POST',
      '/api/v1/namespaces/default/pods?fieldValidation=Warn',
      json,
      JSON.stringify({ ...pod, none: 1 }),
    )
    expect(made.code).toBe(201)
    expect(made.headers['warning']).toBe('299 - "unknown field \\"none\\""')
    expect(made.headers['content-type']).toBe('application/json')
    expect(made.text.endsWith('}\n')).toBe(true)
  })

  it('refuses a body beyond 3 MiB', async () => {
    const large = await ask('POST', '/api/v1/namespaces/default/pods', json, 'x'.repeat(3 * 1024 * 1024 + 1))
    expect(large.code).toBe(413)
    expect(large.text).toContain('limit is 3145728')
  })

  it('shows YAML to who asks for it, and a compressed list to who can read one', async () => {
    const yaml = await ask('GET', '/api/v1/namespaces/default', { accept: 'application/yaml' })
    expect(yaml.text).toMatch(/^apiVersion: v1\nkind: Namespace\n/)
    const list = await ask('GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles', { 'accept-encoding': 'gzip' })
    expect([undefined, 'gzip']).toContain(list.headers['content-encoding'])
  })

  it('moves its clock by hand, for the administrator', async () => {
    const before = JSON.parse((await ask('GET', '/kscn/clock')).text) as { time: string; mode: string }
    expect(before.mode).toBe('manual')
    const after = JSON.parse((await ask('POST', '/kscn/clock?advance=90s')).text) as { time: string }
    expect(Date.parse(after.time) - Date.parse(before.time)).toBe(90_000)
    const running = JSON.parse((await ask('GET', '/api/v1/namespaces/default/pods/a')).text) as {
      status: { phase: string }
    }
    expect(running.status.phase).toBe('Running')
    expect((await ask('POST', '/kscn/clock?advance=x')).text).toContain('such as 30s')
    expect((await ask('POST', '/kscn/clock?advance=-1s')).code).toBe(400)
    expect((await ask('POST', '/kscn/clock')).code).toBe(400)
  })

  it('streams a watch: the list, the bookmark that ends it, and what comes', async () => {
    const path = '/api/v1/namespaces/default/configmaps'
    const query =
      '?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=30'
    const stream = ask('GET', path + query)
    await new Promise((done) => setTimeout(done, 100))
    await ask('POST', path, json, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' } }))
    await ask('POST', '/kscn/clock?advance=31s')
    const events = (await stream).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { name?: string } } })
    const types = events.map((event) => event.type)
    expect(types.slice(0, 2)).toEqual(['ADDED', 'BOOKMARK'])
    expect(events.find((event) => event.object.metadata.name === 'new')?.type).toBe('ADDED')
  })

  it('no request broke it', () => {
    expect(bugs).toEqual([])
  })
})

describe('a private file', () => {
  it('is for its owner alone, and replaces what was there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kscn-test-'))
    const path = join(folder, 'kubeconfig')
    writeFileSync(path, 'old', { mode: 0o644 })
    writePrivateFile(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(() => writePrivateFile(join(folder, 'none', 'x'), 'y')).toThrow('ENOENT')
    rmSync(folder, { recursive: true })
  })
})
