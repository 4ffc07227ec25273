import { describe, expect, it } from 'vitest'
import type { Node, Service } from '../../../../api/types/core-v1.generated.ts'
import { initialized, uninitialized } from '../../../../runtime/controllers/cloud-node/initialized.ts'
import {
  hostsMayChange,
  isHost,
  needsCleanup,
  needsUpdate,
  wantsLoadBalancer,
} from '../../../../runtime/controllers/service/needs-update.ts'

const service = (spec: object, metadata: object = {}): Service =>
  ({
    metadata: { name: 'web', uid: 'u', ...metadata },
    spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }], ...spec },
  }) as unknown as Service
const node = (metadata: object = {}, spec: object = {}): Node =>
  ({ metadata: { name: 'n', ...metadata }, spec }) as unknown as Node

const held = { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }
const exclude = (value: string): object => ({
  labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': value },
})

describe('which Services matter to load balancers', () => {
  it.each<[string, object, boolean]>([
    ['the type', {}, true],
    ['another type', { type: 'NodePort' }, false],
    ['a class of its own', { loadBalancerClass: 'example.com/mine' }, false],
  ])('%s', (_, spec, expected) => {
    expect(wantsLoadBalancer(service(spec))).toBe(expected)
  })

  it.each<[string, Service, boolean]>([
    ['nothing was done for it', service({ type: 'NodePort' }), false],
    ['it is wanted', service({}, held), false],
    ['it is being deleted', service({}, { ...held, deletionTimestamp: 'now' }), true],
    ['its type has changed', service({ type: 'ClusterIP' }, held), true],
  ])('cleaned up: %s', (_, one, expected) => {
    expect(needsCleanup(one)).toBe(expected)
  })

  it.each<[string, Service, Service, boolean]>([
    ['nothing', service({}), service({}), false],
    ['a port', service({}), service({ ports: [{ port: 81 }] }), true],
    ['the type', service({ type: 'ClusterIP' }), service({}), true],
    ['an annotation', service({}), service({}, { annotations: { a: 'b' } }), true],
    ['a label', service({}), service({}, { labels: { a: 'b' } }), false],
    ['ranges', service({}), service({ loadBalancerSourceRanges: ['10.0.0.0/8'] }), true],
    ['the policy', service({}), service({ externalTrafficPolicy: 'Local' }), true],
    ['the selector', service({}), service({ selector: { a: 'b' } }), false],
    ['another object', service({}), service({}, { uid: 'v' }), true],
    ['no balancer at all', service({ type: 'NodePort' }), service({ type: 'NodePort', ports: [] }), false],
  ])('what has changed: %s', (_, before, after, expected) => {
    expect(needsUpdate(before, after)).toBe(expected)
  })
})

describe('which nodes are hosts', () => {
  it.each<[string, Node, boolean]>([
    ['a plain one', node(), true],
    ['a deleted one', node({ deletionTimestamp: 'now' }), false],
    ['an excluded one', node(exclude('true')), false],
    ['one whose label has no value', node(exclude('')), false],
    ['one that is not excluded', node(exclude('false')), true],
    ['one that the autoscaler takes away', node({}, { taints: [{ key: 'ToBeDeletedByClusterAutoscaler' }] }), false],
    ['a tainted one', node({}, { taints: [{ key: 'node.kubernetes.io/not-ready' }] }), true],
  ])('%s', (_, one, expected) => {
    expect(isHost(one)).toBe(expected)
  })

  it('may change with a label or an instance, not with a taint', () => {
    expect(hostsMayChange(node(), node(exclude('true')))).toBe(true)
    expect(hostsMayChange(node(), node({}, { providerID: 'kscn://a/n' }))).toBe(true)
    expect(hostsMayChange(node(), node({}, { taints: [{ key: 'ToBeDeletedByClusterAutoscaler' }] }))).toBe(false)
  })
})

describe('a node that the cloud has been asked about', () => {
  const instance = { providerId: 'kscn://a/n', type: 'big', zone: 'a', addresses: [], shutDown: false }

  it('gets what the cloud knows, and loses the taint alone', () => {
    const taints = [
      { key: uninitialized, effect: 'NoSchedule' },
      { key: 'own', effect: 'NoSchedule' },
    ]
    const after = initialized(node({ labels: { own: 'x' } }, { taints }), instance)
    expect(after.spec).toEqual({ taints: [{ key: 'own', effect: 'NoSchedule' }], providerID: 'kscn://a/n' })
    expect(after.metadata.labels).toMatchObject({ own: 'x', 'topology.kubernetes.io/zone': 'a' })
  })

  it('keeps an instance that it has, and has no zone where the cloud has none', () => {
    const after = initialized(node({}, { providerID: 'mine' }), { ...instance, zone: undefined })
    expect(after.spec?.providerID).toBe('mine')
    expect(after.metadata.labels).not.toHaveProperty('topology.kubernetes.io/zone')
  })
})
