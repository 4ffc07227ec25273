import { describe, expect, it } from 'vitest'
import { proxyConfig } from '../../../../runtime/kube-proxy/proxy-config.ts'
import { configOf } from './builders.ts'

describe('proxyConfig', () => {
  it('has the defaults of upstream', () => {
    expect(configOf()).toMatchObject({
      clusterCidrText: '10.244.0.0/16',
      masqueradeAll: false,
      localhostNodePorts: true,
      nodePortAddresses: [],
      minSyncPeriod: 1_000_000,
    })
  })

  it.each([
    [{ sync: '2s' }, 2_000_000],
    [{ 'min-sync-period': '500ms', sync: '2s' }, 500_000],
    [{ 'iptables-min-sync-period': '0s' }, 0],
  ])('takes the minimal period from %j', (flags, period) => {
    expect(configOf(flags as Record<string, string>).minSyncPeriod).toBe(period)
  })

  it.each([
    ['127.0.0.0/8', true],
    ['127.0.0.1/32', true],
    ['0.0.0.0/0', true],
    ['192.168.0.0/16', false],
    ['192.168.0.0/16,127.0.0.0/8', true],
    ['fd00::/8', true],
  ])('with node port addresses %s localhost is %s', (text, localhost) => {
    expect(configOf({ 'nodeport-addresses': text }).localhostNodePorts).toBe(localhost)
  })

  it('masquerades nothing where the pod network is unknown', () => {
    expect(configOf({ 'cluster-cidr': '' }).clusterCidr).toBeUndefined()
  })

  it.each([
    [{ mode: 'userspace' }, 'mode', 'proxy mode userspace is none of iptables, ipvs, nftables'],
    [{ mode: 'ipvs', 'ipvs-scheduler': 'lc' }, 'ipvs-scheduler', 'ipvs scheduler lc is not simulated; rr is'],
    [{ 'cluster-cidr': 'x' }, 'cluster-cidr', 'x is no CIDR'],
    [{ 'nodeport-addresses': '1.2.3.4' }, 'nodeport-addresses', '1.2.3.4 is no list of CIDRs'],
    [{ sync: 'soon' }, 'min-sync-period', 'time: invalid duration "soon"'],
    [{ sync: '-1s' }, 'min-sync-period', '-1s is negative'],
    [{ 'bind-adress': 'x' }, 'bind-adress', 'kube-proxy has no flag bind-adress here'],
  ])('refuses %j', (flags, flag, message) => {
    expect(proxyConfig(flags as unknown as Record<string, string>)).toEqual({ ok: false, flag, message })
  })
})
