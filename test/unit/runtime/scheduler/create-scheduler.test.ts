import { describe, expect, it } from 'vitest'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createKernel, type Kernel } from '../../../../runtime/kernel/kernel.ts'
import { millisecond, second } from '../../../../runtime/kernel/micros.ts'
import type { Trace } from '../../../../runtime/kernel/trace.ts'
import type { Component } from '../../../../runtime/kernel/component.ts'
import { defaultConfiguration } from '../../../../runtime/scheduler/config/configuration.ts'
import { createScheduler } from '../../../../runtime/scheduler/create-scheduler.ts'
import type { SchedulingVerdict } from '../../../../runtime/record/scheduling-verdict.ts'
import { aNode, aPod, createFakeApi, type FakeApi } from './fake-api.ts'

interface Rig {
  readonly kernel: Kernel
  readonly api: FakeApi
  readonly scheduler: Component
  readonly entries: {
    readonly kind: string
    readonly action: string
    readonly subject: string
    readonly data: unknown
    readonly at: number
  }[]
  run(until: number): void
}

const rig = (...objects: readonly unknown[]): Rig => {
  const kernel = createKernel({ seed: 'test', epoch: 1_767_225_600_000_000 })
  const api = createFakeApi(kernel, millisecond)
  const entries: Rig['entries'] = []
  const trace: Trace = {
    append(...[kind, , action, subject, data]) {
      entries.push({ kind, action, subject, data, at: kernel.now })
      return entries.length - 1
    },
  }
  for (const object of objects) api.put(object)
  const scheduler = createScheduler({
    kernel,
    trace,
    transport: api.transport,
    scheme: builtinScheme(),
    name: 'kube-scheduler',
    settings: { ok: true, configuration: defaultConfiguration, qps: 0, burst: 0 },
    refused(message) {
      throw new Error(message)
    },
    attemptTime: millisecond,
  })
  scheduler.start()
  return {
    kernel,
    api,
    scheduler,
    entries,
    run(until) {
      while (kernel.step(until));
      kernel.idleUntil(until)
    },
  }
}

const verdicts = (one: Rig): readonly SchedulingVerdict[] =>
  one.entries.filter((entry) => entry.kind === 'verdict').map((entry) => entry.data as SchedulingVerdict)
const emissions = (one: Rig): readonly string[] =>
  one.entries.filter((entry) => entry.kind === 'emission').map((entry) => (entry.data as { message: string }).message)

