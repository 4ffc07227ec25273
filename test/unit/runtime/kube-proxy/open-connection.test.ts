import { describe, expect, it } from 'vitest'
import { createAffinity } from '../../../../runtime/kube-proxy/affinity.ts'
import { openConnection } from '../../../../runtime/kube-proxy/open-connection.ts'
import { aNode, anEndpoint, aService, aSlice } from './builders.ts'

const slices = [
  aSlice(
    'web-0',
    'web',
    [2, 3, 4].map((host) => anEndpoint(`10.244.1.${host}`, 'node-1')),
  ),
]
const packet = { protocol: 'TCP', source: '10.244.1.200', destination: '10.96.0.10', port: 80 }

describe('openConnection', () => {
  it('draws one of the backends', () => {
    const node = aNode([aService('web')], slices)
    const drawn: string[] = []
    const choose = (label: string, n: number): number => {
      drawn.push(`${label} ${n}`)
      return 2
    }
    const opened = openConnection(node, packet, { choose, affinity: createAffinity(() => 0) })
    expect(opened).toMatchObject({ verdict: 'forward', backend: { endpoint: '10.244.1.4:8080', masquerade: false } })
    expect(drawn).toEqual(['kube-proxy/backend 3'])
  })

  it('draws nothing where nobody answers', () => {
    const node = aNode([aService('web')], [])
    const choose = (): number => {
      throw new Error('nothing to choose')
    }
    expect(openConnection(node, packet, { choose, affinity: createAffinity(() => 0) })).toEqual({ verdict: 'reject' })
    expect(openConnection(node, { ...packet, port: 81 }, { choose, affinity: createAffinity(() => 0) })).toEqual({
      verdict: 'none',
    })
  })

  it('keeps a client with its backend while it comes back in time', () => {
    const sticky = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } } as const
    const node = aNode([aService('web', sticky)], slices)
    let now = 0
    let turn = 0
    const draws = { choose: (_label: string, n: number): number => turn++ % n, affinity: createAffinity(() => now) }
    const at = (time: number, source = packet.source): string => {
      now = time
      const opened = openConnection(node, { ...packet, source }, draws)
      return opened.verdict === 'forward' ? opened.backend.endpoint : opened.verdict
    }
    expect(at(0)).toBe('10.244.1.2:8080')
    expect(at(9_000_000)).toBe('10.244.1.2:8080')
    expect(at(9_000_000, '10.244.1.201')).toBe('10.244.1.3:8080')
    // The time counts from the last connection.
    expect(at(19_000_000)).toBe('10.244.1.2:8080')
    expect(at(29_000_001)).toBe('10.244.1.4:8080')
  })

  it('leaves a backend that is gone', () => {
    const sticky = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } } as const
    const affinity = createAffinity(() => 0)
    const draws = { choose: () => 0, affinity }
    const before = aNode([aService('web', sticky)], slices)
    expect(openConnection(before, packet, draws)).toMatchObject({ backend: { endpoint: '10.244.1.2:8080' } })
    const after = aNode([aService('web', sticky)], [aSlice('web-0', 'web', [anEndpoint('10.244.1.3', 'node-1')])])
    expect(openConnection(after, packet, draws)).toMatchObject({ backend: { endpoint: '10.244.1.3:8080' } })
  })

  it('hides a backend that calls itself behind the node', () => {
    const node = aNode([aService('web')], [aSlice('web-0', 'web', [anEndpoint('10.244.1.200', 'node-1')])])
    const opened = openConnection(node, packet, { choose: () => 0, affinity: createAffinity(() => 0) })
    expect(opened).toMatchObject({ backend: { masquerade: true } })
  })
})
