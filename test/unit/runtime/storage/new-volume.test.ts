import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, PersistentVolumeClaim } from '../../../../api/types/core-v1.generated.ts'
import type { StorageClassSpec } from '../../../../dsl/plan/cluster-spec.ts'
import { newVolume, selectedNode, zoneFor } from '../../../../runtime/storage/new-volume.ts'
import { csiNodeDriver, storageClassObjects } from '../../../../runtime/storage/storage-objects.ts'

const ssd: StorageClassSpec = {
  name: 'ssd', isDefault: false, provision: 0, attach: 0, zonal: true, bind: 'immediate', limit: undefined, fails: 0,
} // prettier-ignore

const claim = (name: string, annotations?: Record<string, string>): PersistentVolumeClaim =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...(annotations === undefined ? {} : { annotations }) },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }) as unknown as PersistentVolumeClaim

const node = (name: string, zone?: string): Node =>
  ({
    metadata: { name, labels: zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone } },
  }) as unknown as Node

const nodes = [node('n-0', 'a'), node('n-1', 'b'), node('n-2', 'c'), node('n-3')]

describe('the zone of a volume', () => {
  test('is that of the node which the scheduler chose', () => {
    expect(zoneFor(claim('data', { [selectedNode]: 'n-1' }), nodes)).toBe('b')
    expect(zoneFor(claim('data', { [selectedNode]: 'n-3' }), nodes)).toBeUndefined()
    expect(zoneFor(claim('data', { [selectedNode]: 'gone' }), nodes)).toBeUndefined()
  })

  test('is none where no node has one', () => {
    expect(zoneFor(claim('data'), [node('n-3')])).toBeUndefined()
  })

  test('goes round for the claims of a StatefulSet, whatever it is called', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z])?$/), fc.nat(1000), (name, first) => {
        const zones = [0, 1, 2].map((index) => zoneFor(claim(`${name}-${first + index}`), nodes))
        expect(new Set(zones).size).toBe(3)
      }),
    )
  })
})

test('a volume is reserved for its claim, and stays in its zone', () => {
  expect(newVolume(claim('data'), ssd, 'b')).toMatchObject({
    metadata: { name: 'pvc-uid-data' },
    spec: {
      claimRef: { namespace: 'default', name: 'data', uid: 'uid-data' },
      capacity: { storage: '1Gi' },
      csi: { driver: 'ssd.csi.kscn' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['b'] }] },
          ],
        },
      },
    },
  })
  expect(newVolume(claim('data'), ssd, undefined)).not.toHaveProperty('spec.nodeAffinity')
})

test('what a class says of itself', () => {
  const [plain] = storageClassObjects(ssd)
  expect(plain).toMatchObject({ provisioner: 'ssd.csi.kscn', volumeBindingMode: 'Immediate', reclaimPolicy: 'Delete' })
  expect(plain).not.toHaveProperty('metadata.annotations')
  const [waiting] = storageClassObjects({ ...ssd, bind: 'wait', isDefault: true })
  expect(waiting).toMatchObject({
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  expect(csiNodeDriver({ ...ssd, limit: 3 }, 'n-0')).toMatchObject({ nodeID: 'n-0', allocatable: { count: 3 } })
  expect(csiNodeDriver(ssd, 'n-0')).not.toHaveProperty('allocatable')
})
