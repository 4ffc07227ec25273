import { describe, expect, it } from 'vitest'
import type { Service } from '../../../../api/types/core-v1.generated.ts'
import { servicePorts, usesClusterEndpoints, usesLocalEndpoints } from '../../../../runtime/kube-proxy/service-port.ts'
import { aService } from './builders.ts'

const only = (spec: Partial<Service['spec']>, status: object = {}): ReturnType<typeof servicePorts>[number] =>
  servicePorts(aService('web', spec, status), 'IPv4')[0]!

describe('servicePorts', () => {
  it.each<[string, Partial<Service['spec']>]>([
    ['a headless Service', { clusterIP: 'None' }],
    ['one without an address yet', { clusterIP: '' }],
    ['an alias', { type: 'ExternalName' }],
    ['one of the other family', { clusterIP: 'fd00::10' }],
    [
      'one whose families do not hold this one',
      { ipFamilies: ['IPv6'], clusterIPs: ['fd00::10'], clusterIP: 'fd00::10' },
    ],
    ['one without ports', { ports: [] }],
  ])('has nothing for %s', (_what, spec) => {
    expect(servicePorts(aService('web', spec), 'IPv4')).toEqual([])
  })

  it('names ports as upstream does', () => {
    const ports = [
      { port: 53, protocol: 'UDP' as const, name: 'dns' },
      { port: 53, protocol: 'TCP' as const, name: 'dns-tcp' },
    ]
    const keys = servicePorts(aService('dns', { ports }), 'IPv4').map((one) => [one.key, one.name])
    expect(keys).toEqual([
      ['default/dns:dns/UDP', 'default/dns:dns'],
      ['default/dns:dns-tcp/TCP', 'default/dns:dns-tcp'],
    ])
    expect(only({ ports: [{ port: 80 }] }).name).toBe('default/web')
  })

  it('takes the address of its family out of two', () => {
    const spec = { ipFamilies: ['IPv6', 'IPv4'], clusterIP: 'fd00::10', clusterIPs: ['fd00::10', '10.96.0.20'] }
    expect(only(spec).clusterIP).toBe('10.96.0.20')
    expect(servicePorts(aService('web', spec), 'IPv6')[0]!.clusterIP).toBe('fd00::10')
  })

  it('binds only load balancer addresses that are virtual ones', () => {
    const ingress = [
      { ip: '198.51.100.1' },
      { ip: '198.51.100.2', ipMode: 'Proxy' },
      { hostname: 'lb.example' },
      { ip: 'fd00::1' },
    ]
    expect(only({ type: 'LoadBalancer' }, { loadBalancer: { ingress } }).loadBalancerIPs).toEqual(['198.51.100.1'])
  })

  it('reads source ranges sloppily, and lets everybody in where one range is everything', () => {
    const ranges = (...texts: string[]): readonly string[] => only({ loadBalancerSourceRanges: texts }).sourceRanges
    expect(ranges(' 203.0.113.7/24', 'fd00::/8', 'nonsense')).toEqual(['203.0.113.0/24'])
    expect(ranges('203.0.113.0/24', '0.0.0.0/0')).toEqual([])
  })

  it('skips external IPs that are none', () => {
    expect(only({ externalIPs: ['198.51.100.7', '', 'x', 'fd00::7'] }).externalIPs).toEqual(['198.51.100.7'])
  })

  it('needs a way in from outside for the external policy, and a load balancer for its health check', () => {
    expect(only({ externalTrafficPolicy: 'Local' }).externalPolicy).toBe('Cluster')
    const local = { externalTrafficPolicy: 'Local', healthCheckNodePort: 31000 } as const
    expect(only({ type: 'NodePort', ...local })).toMatchObject({ externalPolicy: 'Local', healthCheckNodePort: 0 })
    expect(only({ type: 'LoadBalancer', ...local })).toMatchObject({
      externalPolicy: 'Local',
      healthCheckNodePort: 31000,
    })
  })

  it('uses the endpoints that its policies speak of', () => {
    const uses = (spec: Partial<Service['spec']>): boolean[] => [
      usesClusterEndpoints(only(spec)),
      usesLocalEndpoints(only(spec)),
    ]
    const ports = [{ name: 'http', port: 80, nodePort: 30080 }]
    expect(uses({})).toEqual([true, false])
    expect(uses({ internalTrafficPolicy: 'Local' })).toEqual([false, true])
    expect(uses({ internalTrafficPolicy: 'Local', type: 'NodePort', ports })).toEqual([true, true])
    expect(uses({ externalTrafficPolicy: 'Local', type: 'NodePort', ports })).toEqual([true, true])
    expect(uses({ externalTrafficPolicy: 'Local', type: 'LoadBalancer' })).toEqual([true, false])
  })

  it('is computed once for a frozen Service', () => {
    const service = aService('web')
    expect(servicePorts(service, 'IPv4')).toBe(servicePorts(service, 'IPv4'))
  })
})
