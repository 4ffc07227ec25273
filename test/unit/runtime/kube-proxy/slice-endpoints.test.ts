import { describe, expect, it } from 'vitest'
import { hostOf } from '../../../../runtime/kube-proxy/endpoint.ts'
import { sliceEndpoints } from '../../../../runtime/kube-proxy/slice-endpoints.ts'
import { anEndpoint, aSlice } from './builders.ts'

const terminating = { conditions: { ready: false, serving: true, terminating: true } }

describe('sliceEndpoints', () => {
  it('sorts by text and takes absent conditions for good ones', () => {
    const slice = aSlice('s', 'web', [
      anEndpoint('10.244.1.9', 'n1', { conditions: {} }),
      anEndpoint('10.244.1.10', 'n1'),
    ])
    const endpoints = sliceEndpoints([slice]).get('http/TCP')!
    expect(endpoints.map((one) => one.text)).toEqual(['10.244.1.10:8080', '10.244.1.9:8080'])
    expect(endpoints[1]).toMatchObject({ ready: true, serving: true, terminating: false })
  })

  it('prefers who is not terminating where two slices have one address', () => {
    const going = aSlice('a', 'web', [anEndpoint('10.244.1.2', 'n1', terminating)])
    const coming = aSlice('b', 'web', [anEndpoint('10.244.1.2', 'n2')])
    for (const slices of [
      [going, coming],
      [coming, going],
    ]) {
      const list = sliceEndpoints(slices).get('http/TCP')!
      expect(list).toHaveLength(1)
      expect(list[0]).toMatchObject({ nodeName: 'n2', terminating: false })
    }
  })

  it('ignores ports without a name or a number, and endpoints without an address', () => {
    const none = aSlice('s', 'web', [{ addresses: [] }])
    expect(sliceEndpoints([none]).size).toBe(0)
    const odd = aSlice('s', 'web', [anEndpoint('10.244.1.2', 'n1')], {
      ports: [{ port: 80 }, { name: 'x' }, { name: 'y', port: 0 }],
    })
    expect(sliceEndpoints([odd]).size).toBe(0)
    expect(sliceEndpoints([aSlice('s', 'web', [], { endpoints: undefined, ports: undefined })]).size).toBe(0)
  })

  it('writes IPv6 addresses in brackets', () => {
    const slice = aSlice('s', 'web', [anEndpoint('fd00:0:0::2', 'n1')], { addressType: 'IPv6' })
    const [endpoint] = sliceEndpoints([slice]).get('http/TCP')!
    expect(endpoint!.text).toBe('[fd00::2]:8080')
    expect(hostOf(endpoint!.text)).toBe('fd00::2')
  })

  it('gives the same lists for the same frozen slices', () => {
    const slices = [aSlice('a', 'web', [anEndpoint('10.244.1.2', 'n1')]), aSlice('b', 'web', [])]
    expect(sliceEndpoints(slices)).toBe(sliceEndpoints([...slices]))
    expect(sliceEndpoints([slices[0]!])).not.toBe(sliceEndpoints(slices))
  })
})
