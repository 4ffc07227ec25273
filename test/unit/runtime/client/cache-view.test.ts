import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createCacheView } from '../../../../runtime/client/cache-view.ts'
import type { ReflectorSink } from '../../../../runtime/client/reflector.ts'

const resource = builtinScheme().byKind('v1/Pod')!
const pod = (name: string, namespace = 'default', version = '1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: name, creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: version },
})
const changed = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => ({ type, object, cause: -1 }) as const
const silent: ReflectorSink = { replace: () => undefined, changed: () => undefined, reached: () => undefined }
const names = (objects: readonly KubeObject[]): readonly string[] => objects.map((one) => one.metadata.name)

describe('what a process sees', () => {
  test('is what its reflector put into its cache, in order of namespace and name', () => {
    const view = createCacheView()
    const sink = view.tap({ resource }, silent)
    expect(view.list('pods', undefined)).toEqual([])
    sink.replace([pod('b'), pod('a', 'z'), pod('c')], '5')
    sink.changed(changed('ADDED', pod('a')))
    sink.changed(changed('DELETED', pod('c')))
    expect(view.list('pods', undefined).map((one) => `${one.metadata.namespace}/${one.metadata.name}`)).toEqual([
      'default/a',
      'default/b',
      'z/a',
    ])
    expect(names(view.list('pods', 'default'))).toEqual(['a', 'b'])
    sink.changed(changed('MODIFIED', pod('b', 'default', '9')))
    expect(view.get('pods', 'default', 'b')?.metadata.resourceVersion).toBe('9')
    sink.replace([pod('x')], '12')
    expect(names(view.list('pods', undefined))).toEqual(['x'])
  })

  test('is all of its caches of a kind', () => {
    const view = createCacheView()
    view.tap({ resource, fieldSelector: 'status.phase!=Failed' }, silent).replace([pod('a')], '1')
    view.tap({ resource, fieldSelector: 'spec.nodeName=x' }, silent).replace([pod('b')], '1')
    expect(names(view.list('pods', 'default'))).toEqual(['a', 'b'])
    expect(view.get('pods', 'default', 'b')).toBeDefined()
    expect(view.get('pods', 'default', 'c')).toBeUndefined()
  })

  test('a resource that it does not watch is told from one of which it holds nothing', () => {
    const view = createCacheView()
    view.tap({ resource }, silent)
    expect([view.watches('pods'), view.watches('nodes')]).toEqual([true, false])
  })

  test('the process hears everything before the listener does, and nothing after its death remains', () => {
    const told: string[] = []
    const view = createCacheView()
    const sink = view.tap(
      { resource },
      {
        replace: (_, version) => told.push(`replace ${version}`),
        changed: (event) => told.push(event.type),
        reached: (version) => told.push(`reached ${version}`),
      },
    )
    const unsubscribe = view.subscribe(() => told.push('told'))
    sink.replace([pod('a')], '3')
    sink.changed(changed('ADDED', pod('b')))
    sink.reached('8')
    view.clear()
    expect(view.list('pods', undefined)).toEqual([])
    unsubscribe()
    sink.changed(changed('ADDED', pod('c')))
    expect(told).toEqual(['replace 3', 'told', 'ADDED', 'told', 'reached 8', 'told', 'ADDED'])
  })
})
