import { describe, expect, it } from 'vitest'
import { iptablesText } from '../../../../runtime/kube-proxy/iptables-text.ts'
import { aNode, anEndpoint, aService, aSlice, type NodeOptions } from './builders.ts'

const many = (n: number): ReturnType<typeof anEndpoint>[] =>
  Array.from({ length: n }, (_, i) => anEndpoint(`10.244.${i >> 8}.${i & 255}`, 'node-1'))

const chain = (text: string, name: string): string[] => text.split('\n').filter((line) => line.startsWith(`-A ${name}`))

const nodePortService = aService('web', {
  type: 'NodePort',
  ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30080 }],
})
const textWith = (options: NodeOptions): string =>
  iptablesText(aNode([nodePortService], [aSlice('web-0', 'web', many(1))], options))

describe('iptablesText', () => {
  it('drops the comments of endpoints in a large cluster', () => {
    const of = (n: number): string[] =>
      chain(iptablesText(aNode([aService('web')], [aSlice('web-0', 'web', many(n))])), 'KUBE-S')
    expect(of(1000).filter((line) => line.includes('->'))).toHaveLength(1000)
    expect(of(1001).filter((line) => line.includes('->'))).toHaveLength(0)
    expect(of(1001).at(-1)).toMatch(
      /^-A KUBE-SEP-[A-Z2-7]{16} -m tcp -p tcp -j DNAT --to-destination 10\.244\.\d+\.\d+:8080$/,
    )
  })

  it('writes node ports for the chosen addresses only', () => {
    const last = (flags: Readonly<Record<string, string>>): string[] =>
      chain(textWith({ flags }), 'KUBE-SERVICES')
        .filter((line) => line.endsWith('-j KUBE-NODEPORTS'))
        .map((line) => line.replace(/.*chain" /, ''))
    expect(last({})).toEqual(['-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS'])
    expect(last({ 'iptables-localhost-nodeports': 'false' })).toEqual([
      '-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8 -j KUBE-NODEPORTS',
    ])
    expect(last({ 'nodeport-addresses': '192.168.0.0/16' })).toEqual(['-d 192.168.0.11 -j KUBE-NODEPORTS'])
    expect(last({ 'nodeport-addresses': '172.16.0.0/12' })).toEqual([])
  })

  it('accepts health checks of a load balancer that stays on its nodes', () => {
    const service = aService('web', {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31000,
    })
    const lines = chain(iptablesText(aNode([service], [])), 'KUBE-NODEPORTS')
    expect(lines).toEqual([
      '-A KUBE-NODEPORTS -m comment --comment "default/web:http health check node port" -m tcp -p tcp --dport 31000 -j ACCEPT',
    ])
  })

  it('lets the load balancer address in where the node is in the source ranges', () => {
    const service = aService(
      'web',
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.0.0/24'] },
      { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } },
    )
    const text = iptablesText(aNode([service], [aSlice('web-0', 'web', many(1))]))
    const sources = chain(text, 'KUBE-FW-').flatMap((line) => / -s (\S+)/.exec(line)?.[1] ?? [])
    expect(sources).toEqual(['192.168.0.0/24', '198.51.100.10'])
  })
})
