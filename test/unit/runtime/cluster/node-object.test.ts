import { isIPv4 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { nodeAddress, podCidrOf } from '../../../../runtime/cluster/node-object.ts'

const nodes = 32_768
const indexes = Array.from({ length: nodes }, (_, index) => index)

describe('the addresses of many nodes', () => {
  it('are addresses, each its own, and none of the control plane', () => {
    const addresses = indexes.map(nodeAddress)
    expect(addresses.filter((address) => !isIPv4(address) || address.startsWith('192.168.255.'))).toEqual([])
    expect(new Set(addresses).size).toBe(nodes)
    expect([nodeAddress(0), nodeAddress(244), nodeAddress(245)]).toEqual([
      '192.168.0.10',
      '192.168.0.254',
      '192.168.1.10',
    ])
  })

  it('leave each node a range of pods of its own', () => {
    const ranges = indexes.map(podCidrOf)
    expect(ranges.filter((range) => !isIPv4(range.replace('/24', '')) || !range.endsWith('.0/24'))).toEqual([])
    expect(new Set(ranges).size).toBe(nodes)
  })
})
