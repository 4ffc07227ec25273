import { describe, expect, it } from 'vitest'
import { createPodIps } from '../../../../runtime/network/pod-ips.ts'

describe('pod addresses', () => {
  it('gives each address once and begins behind the bridge', () => {
    const ips = createPodIps('10.244.3.0/24')
    const given = Array.from({ length: 253 }, () => ips.allocate())
    expect(given[0]).toBe('10.244.3.2')
    expect(given.at(-1)).toBe('10.244.3.254')
    expect(new Set(given).size).toBe(253)
    expect(ips.allocate()).toBeUndefined()
  })

  it('hands a released address out again, but not at once', () => {
    const ips = createPodIps('10.244.3.0/24')
    const first = ips.allocate()!
    ips.release(first)
    expect(ips.allocate()).toBe('10.244.3.3')
    for (let n = 0; n < 251; n += 1) ips.allocate()
    expect(ips.allocate()).toBe(first)
  })
})
