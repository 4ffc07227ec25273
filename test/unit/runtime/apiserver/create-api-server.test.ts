import { describe, expect, it } from 'vitest'
import type { WatchEvent } from '../../../../api/protocol/watch-event.ts'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { admin, createWorld } from './harness.ts'

const configMap = (name: string, data: Record<string, string> = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})
const inDefault = { namespace: 'default' }

describe('createApiServer', () => {
  const open = { options: { disableAdmission: ['NamespaceLifecycle'] } }

  it('creates, reads, updates, patches, lists and deletes', () => {
    const { request } = createWorld(open)
    const created = request('create', 'v1/ConfigMap', { ...inDefault, body: configMap('a', { k: '1' }) })
    expect(created.code).toBe(201)
    const object = created.body as KubeObject
    expect(object.metadata.namespace).toBe('default')
    expect(Object.isFrozen(object)).toBe(true)
    expect(request('get', 'v1/ConfigMap', { ...inDefault, name: 'a' }).body).toBe(object)
    const patched = request('patch', 'v1/ConfigMap', {
      ...inDefault,
      name: 'a',
      patchType: 'merge',
      body: { data: { k: '2' } },
    })
    expect(patched.code).toBe(200)
    const late = request('update', 'v1/ConfigMap', { ...inDefault, name: 'a', body: object })
    expect(late.code).toBe(409)
    const list = request('list', 'v1/ConfigMap', inDefault)
    expect((list.body as { items: unknown[] }).items).toEqual([patched.body])
    expect(request('delete', 'v1/ConfigMap', { ...inDefault, name: 'a' }).code).toBe(200)
    expect(request('get', 'v1/ConfigMap', { ...inDefault, name: 'a' }).code).toBe(404)
  })

  it('writes nothing when an update changes nothing', () => {
    const { request, etcd, entries } = createWorld(open)
    const object = request('create', 'v1/ConfigMap', { ...inDefault, body: configMap('a', { k: '1' }) }).body
    const revision = etcd.revision
    const answer = request('update', 'v1/ConfigMap', { ...inDefault, name: 'a', body: structuredClone(object) })
    expect(answer.body).toBe(object)
    expect(etcd.revision).toBe(revision)
    expect(entries.filter((entry) => entry.kind === 'revision')).toHaveLength(1)
  })

  it.each([
    [0, 0, 0],
    [1000, 500, 700],
  ])('tells watchers of each change, with its cause (fsync %i, latency %i, delay %i)', (fsync, latency, watchDelay) => {
    const { server, request, kernel, entries } = createWorld({ ...open, fsync, latency, watchDelay })
    const events: WatchEvent[] = []
    request('create', 'v1/ConfigMap', { ...inDefault, body: configMap('a') })
    server.watch(
      {
        verb: 'watch',
        resource: builtinScheme().byKind('v1/ConfigMap')!,
        credentials: admin,
        userAgent: 'test',
        options: { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true },
      },
      { opened: () => undefined, event: (event) => events.push(event), closed: () => undefined },
    )
    request('create', 'v1/ConfigMap', { ...inDefault, body: configMap('b') })
    request('delete', 'v1/ConfigMap', { ...inDefault, name: 'a' })
    while (kernel.step(Number.MAX_SAFE_INTEGER));
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'BOOKMARK', 'ADDED', 'DELETED'])
    const last = events.at(-1)!
    expect('cause' in last && entries[last.cause]!.kind).toBe('revision')
    const written = entries.filter((entry) => entry.kind === 'request' && entry.action !== 'get')
    for (const entry of written) expect(entries[entry.cause]!.kind).toBe('revision')
  })

  it('refuses what RBAC does not allow', () => {
    const { request } = createWorld(open)
    const bob = { kind: 'certificate', commonName: 'bob', organizations: [] } as const
    const answer = request('create', 'v1/ConfigMap', { ...inDefault, body: configMap('a'), credentials: bob })
    expect(answer.code).toBe(403)
    expect((answer.body as { message: string }).message).toBe(
      'configmaps is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace "default"',
    )
  })
})
