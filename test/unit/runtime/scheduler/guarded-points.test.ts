import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../../api/json/deep-freeze.ts'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../runtime/scheduler/cache/node-table.ts'
import { action, anyEvent } from '../../../../runtime/scheduler/cluster-event.ts'
import { newDiagnosis } from '../../../../runtime/scheduler/diagnosis.ts'
import { newCycle, type Handle, type Plugin } from '../../../../runtime/scheduler/framework.ts'
import { guardPlugin } from '../../../../runtime/scheduler/guard-plugin.ts'
import { podInfo } from '../../../../runtime/scheduler/pod-info.ts'
import { aNode, aPod } from './fake-api.ts'

const pod = podInfo(deepFreeze(aPod('web', '100m')) as Pod)
const slots = Int32Array.of(0)

const made = (members: object): { readonly plugin: Plugin; readonly told: string[] } => {
  const told: string[] = []
  const nodes = createNodeTable()
  nodes.setNode(aNode('a', '4') as Node)
  const handle = { nodes } as unknown as Handle
  const plugin = guardPlugin(
    'Mine',
    () => members as Plugin,
    (message) => told.push(message),
  )(handle, {}, 0)
  return { plugin, told }
}
const drained = (steps: Generator<unknown, unknown, unknown>): unknown => {
  let step = steps.next()
  for (let turns = 0; step.done !== true && turns < 5; turns += 1) step = steps.next()
  return step.value
}
const cycle = newCycle(pod)
const queued = { pod, timestamp: 0 }

/** Every extension point, called as the framework calls it. */
const calls: Readonly<Record<Exclude<keyof Plugin, 'name' | 'events'>, readonly [string, (plugin: Plugin) => unknown]>> = {
  preEnqueue: ['PreEnqueue', (one) => one.preEnqueue!(pod)],
  queueSort: ['QueueSort', (one) => one.queueSort!(queued, queued)],
  preFilter: ['PreFilter', (one) => one.preFilter!(cycle)],
  addPod: ['AddPod', (one) => one.addPod!(cycle, pod, 0)],
  removePod: ['RemovePod', (one) => one.removePod!(cycle, pod, 0)],
  filter: ['Filter', (one) => one.filter!(cycle, 0)],
  postFilter: ['PostFilter', (one) => one.postFilter!(cycle, newDiagnosis()).status],
  preScore: ['PreScore', (one) => one.preScore!(cycle, slots)],
  score: ['Score', (one) => one.score!(cycle, slots, new Float64Array(1))],
  normalize: ['NormalizeScore', (one) => one.normalize!(cycle, slots, new Float64Array(1))],
  reserve: ['Reserve', (one) => one.reserve!(cycle, 'a')],
  unreserve: ['Unreserve', (one) => one.unreserve!(cycle, 'a')],
  permit: ['Permit', (one) => one.permit!(cycle, 'a')],
  preBindPreFlight: ['PreBindPreFlight', (one) => one.preBindPreFlight!(cycle, 'a')],
  preBind: ['PreBind', (one) => drained(one.preBind!(cycle, 'a'))],
  bind: ['Bind', (one) => drained(one.bind!(cycle, 'a'))],
  postBind: ['PostBind', (one) => one.postBind!(cycle, 'a')],
} // prettier-ignore

/** Those that answer nothing, or nothing that an attempt could fail with. */
const silent = new Set(['queueSort', 'addPod', 'removePod', 'normalize', 'unreserve', 'postBind'])

