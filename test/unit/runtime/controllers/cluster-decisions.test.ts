import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type {
  Endpoints,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
} from '../../../../api/types/core-v1.generated.ts'
import type { EndpointSlice } from '../../../../api/types/discovery-v1.generated.ts'
import type { ClusterRole } from '../../../../api/types/rbac-v1.generated.ts'
import { aggregatedRules } from '../../../../runtime/controllers/clusterrole-aggregation/controller.ts'
import { decideMirrors } from '../../../../runtime/controllers/endpointslice-mirroring/decide-mirrors.ts'
import { rangesOf } from '../../../../runtime/controllers/node-ipam/controller.ts'
import { decideVolume, mismatchOf } from '../../../../runtime/controllers/persistentvolume-binder/decide-volume.ts'
import { countsUnder, decideUsage, isCharged } from '../../../../runtime/controllers/resourcequota/decide-usage.ts'
import { base64 } from '../../../../runtime/controllers/serviceaccount-token/controller.ts'
import { nextStep } from '../../../../runtime/controllers/ttl/controller.ts'

const resource = (kind: string) => builtinScheme().byKind(kind)!

describe('quota usage', () => {
  const pods = { resource: resource('v1/Pod'), objects: [] as Pod[] }
  const quota = (hard: object, status?: object): ResourceQuota =>
    ({ metadata: { name: 'q' }, spec: { hard }, ...(status === undefined ? {} : { status }) }) as never
  const pod = (phase: string, cpu: string): Pod =>
    ({
      kind: 'Pod',
      metadata: {},
      spec: { containers: [{ resources: { requests: { cpu } } }] },
      status: { phase },
    }) as never

  it('adds up what is charged, and says nothing when nothing changed', () => {
    const objects = [pod('Running', '300m'), pod('Pending', '1'), pod('Succeeded', '7')]
    const status = decideUsage(quota({ pods: '9', 'requests.cpu': '4' }), [{ ...pods, objects }], 0)
    expect(status?.used).toEqual({ pods: '2', 'requests.cpu': '1300m' })
    expect(decideUsage(quota({ pods: '9', 'requests.cpu': '4' }, status), [{ ...pods, objects }], 0)).toBeUndefined()
  })

  it.each([
    ['v1/Pod', 'requests.storage', false],
    ['v1/Pod', 'requests.nvidia.com/gpu', true],
    ['v1/PersistentVolumeClaim', 'gold.storageclass.storage.k8s.io/requests.storage', true],
    ['v1/ConfigMap', 'configmaps', true],
    ['apps/v1/Deployment', 'count/deployments.apps', true],
    ['apps/v1/Deployment', 'deployments', false],
  ])('%s under %s: %s', (kind, name, counts) => {
    expect(countsUnder(resource(kind), name)).toBe(counts)
  })

  it('a pod that should be gone is not charged any more', () => {
    const going = {
      metadata: { deletionTimestamp: '1970-01-01T00:00:10Z', deletionGracePeriodSeconds: 30 },
    } as unknown as Pod
    expect(isCharged(going, 40_000_000)).toBe(true)
    expect(isCharged(going, 40_000_001)).toBe(false)
  })
})

