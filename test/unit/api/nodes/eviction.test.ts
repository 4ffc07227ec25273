import { describe, expect, it } from 'vitest'
import { evictionMessage } from '../../../../api/nodes/eviction-message.ts'
import { rankByDisk, rankByMemory, rankByProcesses } from '../../../../api/nodes/eviction-rank.ts'
import { parseEvictionConfig } from '../../../../api/nodes/eviction-thresholds.ts'
import { quantityOf } from '../../../../api/quantity/parse-quantity.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'

const pod = (name: string, memory: string, priority = 0): Pod =>
  ({
    metadata: { name, uid: name },
    spec: {
      priority,
      containers: [{ name: 'c', resources: { requests: { memory } } }],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  }) as never
const stats = (uses: Record<string, number>) => (uid: string) =>
  uses[uid] === undefined
    ? undefined
    : {
        podRef: { name: uid, namespace: 'd', uid },
        memory: { workingSetBytes: uses[uid] },
        process_stats: { process_count: uses[uid] },
        containers: [
          { name: 'c', memory: { workingSetBytes: uses[uid] }, rootfs: { usedBytes: 1 }, logs: { usedBytes: 1 } },
        ],
        volume: [{ name: 'v', usedBytes: uses[uid], inodesUsed: 1 }],
      }
const names = (pods: readonly Pod[]): (string | undefined)[] => pods.map((one) => one.metadata.name)

describe('ranks', () => {
  const pods = [
    pod('within', '100'),
    pod('important', '10', 100),
    pod('over', '10'),
    pod('far-over', '10'),
    pod('unknown', '10'),
  ]
  const look = stats({ within: 90, important: 1000, over: 20, 'far-over': 500 })

  it('go by excess, then priority, then amount; the unknown first', () => {
    expect(names(rankByMemory(pods, look))).toEqual(['unknown', 'far-over', 'over', 'important', 'within'])
    expect(names(rankByProcesses(pods, look))[4]).toBe('important')
  })

  it('count local volumes of disks', () => {
    const parts = ['root', 'logs', 'localVolumeSource'] as const
    expect(names(rankByDisk(pods.slice(2, 4), look, parts, 'ephemeral-storage'))).toEqual(['far-over', 'over'])
  })
})

it('the message names the containers that use more than they asked for', () => {
  const thresholds = parseEvictionConfig({ evictionHard: { 'memory.available': '100Mi' } })
  if ('error' in thresholds) throw new Error(thresholds.error)
  const facts = {
    resource: 'memory',
    stats: stats({ a: 2048 })('a'),
    thresholds,
    observations: new Map([['memory.available', { capacity: quantityOf('1Gi'), available: quantityOf('50Mi') }]]),
  }
  expect(evictionMessage(pod('a', '1Ki'), facts).message).toBe(
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ' +
      'Container c was using 2Ki, request is 1Ki, has larger consumption of memory. ',
  )
  expect(evictionMessage(pod('a', '1Ki'), { ...facts, stats: undefined }).annotations).toEqual({})
})

it.each([
  [{ evictionHard: { 'mem.available': '1' } }, 'unsupported eviction signal mem.available'],
  [
    { evictionMinimumReclaim: { 'memory.available': '-1Mi' } },
    'negative eviction minimum reclaim specified for memory.available',
  ],
  [{ evictionSoftGracePeriod: { 'memory.available': '1x' } }, 'time: unknown unit "x" in duration "1x"'],
])('refuses %j', (config, error) => {
  expect(parseEvictionConfig(config as never)).toEqual({ error })
})