describe.each(Object.entries(calls))('%s of a user', (point, [name, call]) => {
  const throws = (): never => {
    throw new Error('oops')
  }
  it('that throws is told by its name', () => {
    const { plugin, told } = made({ [point]: throws })
    const answer = call(plugin)
    expect(told).toEqual([`scheduler plugin Mine: ${name} threw oops`])
    if (!silent.has(point))
      expect(answer).toMatchObject({ code: 'Error', plugin: 'Mine', reasons: [`${name} threw oops`] })
  })

  it('that answers garbage is told by its name', () => {
    const { plugin, told } = made({ [point]: () => ({ code: 'Perhaps', reasons: 7 }) })
    const answer = call(plugin)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(`scheduler plugin Mine: ${name} answered {"code":"Perhaps","reasons":7}`)
    if (!silent.has(point)) expect(answer).toMatchObject({ code: 'Error', plugin: 'Mine' })
  })

  it('that changes what it is given is told by its name', () => {
    const { plugin, told } = made({
      [point](first: { pod?: { priority: number }; priority?: number }) {
        const own = (first.pod?.priority === undefined ? first : first.pod) as { priority: number }
        own.priority = 9
      },
    })
    call(plugin)
    expect(told).toEqual([
      `scheduler plugin Mine: ${name} threw Mine may not change priority: what a plugin is given is not its own`,
    ])
    expect(pod.priority).toBe(0)
  })
})

describe('steps before and of the binding', () => {
  const steps = (point: 'preBind' | 'bind', ...yielded: readonly unknown[]): unknown => {
    const { plugin } = made({
      *[point](): Generator<unknown> {
        for (const one of yielded) yield one
      },
    })
    return drained(plugin[point]!(cycle, 'a'))
  }
  it.each<readonly ['preBind' | 'bind', unknown, boolean]>([
    ['preBind', { kind: 'wait', seconds: 1 }, true],
    ['preBind', { kind: 'write', verb: 'create', object: { metadata: { name: 'x' } } }, true],
    ['bind', { kind: 'bind', node: 'a' }, true],
    ['preBind', { kind: 'bind', node: 'a' }, false],
    ['preBind', { kind: 'wait', seconds: 'long' }, false],
    ['preBind', { kind: 'write', verb: 'delete', object: { metadata: {} } }, false],
    ['preBind', { kind: 'write', verb: 'create' }, false],
    ['bind', { kind: 'bind' }, false],
    ['bind', 7, false],
  ])('%s yields %j: %s', (point, step, good) => {
    const answer = steps(point, step)
    if (good) expect(answer).toBeUndefined()
    else expect(answer).toMatchObject({ code: 'Error', plugin: 'Mine' })
  })

  it('that throw half way fail the binding', () => {
    const { plugin, told } = made({
      *preBind(): Generator<unknown> {
        yield { kind: 'wait', seconds: 1 }
        throw new Error('half way')
      },
    })
    expect(drained(plugin.preBind!(cycle, 'a'))).toMatchObject({ code: 'Error' })
    expect(told).toEqual(['scheduler plugin Mine: PreBind threw half way'])
  })
})

describe('what a plugin says of itself', () => {
  it.each<readonly [object, string]>([
    [{ filtr: () => undefined }, 'there is no extension point filtr'],
    [{ filter: 7 }, 'Filter is 7, and no function'],
    [{ events: 'all' }, 'its events are "all", and no list of'],
    [{ events: [{ event: { resource: 'Pod' } }] }, 'and no list of'],
  ])('%j is told', (members, message) => {
    expect(made(members).told[0]).toContain(message)
  })

  it('a hint that throws or answers garbage wakes the pod, as an error does upstream', () => {
    const event = { resource: 'Pod', actions: action.delete } as const
    const { plugin, told } = made({
      events: [
        { event, hint: () => { throw new Error('oops') } },
        { event, hint: () => 'perhaps' },
        { event, hint: () => 'Skip' },
        { event: anyEvent },
      ],
    }) // prettier-ignore
    expect(plugin.events!.map((one) => one.hint?.(pod, undefined, undefined))).toEqual([
      'Queue',
      'Queue',
      'Skip',
      undefined,
    ])
    expect(told).toEqual([
      'scheduler plugin Mine: a queueing hint threw oops',
      'scheduler plugin Mine: a queueing hint answered "perhaps" instead of Queue or Skip',
    ])
  })
})
