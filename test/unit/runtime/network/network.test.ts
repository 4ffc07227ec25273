import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../../runtime/network/network.ts'

const kubelet = ['kubelet/workers-0', 'node/workers-0', 'zone/a']
const apiserver = ['apiserver/0']

describe('network', () => {
  it('lets everybody reach everybody until something is cut, and again when it is healed', () => {
    const network = createNetwork()
    expect(network.reachable(kubelet, apiserver)).toBe(true)
    const heal = network.cut('node/workers-0', 'apiserver/*')
    expect(network.reachable(kubelet, apiserver)).toBe(false)
    expect(network.reachable(apiserver, kubelet)).toBe(false)
    expect(network.reachable(['node/workers-01'], apiserver)).toBe(true)
    heal()
    heal()
    expect(network.reachable(kubelet, apiserver)).toBe(true)
  })

  it('heals one of two cuts without healing the other', () => {
    const network = createNetwork()
    const first = network.cut('zone/a', 'apiserver/0')
    network.cut('node/*', '*')
    first()
    expect(network.reachable(kubelet, apiserver)).toBe(false)
  })

  it('adds up delays', () => {
    const network = createNetwork()
    const heal = network.slow('zone/a', 'apiserver/0', 300)
    network.slow('node/workers-0', '*', 20)
    expect(network.delay(kubelet, apiserver)).toBe(320)
    heal()
    expect(network.delay(apiserver, kubelet)).toBe(20)
    expect(network.delay(['scheduler'], apiserver)).toBe(0)
  })

  it('tells of each change once', () => {
    const network = createNetwork()
    let changes = 0
    const stop = network.subscribe(() => (changes += 1))
    const heal = network.cut('a', 'b')
    heal()
    heal()
    stop()
    network.cut('a', 'b')
    expect(changes).toBe(2)
  })

  it('takes a name literally but for its stars', () => {
    const network = createNetwork()
    network.cut('node/a.b', '*')
    expect(network.reachable(['node/axb'], apiserver)).toBe(true)
    expect(network.reachable(['node/a.b'], apiserver)).toBe(false)
  })
})
