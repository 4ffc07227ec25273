import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createAllocations } from '../../../../runtime/kubelet/allocations.ts'

const disk = (): Parameters<typeof createAllocations>[0] => ({
  images: new Map(),
  pullRecords: new Map(),
  logs: new Map(),
  allocations: new Map(),
  cpus: new Map(),
})
const pod = (cpu: string, more: object = {}): Pod =>
  ({
    metadata: { name: 'web', namespace: 'default', uid: 'u' },
    spec: { containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu } } }], ...more },
    status: {},
  }) as unknown as Pod
const cpuOf = (one: Pod): string | number | undefined => one.spec.containers[0]?.resources?.requests?.['cpu']

describe('what a node has given its pods', () => {
  it('an unknown pod has what it asks for', () => {
    const asked = pod('1')
    expect(createAllocations(disk()).of(asked)).toBe(asked)
  })
  it('a pod that asks for more has what it was given, and nothing else of it changes', () => {
    const allocations = createAllocations(disk())
    allocations.set(pod('1'))
    const asked = pod('2', { terminationGracePeriodSeconds: 7 })
    const given = allocations.of(asked)
    expect(cpuOf(given)).toBe('1')
    expect(given.spec.terminationGracePeriodSeconds).toBe(7)
    expect(given.spec.containers[0]?.image).toBe('app:1')
    expect(allocations.of(asked)).toBe(given)
    expect(cpuOf(asked)).toBe('2')
  })
  it('a pod that asks for the same in another version is itself', () => {
    const allocations = createAllocations(disk())
    allocations.set(pod('1'))
    const asked = pod('1', { activeDeadlineSeconds: 5 })
    expect(allocations.of(asked)).toBe(asked)
  })
  it('resources of the pod as a whole count, given or not', () => {
    const allocations = createAllocations(disk())
    allocations.set(pod('1'))
    const asked = pod('1', { resources: { limits: { cpu: '4' } } })
    expect(allocations.of(asked).spec.resources).toBeUndefined()
    allocations.set(asked)
    expect(allocations.of(pod('1')).spec.resources).toEqual({ limits: { cpu: '4' } })
  })
  it('survives the kubelet on the disk, and goes with the pod', () => {
    const shared = disk()
    createAllocations(shared).set(pod('1'))
    const later = createAllocations(shared)
    const asked = pod('2')
    expect(cpuOf(later.of(asked))).toBe('1')
    later.keepOnly(new Set(['u']))
    expect(cpuOf(later.of(asked))).toBe('1')
    later.keepOnly(new Set())
    expect(later.of(asked)).toBe(asked)
  })
})
