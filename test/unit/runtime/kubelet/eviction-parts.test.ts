import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../../api/nodes/eviction-message.ts'
import { newQuantity } from '../../../../api/quantity/quantity.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { evictionThresholds } from '../../../../runtime/kubelet/eviction-config.ts'
import { thresholdsMet } from '../../../../runtime/kubelet/eviction-signals.ts'
import { formatSize } from '../../../../runtime/kubelet/image-gc.ts'
import { beyondStorageLimit } from '../../../../runtime/kubelet/storage-limits.ts'

const flags = (
  given: Partial<Parameters<typeof evictionThresholds>[0]> = {},
): Parameters<typeof evictionThresholds>[0] => ({
  hard: undefined,
  soft: undefined,
  softGracePeriod: undefined,
  minimumReclaim: undefined,
  ...given,
})
const seen = (signal: string, available: number, capacity = 1000): ReadonlyMap<string, Observation> =>
  new Map([[signal, { available: newQuantity(available, 'BinarySI'), capacity: newQuantity(capacity, 'BinarySI') }]])

describe('thresholds of eviction', () => {
  it('are upstream’s without flags, but for inodes', () =>
    expect(evictionThresholds(flags()).map((one) => one.signal)).toEqual([
      'imagefs.available',
      'memory.available',
      'nodefs.available',
    ]))

  it.each([
    [99, true],
    [100, false],
    [101, false],
  ])('a tenth of 1000 with %d left: met %s', (left, met) => {
    const thresholds = evictionThresholds(flags({ hard: 'nodefs.available<10%' }))
    expect(thresholdsMet(thresholds, seen('nodefs.available', left), false).length > 0).toBe(met)
  })

  it('one that was met lasts until its minimum is reclaimed too', () => {
    const thresholds = evictionThresholds(
      flags({ hard: 'nodefs.available<100', minimumReclaim: 'nodefs.available=50' }),
    )
    expect(thresholdsMet(thresholds, seen('nodefs.available', 120), false)).toEqual([])
    expect(thresholdsMet(thresholds, seen('nodefs.available', 120), true)).toHaveLength(1)
    expect(thresholdsMet(thresholds, seen('nodefs.available', 150), true)).toEqual([])
  })

  it('a soft one has its grace period; a signal that nobody observes is not met', () => {
    const soft = flags({ soft: 'memory.available<500', softGracePeriod: 'memory.available=90s' })
    const [threshold] = evictionThresholds(soft).filter((one) => one.gracePeriod > 0n)
    expect(threshold?.gracePeriod).toBe(90_000_000_000n)
    expect(thresholdsMet(evictionThresholds(soft), new Map(), false)).toEqual([])
  })

  it('what cannot be read leaves the defaults', () =>
    expect(evictionThresholds(flags({ hard: 'nonsense' }))).toEqual(evictionThresholds(flags())))
})

describe('limits of ephemeral storage', () => {
  const pod = (limit?: string): Pod =>
    ({
      metadata: { name: 'p', uid: 'u' },
      spec: {
        containers: [
          { name: 'a', ...(limit === undefined ? {} : { resources: { limits: { 'ephemeral-storage': limit } } }) },
        ],
      },
    }) as unknown as Pod
  const stats = (bytes: number): Parameters<typeof beyondStorageLimit>[1] => ({
    podRef: { name: 'p', namespace: 'default', uid: 'u' },
    containers: [{ name: 'a', rootfs: { usedBytes: bytes }, logs: { usedBytes: 0 } }],
  })

  it.each([
    [undefined, 1e9, undefined],
    ['1Ki', 1024, undefined],
    ['1Ki', 1025, 'Pod ephemeral local storage usage exceeds the total limit of containers 1Ki. '],
  ])('%s with %d bytes written', (limit, bytes, expected) =>
    expect(beyondStorageLimit(pod(limit), stats(bytes))).toBe(expected),
  )
})

it.each([
  [1, '1 B'],
  [1536, '1.5 KiB'],
  [107_374_182_400, '100.0 GiB'],
])('%d bytes are told as %s', (bytes, text) => expect(formatSize(bytes)).toBe(text))