describe('the scheduler', () => {
  it('binds a pod to the node with most room, tells so, and then rests', () => {
    const one = rig(aNode('a', '1'), aNode('b', '4'))
    one.api.put(aPod('web', '500m'))
    one.run(second)
    expect(one.api.pod('web')?.spec.nodeName).toBe('b')
    expect(emissions(one)).toEqual(['Successfully assigned default/web to b'])
    expect(verdicts(one)).toMatchObject([{ outcome: 'placed', node: 'b', feasible: 2, evaluated: 2 }])
    expect(one.kernel.settled).toBe(true)
    expect(one.kernel.nextAt()).toBeUndefined()
  })

  it('writes the event as events.k8s.io/v1', () => {
    const one = rig(aNode('a', '1'))
    one.api.put(aPod('web', '500m'))
    one.run(second)
    const event = one.api.requests.find((request) => request.resource.kind === 'Event')
    expect(event?.body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      action: 'Binding',
      reason: 'Scheduled',
      reportingController: 'default-scheduler',
      regarding: { kind: 'Pod', name: 'web' },
      note: 'Successfully assigned default/web to a',
    })
  })

  it('says why a pod fits nowhere, once, and schedules it when a node comes that has room', () => {
    const one = rig(aNode('a', '1'))
    one.api.put(aPod('big', '2'))
    one.run(20 * second)
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
    expect(one.api.pod('big')?.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ])
    expect(emissions(one)).toEqual([message])
    one.api.put(aNode('small', '1'))
    one.run(30 * second)
    expect(verdicts(one)).toHaveLength(1)
    one.api.put(aNode('large', '4'))
    one.run(31 * second)
    expect(one.api.pod('big')?.spec.nodeName).toBe('large')
  })

  it('tries an unschedulable pod again after five minutes, at the next half minute', () => {
    const one = rig(aNode('a', '1'))
    one.api.put(aPod('big', '2'))
    one.run(299 * second)
    expect(verdicts(one)).toHaveLength(1)
    one.run(331 * second)
    expect(verdicts(one)).toHaveLength(2)
    expect(one.kernel.settled).toBe(true)
  })

  it('evicts less important pods and takes their place when they are gone', () => {
    const one = rig(aNode('a', '1'))
    one.api.put(aPod('low', '1', { priority: 1 }))
    one.run(second)
    one.api.put(aPod('high', '1', { priority: 10 }))
    one.run(2 * second)
    expect(one.api.pod('low')?.metadata.deletionTimestamp).toBeDefined()
    expect(one.api.pod('low')?.status.conditions).toMatchObject([
      { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' },
    ])
    expect(one.api.pod('high')?.status.nominatedNodeName).toBe('a')
    expect(emissions(one)).toContain('Preempted by pod uid-high on node a')
    one.api.remove('v1/Pod', 'low', 'default')
    one.run(3 * second)
    expect(one.api.pod('high')?.spec.nodeName).toBe('a')
    expect(one.api.pod('high')?.status.nominatedNodeName).toBeUndefined()
  })

  it('gives the room back when a binding is refused, and tries again after its back-off', () => {
    const one = rig(aNode('a', '1'))
    let refusals = 1
    one.api.answer = (request) => {
      if (request.subresource !== 'binding' || refusals === 0) return undefined
      refusals -= 1
      const body = {
        apiVersion: 'v1',
        kind: 'Status',
        metadata: {},
        reason: 'InternalError',
        message: 'Internal error occurred: no',
      }
      return { code: 500, body: body as never }
    }
    one.api.put(aPod('web', '1'))
    one.run(second)
    expect(one.api.pod('web')?.status.conditions).toMatchObject([
      { reason: 'SchedulerError', message: 'running Bind plugin "DefaultBinder": Internal error occurred: no' },
    ])
    one.run(4 * second)
    expect(one.api.pod('web')?.spec.nodeName).toBe('a')
  })

  it('waits for a node when there is none', () => {
    const one = rig()
    one.api.put(aPod('web', '1'))
    one.run(second)
    expect(verdicts(one)).toMatchObject([{ outcome: 'failed', message: 'no nodes available to schedule pods' }])
    one.api.put(aNode('a', '1'))
    one.run(10 * second)
    expect(one.api.pod('web')?.spec.nodeName).toBe('a')
  })

  it('leaves other schedulers’ pods and gated pods alone', () => {
    const one = rig(aNode('a', '4'))
    one.api.put(aPod('other', '1', { schedulerName: 'other' }))
    one.api.put(aPod('gated', '1', { schedulingGates: [{ name: 'wait' }] }))
    one.run(second)
    expect(verdicts(one)).toEqual([])
    one.api.put({ ...(one.api.pod('gated') as object), spec: (aPod('gated', '1') as { spec: object }).spec })
    one.run(2 * second)
    expect(one.api.pod('gated')?.spec.nodeName).toBe('a')
    expect(one.api.pod('other')?.spec.nodeName).toBeUndefined()
  })

  it('forgets everything in a crash and starts anew', () => {
    const one = rig(aNode('a', '4'))
    one.run(second)
    one.api.put(aPod('web', '1'))
    one.scheduler.stop('crash')
    one.run(2 * second)
    expect(one.api.pod('web')?.spec.nodeName).toBeUndefined()
    one.scheduler.start()
    one.run(3 * second)
    expect(one.api.pod('web')?.spec.nodeName).toBe('a')
  })

  it('does the same twice', () => {
    const play = (): string => {
      const one = rig(...Array.from({ length: 5 }, (_, at) => aNode(`n${at}`, '3')))
      for (let at = 0; at < 20; at += 1) one.api.put(aPod(`p${at}`, '700m', { priority: at % 3 }))
      one.run(60 * second)
      return JSON.stringify(one.entries)
    }
    expect(play()).toBe(play())
  })
})