describe('volume for a claim', () => {
  const volume = (name: string, storage: string, change: object = {}): PersistentVolume =>
    ({
      metadata: { name },
      spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], ...change },
      status: { phase: 'Available' },
    }) as never
  const claim = (change: object = {}): PersistentVolumeClaim =>
    ({
      metadata: { name: 'c', namespace: 'ns', uid: 'u' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } }, ...change },
    }) as never

  it('the smallest that is large enough; a reserved one first; none while binding is delayed', () => {
    const volumes = [volume('large', '20Gi'), volume('fits', '6Gi'), volume('small', '1Gi')]
    expect(decideVolume(claim(), volumes, false)?.metadata.name).toBe('fits')
    expect(decideVolume(claim(), volumes, true)).toBeUndefined()
    const reserved = volume('own', '50Gi', { claimRef: { name: 'c', namespace: 'ns' } })
    expect(decideVolume(claim(), [...volumes, reserved], true)?.metadata.name).toBe('own')
  })

  it('fewer access modes go before size', () => {
    const many = volume('many', '5Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] })
    expect(decideVolume(claim(), [many, volume('one', '9Gi')], false)?.metadata.name).toBe('one')
  })

  it.each([
    ['requested PV is too small', volume('v', '1Gi'), claim()],
    ['storageClassName does not match', volume('v', '9Gi'), claim({ storageClassName: 'x' })],
    ['incompatible volumeMode', volume('v', '9Gi'), claim({ volumeMode: 'Block' })],
    ['incompatible accessMode', volume('v', '9Gi'), claim({ accessModes: ['ReadWriteMany'] })],
    [undefined, volume('v', '9Gi'), claim()],
  ])('mismatch: %s', (why, one, wanted) => {
    expect(mismatchOf(one, wanted)).toBe(why)
  })
})

describe('mirrored slices', () => {
  const endpoints = (subsets: object): Endpoints =>
    ({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'ext', namespace: 'ns', uid: 'u' }, subsets }) as never
  const ports = [{ port: 80, protocol: 'TCP' }]

  it('one slice for each address type and set of ports; written once', () => {
    const given = endpoints([
      { addresses: [{ ip: '192.0.2.1' }, { ip: '2001:db8::1' }], ports },
      { notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 81, protocol: 'TCP' }] },
    ])
    const plan = decideMirrors(given, [], 100)
    expect(plan.create.map((one) => one.addressType)).toEqual(['IPv4', 'IPv6', 'IPv4'])
    const slices = plan.create.map((one, at) => ({
      ...one,
      metadata: { ...one.metadata, name: `s${at}` },
    })) as EndpointSlice[]
    expect(decideMirrors(given, slices, 100)).toMatchObject({ create: [], update: [], remove: [] })
  })

  it('counts what is invalid and what is beyond the limit', () => {
    const given = endpoints([{ addresses: [{ ip: 'x' }, { ip: '192.0.2.1' }, { ip: '192.0.2.2' }], ports }])
    expect(decideMirrors(given, [], 1)).toMatchObject({ invalid: 1, skipped: 2 })
  })

  it('what is to go is used again for what is new', () => {
    const old = {
      metadata: { name: 'old', labels: {} },
      addressType: 'IPv4',
      endpoints: [],
      ports: [{ name: 'x', port: 1, protocol: 'TCP' }],
    } as unknown as EndpointSlice
    const plan = decideMirrors(endpoints([{ addresses: [{ ip: '192.0.2.1' }], ports }]), [old], 100)
    expect([plan.create.length, plan.update[0]?.metadata.name, plan.remove.length]).toEqual([0, 'old', 0])
  })
})

describe('small ones', () => {
  it('ranges of nodes follow one another', () => {
    const ranges = rangesOf('10.244.0.0/16', 24)
    expect([ranges.count, ranges.at(0), ranges.at(255)]).toEqual([256, '10.244.0.0/24', '10.244.255.0/24'])
  })

  it('the TTL step has room between up and down', () => {
    expect([nextStep(0, 100), nextStep(0, 101), nextStep(1, 95), nextStep(1, 89), nextStep(0, 5000)]).toEqual([
      0, 1, 1, 0, 4,
    ])
  })

  it('rules of selected roles, each once, not its own', () => {
    const role = (name: string, verbs: readonly string[]): ClusterRole =>
      ({ metadata: { name, labels: { sum: 'yes' } }, rules: [{ verbs }] }) as never
    const sum = {
      ...role('sum', ['own']),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { sum: 'yes' } }] },
    }
    const rules = aggregatedRules(sum, [role('a', ['get']), role('b', ['get']), role('c', ['list']), sum])
    expect(rules).toEqual([{ verbs: ['get'] }, { verbs: ['list'] }])
  })

  it('base64 agrees with the platform', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(base64(text)).toBe(Buffer.from(text, 'latin1').toString('base64'))
      }),
    )
  })
})
