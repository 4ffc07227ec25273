import { describe, expect, it } from 'vitest'
import { hopsOf } from '../../../../runtime/expect/hops.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createTimeline } from '../../../../runtime/record/create-timeline.ts'
import type { RequestNote } from '../../../../runtime/record/request-note.ts'

const key = 'pods/default/web'
const note = (more: Partial<RequestNote>): RequestNote =>
  Object.freeze({
    verb: 'create',
    resource: 'pods',
    subresource: undefined,
    user: 'kscn',
    agent: 'kubectl',
    code: 201,
    reason: undefined,
    message: undefined,
    reached: 'storage',
    sentAt: 0,
    ...more,
  })

/** Hops of entries given as kind, actor, action, data. */
const hops = (
  ...entries: readonly (readonly ['hop' | 'request' | 'revision', string, string, unknown?])[]
): readonly string[] => {
  const kernel = createKernel({ seed: '1' })
  const timeline = createTimeline(kernel)
  for (const [kind, actor, action, data] of entries) timeline.append(kind, kernel.actor(actor), action, key, data)
  return hopsOf(timeline, key).map((hop) => `${hop.component}:${hop.action}`)
}
const put = Object.freeze({ object: {} })

describe('hops', () => {
  it('a create goes through the doors of the API server into etcd', () => {
    expect(
      hops(
        ['hop', 'script/1', 'kubectl:create'],
        ['revision', 'etcd', 'put', put],
        ['request', 'apiserver/0', 'create', note({})],
      ),
    ).toEqual([
      'kubectl:create',
      'apiserver:authenticate',
      'apiserver:authorize',
      'apiserver:admit',
      'apiserver:validate',
      'etcd:put',
    ])
  })

  it.each([
    ['authentication', ['apiserver:authenticate']],
    ['authorization', ['apiserver:authenticate', 'apiserver:authorize']],
    ['admission', ['apiserver:authenticate', 'apiserver:authorize', 'apiserver:admit']],
  ] as const)('a refusal at %s goes no further', (reached, expected) => {
    expect(hops(['request', 'apiserver/0', 'create', note({ reached, code: 403 })])).toEqual(expected)
  })

  it('reads leave no hops, subresources name what was done', () => {
    expect(hops(['request', 'apiserver/0', 'get', note({ verb: 'get', code: 200 })])).toEqual([])
    expect(
      hops(
        ['revision', 'etcd', 'put', put],
        ['request', 'apiserver/0', 'patch', note({ verb: 'patch', subresource: 'status', code: 200 })],
      ).slice(-2),
    ).toEqual(['etcd:put', 'apiserver:update-status'])
    expect(hops(['request', 'apiserver/0', 'create', note({ subresource: 'binding' })]).at(-1)).toBe('apiserver:bind')
    expect(hops(['request', 'apiserver/0', 'create', note({ subresource: 'eviction', code: 429 })]).at(-1)).toBe(
      'apiserver:validate',
    )
  })

  it('components tell their own, under the names that scenarios use', () => {
    expect(
      hops(
        ['hop', 'kube-scheduler', 'bind'],
        ['hop', 'kubelet/n1', 'sync'],
        ['hop', 'replicaset-controller', 'reconcile'],
        ['hop', 'x', 'runtime:pull'],
      ),
    ).toEqual(['scheduler:bind', 'kubelet:sync', 'replicaset:reconcile', 'runtime:pull'])
  })
})
