import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../../api/object.ts'
import { builtinScheme } from '../../../../../api/scheme/builtin-scheme.ts'
import { cidrWarnings, ipWarnings } from '../../../../../api/validation/warnings/addresses.ts'
import { fractionalWarning } from '../../../../../api/validation/warnings/fractional.ts'
import { deprecationOf, warningsForCreate, warningsForUpdate } from '../../../../../api/validation/warnings/warnings.ts'

const resource = (id: string) => builtinScheme().byKind(id)!
const created = (id: string, object: object): readonly string[] =>
  warningsForCreate(resource(id), { metadata: { name: 'a' }, ...object } as unknown as KubeObject)
const pod = (spec: object): readonly string[] => created('v1/Pod', { spec })
const port = (containerPort: number, more: object = {}): object => ({ containerPort, protocol: 'TCP', ...more })

describe('warnings', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a port twice',
      pod({
        containers: [
          { name: 'a', ports: [port(80)] },
          { name: 'b', ports: [port(80)] },
        ],
      }),
      ['spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
    ],
    [
      'a port with and without host port',
      pod({ containers: [{ name: 'a', ports: [port(80), port(80, { hostPort: 8080 })] }] }),
      ['spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]'],
    ],
    [
      'a host port on one address and on all',
      pod({
        containers: [{ name: 'a', ports: [port(80, { hostPort: 1, hostIP: '1.1.1.1' }), port(80, { hostPort: 1 })] }],
      }),
      ['spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]'],
    ],
    [
      'two protocols of a port',
      pod({ containers: [{ name: 'a', ports: [port(53), port(53, { protocol: 'UDP' })] }] }),
      [],
    ],
    [
      'a variable that forgets its first value',
      pod({
        containers: [
          {
            name: 'a',
            env: [
              { name: 'X', value: '1' },
              { name: 'X', value: '2' },
            ],
          },
        ],
      }),
      ['spec.containers[0].env[1]: hides previous definition of "X", which may be dropped when using apply'],
    ],
    [
      'a variable that uses it',
      pod({
        containers: [
          {
            name: 'a',
            env: [
              { name: 'X', value: '1' },
              { name: 'X', value: '$(X)2' },
            ],
          },
        ],
      }),
      [],
    ],
    [
      'paths in one another',
      pod({
        containers: [],
        volumes: [
          {
            name: 'v',
            configMap: {
              name: 'c',
              items: [
                { key: 'a', path: 'x/y' },
                { key: 'b', path: 'x' },
              ],
            },
          },
        ],
      }),
      ['volume "v" (ConfigMap "c"): overlapping paths: "x" with "x/y"'],
    ],
    [
      'a name with a dot',
      created('apps/v1/Deployment', { metadata: { name: 'a.b' }, spec: { template: {} } }).map((one) =>
        one.slice(0, 65),
      ),
      ['metadata.name: this is used in Pod names and hostnames, which can'],
    ],
    [
      'an external name that nobody reads',
      created('v1/Service', { spec: { type: 'ClusterIP', clusterIP: '10.0.0.1', externalName: 'x' } }),
      ['spec.externalName is ignored when spec.type is not "ExternalName"'],
    ],
    [
      'a quota that asks for more than it allows',
      created('v1/ResourceQuota', { spec: { hard: { cpu: '2', 'limits.cpu': '1' } } }),
      ['ResourceQuota cpu (2) should be less than limits.cpu (1)'],
    ],
    [
      'a key in place of a certificate',
      created('v1/Secret', {
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': btoa('-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----') },
      }),
      [
        'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
      ],
    ],
    ['a kind without any', created('v1/ConfigMap', { data: {} }), []],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected))

  it('says nothing of an update that leaves the template alone', () => {
    const template = { spec: { topologySpreadConstraints: [{ topologyKey: 'z' }] } }
    const of = (generation: number): KubeObject =>
      ({ metadata: { name: 'a', generation }, spec: { template } }) as unknown as KubeObject
    const deployment = resource('apps/v1/Deployment')
    expect(warningsForUpdate(deployment, of(1), of(1))).toEqual([])
    expect(warningsForUpdate(deployment, of(2), of(1))).toHaveLength(1)
    expect(warningsForUpdate(deployment, of(2), of(1), 'status')).toEqual([])
  })

  it('knows kinds on their way out', () => {
    expect(deprecationOf(resource('v1/Endpoints'))).toContain('deprecated in v1.33+')
    expect(deprecationOf(resource('v1/Pod'))).toBeUndefined()
  })

  it('takes canonical addresses', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (ip, bits) => {
        expect(ipWarnings('p', ip)).toEqual([])
        if (bits === 32) expect(cidrWarnings('p', `${ip}/32`)).toEqual([])
      }),
    )
    expect(ipWarnings('p', '010.0.0.1')).toEqual(['p: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'])
    expect(ipWarnings('p', '2001:DB8::1')).toEqual([
      'p: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ])
    expect(cidrWarnings('p', '10.0.0.1/8')).toEqual([
      'p: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
    ])
  })

  it('finds fractions of a byte, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), (milli) => {
        const found = fractionalWarning({ memory: `${milli}m` }, 'memory', 'p')
        expect(found.length).toBe(milli % 1000n === 0n ? 0 : 1)
      }),
    )
    expect(fractionalWarning({ memory: '100000000000001' }, 'memory', 'p')).toEqual([])
  })
})
