import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createWorld, type World } from './harness.ts'

const inDefault = { namespace: 'default' }

const prepared = (): World => {
  const world = createWorld()
  world.request('create', 'v1/Namespace', { body: { metadata: { name: 'default' } } })
  world.request('create', 'v1/ServiceAccount', { ...inDefault, body: { metadata: { name: 'default' } } })
  return world
}
const pod = (name: string, nodeName?: string): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image: 'nginx:1.27' }], ...(nodeName === undefined ? {} : { nodeName }) },
})

describe('deletion', () => {
  it('removes an unscheduled pod at once', () => {
    const { request } = prepared()
    request('create', 'v1/Pod', { ...inDefault, body: pod('a') })
    const gone = request('delete', 'v1/Pod', { ...inDefault, name: 'a' }).body as Pod
    expect(gone.metadata.deletionGracePeriodSeconds).toBe(0)
    expect(gone.metadata.generation).toBe(2)
    expect(request('get', 'v1/Pod', { ...inDefault, name: 'a' }).code).toBe(404)
  })

  it('gives a scheduled pod its grace; a delete with grace 0 ends it', () => {
    const { request, kernel } = prepared()
    request('create', 'v1/Pod', { ...inDefault, body: pod('a', 'n') })
    const marked = request('delete', 'v1/Pod', { ...inDefault, name: 'a' }).body as Pod
    expect(marked.metadata.deletionGracePeriodSeconds).toBe(30)
    const at = (kernel.epoch + kernel.now) / 1000 + 30_000
    expect(Date.parse(marked.metadata.deletionTimestamp!)).toBe(Math.floor(at / 1000) * 1000)
    expect(request('delete', 'v1/Pod', { ...inDefault, name: 'a' }).body).toBe(marked)
    request('delete', 'v1/Pod', { ...inDefault, name: 'a', body: { gracePeriodSeconds: 0 } })
    expect(request('get', 'v1/Pod', { ...inDefault, name: 'a' }).code).toBe(404)
  })

  it('waits for finalizers, and goes with the last of them', () => {
    const { request } = prepared()
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', finalizers: ['x.io/y'] } }
    request('create', 'v1/ConfigMap', { ...inDefault, body })
    const marked = request('delete', 'v1/ConfigMap', { ...inDefault, name: 'a' }).body as KubeObject
    expect(marked.metadata.deletionTimestamp).toBeDefined()
    const patched = request('patch', 'v1/ConfigMap', {
      ...inDefault,
      name: 'a',
      patchType: 'merge',
      body: { metadata: { finalizers: null } },
    })
    expect(patched.code).toBe(200)
    expect(request('get', 'v1/ConfigMap', { ...inDefault, name: 'a' }).code).toBe(404)
  })

  it('meets a precondition that does not hold with a conflict', () => {
    const { request } = prepared()
    request('create', 'v1/ConfigMap', { ...inDefault, body: { metadata: { name: 'a' } } })
    const answer = request('delete', 'v1/ConfigMap', {
      ...inDefault,
      name: 'a',
      body: { preconditions: { uid: 'other' } },
    })
    expect(answer.code).toBe(409)
    expect(request('get', 'v1/ConfigMap', { ...inDefault, name: 'a' }).code).toBe(200)
  })

  it('lets nothing new into a terminating namespace', () => {
    const { request } = prepared()
    request('create', 'v1/Namespace', { body: { metadata: { name: 'gone' } } })
    request('delete', 'v1/Namespace', { name: 'gone' })
    const answer = request('create', 'v1/ConfigMap', { namespace: 'gone', body: { metadata: { name: 'a' } } })
    expect([answer.code, (answer.body as { reason?: string }).reason]).toEqual([403, 'Forbidden'])
    expect(request('create', 'v1/ConfigMap', { namespace: 'never', body: { metadata: { name: 'a' } } }).code).toBe(404)
  })
})
