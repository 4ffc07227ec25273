import { describe, expect, it } from 'vitest'
import type { NetworkPolicy, NetworkPolicySpec } from '../../../../api/types/networking-v1.generated.ts'
import { deniedBy, type PolicyWorld } from '../../../../runtime/network/network-policies.ts'
import type { PolicyConnection, PolicyEnd } from '../../../../runtime/network/policy-connection.ts'

const policy = (spec: NetworkPolicySpec, namespace = 'default'): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace, uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  spec,
})
const world = (policies: readonly NetworkPolicy[], blocksReachPods = true): PolicyWorld => ({
  policies: (namespace) => policies.filter((one) => one.metadata.namespace === namespace),
  namespaceLabels: (name) => ({ 'kubernetes.io/metadata.name': name, team: name === 'other' ? 'b' : 'a' }),
  blocksReachPods,
})
const pod = (app: string, address: string, more: { namespace?: string; node?: string } = {}): PolicyEnd => ({
  address,
  node: more.node ?? 'node-0',
  pod: {
    namespace: more.namespace ?? 'default',
    labels: { app },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  },
})
const node = (name: string, address: string): PolicyEnd => ({ address, node: name, pod: undefined })

const db = pod('db', '10.244.0.2')
const web = pod('web', '10.244.1.3', { node: 'node-1' })
const stranger = pod('web', '10.244.1.4', { node: 'node-1', namespace: 'other' })
const outside: PolicyEnd = { address: '192.0.2.10', node: undefined, pod: undefined }
const open = (from: PolicyEnd, to: PolicyEnd, port = 8080, protocol = 'TCP'): PolicyConnection => ({
  from,
  to,
  protocol,
  port,
})

const denyIngress = policy({ podSelector: { matchLabels: { app: 'db' } } })

describe('NetworkPolicies', () => {
  it.each<[string, readonly NetworkPolicySpec[], PolicyConnection, 'Ingress' | 'Egress' | undefined]>([
    ['without a policy all passes', [], open(web, db), undefined],
    ['a policy without rules denies', [{ podSelector: {} }], open(web, db), 'Ingress'],
    [
      'a policy for other pods does not concern',
      [{ podSelector: { matchLabels: { app: 'x' } } }],
      open(web, db),
      undefined,
    ],
    ['an empty rule lets all in', [{ podSelector: {}, ingress: [{}] }], open(outside, db), undefined],
    ['egress rules alone isolate both ways', [{ podSelector: {}, egress: [{}] }], open(web, db), 'Ingress'],
    ['policyTypes decide', [{ podSelector: {}, policyTypes: ['Egress'] }], open(outside, db), undefined],
    ['default deny of egress', [{ podSelector: {}, policyTypes: ['Egress'] }], open(web, outside), 'Egress'],
    [
      'a rule of any policy suffices',
      [{ podSelector: {} }, { podSelector: {}, ingress: [{}] }],
      open(web, db),
      undefined,
    ],
    [
      'a pod selector chooses in its own namespace',
      [{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] }],
      open(stranger, db),
      'Ingress',
    ],
    [
      'a namespace selector chooses all pods of its namespaces',
      [{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'b' } } }] }] }],
      open(stranger, db),
      undefined,
    ],
    [
      'both together must hold',
      [
        {
          podSelector: {},
          ingress: [
            {
              from: [
                { namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: { matchLabels: { app: 'cron' } } },
              ],
            },
          ],
        },
      ],
      open(stranger, db),
      'Ingress',
    ],
    [
      'two peers are alternatives',
      [
        {
          podSelector: {},
          ingress: [
            {
              from: [
                { namespaceSelector: { matchLabels: { team: 'b' } } },
                { podSelector: { matchLabels: { app: 'cron' } } },
              ],
            },
          ],
        },
      ],
      open(stranger, db),
      undefined,
    ],
    [
      'a range lets addresses in',
      [{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }] }],
      open(outside, db),
      undefined,
    ],
    [
      'but for those that it excepts',
      [{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.8/29'] } }] }] }],
      open(outside, db),
      'Ingress',
    ],
    [
      'selectors choose no addresses',
      [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }],
      open(outside, db),
      'Ingress',
    ],
    ['a port by number', [{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }], open(web, db), 'Ingress'],
    [
      'a range of ports',
      [{ podSelector: {}, ingress: [{ ports: [{ port: 8000, endPort: 8080 }] }] }],
      open(web, db),
      undefined,
    ],
    [
      'which ends',
      [{ podSelector: {}, ingress: [{ ports: [{ port: 8000, endPort: 8079 }] }] }],
      open(web, db),
      'Ingress',
    ],
    [
      'a port by the name of the pod that is reached',
      [{ podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }] }],
      open(web, db),
      undefined,
    ],
    ['another name', [{ podSelector: {}, ingress: [{ ports: [{ port: 'grpc' }] }] }], open(web, db), 'Ingress'],
    [
      'a named port needs a pod',
      [{ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] }],
      open(web, outside),
      'Egress',
    ],
    [
      'protocols differ',
      [{ podSelector: {}, ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }] }] }],
      open(web, db),
      'Ingress',
    ],
    [
      'a protocol without a port',
      [{ podSelector: {}, ingress: [{ ports: [{ protocol: 'UDP' }] }] }],
      open(web, db, 53, 'UDP'),
      undefined,
    ],
    ['the node of the pod always passes', [{ podSelector: {} }], open(node('node-0', '192.168.0.10'), db), undefined],
    ['another node does not', [{ podSelector: {} }], open(node('node-1', '192.168.0.11'), db), 'Ingress'],
    ['a pod reaches itself', [{ podSelector: {} }], open(db, db), undefined],
    [
      'out of the pod to its own node',
      [{ podSelector: {}, policyTypes: ['Egress'] }],
      open(db, node('node-0', '192.168.0.10')),
      undefined,
    ],
  ])('%s', (_, specs, connection, expected) => {
    expect(deniedBy(connection, world(specs.map((spec) => policy(spec))))).toBe(expected)
  })

  it('isolate the pods of their own namespace only', () => {
    expect(deniedBy(open(web, stranger), world([denyIngress]))).toBeUndefined()
    expect(deniedBy(open(web, db), world([policy(denyIngress.spec, 'other')]))).toBeUndefined()
  })

  it('hold ranges against pods where the plugin does', () => {
    const ranged = policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.244.0.0/16' } }] }] })
    expect(deniedBy(open(web, db), world([ranged]))).toBeUndefined()
    expect(deniedBy(open(web, db), world([ranged], false))).toBe('Ingress')
  })
})
