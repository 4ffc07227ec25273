import { describe, expect, it } from 'vitest'
import { serviceHealth } from '../../../../runtime/kube-proxy/service-health.ts'
import { anEndpoint, aSlice } from './builders.ts'

const ports = {
  ports: [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'https', port: 443, protocol: 'TCP' },
  ],
}
const terminating = { conditions: { ready: false, serving: true, terminating: true } }

describe('serviceHealth', () => {
  it('counts ready addresses of the node once, whatever their ports', () => {
    const slices = [aSlice('s', 'web', [anEndpoint('10.244.1.2', 'node-1'), anEndpoint('10.244.2.2', 'node-2')], ports)]
    expect(serviceHealth(slices, 'node-1', true)).toEqual({ code: 200, localEndpoints: 1 })
    expect(serviceHealth(slices, 'node-3', true)).toEqual({ code: 503, localEndpoints: 0 })
  })

  it('does not count who is terminating', () => {
    const slices = [aSlice('s', 'web', [anEndpoint('10.244.1.2', 'node-1', terminating)], ports)]
    expect(serviceHealth(slices, 'node-1', true)).toEqual({ code: 503, localEndpoints: 0 })
  })

  it('is bad where the proxy itself is', () => {
    const slices = [aSlice('s', 'web', [anEndpoint('10.244.1.2', 'node-1')], ports)]
    expect(serviceHealth(slices, 'node-1', false)).toEqual({ code: 503, localEndpoints: 1 })
  })
})
