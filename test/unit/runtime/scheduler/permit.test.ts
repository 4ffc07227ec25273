import { describe, expect, it } from 'vitest'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import type { Pod } from '../../../../api/types/core-v1.generated.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { millisecond, second } from '../../../../runtime/kernel/micros.ts'
import { createScheduler } from '../../../../runtime/scheduler/create-scheduler.ts'
import type { Handle, Plugin, StepAnswer } from '../../../../runtime/scheduler/framework.ts'
import { schedulerSettings } from '../../../../runtime/scheduler/settings.ts'
import { aNode, aPod, createFakeApi, type FakeApi } from './fake-api.ts'

interface Rig {
  readonly api: FakeApi
  readonly handle: Handle
  run(until: number): void
  pod(name: string): Pod | undefined
}

/** A scheduler with a plugin of its own, on one node for four pods of 1 cpu. */
const rig = (members: Partial<Plugin>, document?: object): Rig => {
  const kernel = createKernel({ seed: 'test', epoch: 1_767_225_600_000_000 })
  const api = createFakeApi(kernel, millisecond)
  api.put(aNode('a', '4'))
  let handle: Handle | undefined
  const settings = schedulerSettings(document, {}, ['Mine'])
  if (!settings.ok) throw new Error(settings.message)
  createScheduler({
    kernel,
    trace: { append: () => 0 },
    transport: api.transport,
    scheme: builtinScheme(),
    name: 'kube-scheduler',
    settings: { ...settings, qps: 0, burst: 0 },
    plugins: {
      Mine(given) {
        handle = given
        return { name: 'Mine', ...members }
      },
    },
    refused(message) {
      throw new Error(message)
    },
    attemptTime: millisecond,
  }).start()
  return {
    api,
    handle: handle!,
    run(until) {
      while (kernel.step(until));
      kernel.idleUntil(until)
    },
    pod: (name) => api.pod(name),
  }
}
const conditionOf = (pod: Pod | undefined): string | undefined =>
  pod?.status?.conditions?.find((one) => one.type === 'PodScheduled')?.message

const holding: Partial<Plugin> = { permit: ({ pod }) => (pod.name === 'held' ? { wait: 20 } : undefined) }

describe('Permit', () => {
  it('holds a pod back, with its node nominated, until it is allowed', () => {
    const one = rig(holding)
    one.api.put(aPod('held', '1'))
    one.run(second)
    expect(one.handle.waiting.list().map(({ pod, node, pending }) => [pod.name, node, pending])).toEqual([
      ['held', 'a', ['Mine']],
    ])
    expect(one.pod('held')?.status?.nominatedNodeName).toBe('a')
    one.handle.waiting.get('uid-held')!.allow('Mine')
    one.run(2 * second)
    expect(one.pod('held')?.spec.nodeName).toBe('a')
    expect(one.handle.waiting.list()).toEqual([])
  })

  it('gives a pod up whose time is over', () => {
    const one = rig(holding)
    one.api.put(aPod('held', '1'))
    one.run(19 * second)
    expect(conditionOf(one.pod('held'))).toBeUndefined()
    one.run(20.5 * second)
    expect(conditionOf(one.pod('held'))).toBe(
      '0/1 nodes are available: 1 rejected due to timeout after waiting 20s at plugin Mine.',
    )
  })

  it('takes the room meanwhile, and frees it when it rejects', () => {
    const one = rig(holding)
    one.api.put(aPod('held', '3'))
    one.run(second)
    one.api.put(aPod('other', '2'))
    one.run(2 * second)
    expect(one.pod('other')?.spec.nodeName).toBeUndefined()
    one.handle.waiting.get('uid-held')!.reject('Mine', 'changed my mind')
    one.run(2050 * millisecond)
    // It is tried again at once, and finds the room taken.
    expect(conditionOf(one.pod('held'))).toContain('1 Insufficient cpu')
    expect(one.pod('other')?.spec.nodeName).toBe('a')
  })

  it('forgets a pod that is deleted', () => {
    const one = rig(holding)
    one.api.put(aPod('held', '3'))
    one.run(second)
    one.api.put(aPod('other', '2'))
    one.run(2 * second)
    one.api.remove('v1/Pod', 'held', 'default')
    one.run(5 * second)
    expect(one.handle.waiting.list()).toEqual([])
    expect(one.pod('other')?.spec.nodeName).toBe('a')
  })

  it('is preempted in memory: it keeps its life and loses its place', () => {
    const one = rig(holding)
    one.api.put(aPod('held', '3', { priority: 0 }))
    one.run(second)
    one.api.put(aPod('vip', '3', { priority: 100 }))
    one.run(8 * second)
    expect(one.pod('vip')?.spec.nodeName).toBe('a')
    expect(one.pod('held')).toBeDefined()
    expect(one.pod('held')?.metadata.deletionTimestamp).toBeUndefined()
    expect(one.pod('held')?.spec.nodeName).toBeUndefined()
  })

  it('refuses, and is tried again on any event', () => {
    let open = false
    const one = rig({
      permit: () => (open ? undefined : { code: 'Unschedulable', reasons: ['closed'], plugin: 'Mine' }),
    })
    one.api.put(aPod('web', '1'))
    one.run(second)
    expect(conditionOf(one.pod('web'))).toBe('0/1 nodes are available: 1 closed.')
    open = true
    one.api.put(aNode('b', '4'))
    one.run(5 * second)
    expect(one.pod('web')?.spec.nodeName).toBeDefined()
  })
})

describe('Bind, PostBind and QueueSort', () => {
  it('a binder that skips leaves the pod to DefaultBinder, and hears of it after', () => {
    const heard: string[] = []
    const one = rig({
      *bind() {
        yield { kind: 'wait', seconds: 1 }
        return 'skip'
      },
      postBind: ({ pod }, node) => void heard.push(`${pod.name} on ${node}`),
    })
    one.api.put(aPod('web', '1'))
    one.run(3 * second)
    expect([one.pod('web')?.spec.nodeName, heard]).toEqual(['a', ['web on a']])
  })

  it('a binder that refuses is told of, and the pod tried again', () => {
    let times = 0
    const one = rig(
      {
        *bind(_cycle, node) {
          times += 1
          if (times === 1) return { code: 'Error', reasons: ['no luck'], plugin: 'Mine' }
          const answer = (yield { kind: 'bind', node }) as StepAnswer
          return answer.ok ? undefined : 'skip'
        },
      },
      {
        apiVersion: 'kubescheduler.config.k8s.io/v1',
        kind: 'KubeSchedulerConfiguration',
        profiles: [{ plugins: { bind: { disabled: [{ name: '*' }], enabled: [{ name: 'Mine' }] } } }],
      },
    )
    one.api.put(aPod('web', '1'))
    one.run(500 * millisecond)
    expect(conditionOf(one.pod('web'))).toBe('running Bind plugin "Mine": no luck')
    one.run(5 * second)
    expect(one.pod('web')?.spec.nodeName).toBe('a')
  })

  it('orders the queue as it likes', () => {
    const bound: string[] = []
    const one = rig(
      { queueSort: (a, b) => a.pod.name > b.pod.name, postBind: ({ pod }) => void bound.push(pod.name) },
      {
        apiVersion: 'kubescheduler.config.k8s.io/v1',
        kind: 'KubeSchedulerConfiguration',
        profiles: [
          {
            plugins: {
              queueSort: { disabled: [{ name: '*' }], enabled: [{ name: 'Mine' }] },
              postBind: { enabled: [{ name: 'Mine' }] },
            },
          },
        ],
      },
    )
    for (const name of ['a', 'c', 'b']) one.api.put(aPod(name, '100m'))
    one.run(second)
    expect(bound).toEqual(['c', 'b', 'a'])
  })
})
