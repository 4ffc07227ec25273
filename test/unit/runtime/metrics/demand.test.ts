import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../../api/object.ts'
import { builtinScheme } from '../../../../api/scheme/builtin-scheme.ts'
import { createKernel } from '../../../../runtime/kernel/kernel.ts'
import { createDemand, type Bearer, type Demand } from '../../../../runtime/metrics/demand.ts'
import { createState } from '../../../../runtime/record/create-state.ts'
import { createTimeline } from '../../../../runtime/record/create-timeline.ts'
import { objectSubject } from '../../../../api/object-key.ts'
import type { Kernel } from '../../../../runtime/kernel/kernel.ts'

interface World {
  readonly kernel: Kernel
  readonly demand: Demand
  readonly told: Bearer[][]
  readonly put: (object: object) => void
  readonly remove: (kind: string, name: string) => void
  readonly pass: (time: number) => void
}

const world = (): World => {
  const kernel = createKernel({ seed: '0' })
  const timeline = createTimeline(kernel)
  const state = createState(kernel, timeline, { revision: 0, objects: [] })
  timeline.subscribe((entry) => state.apply(entry))
  const scheme = builtinScheme()
  const actor = kernel.actor('etcd')
  const objects = new Map<string, KubeObject>()
  let revision = 0
  const write = (kind: string, name: string, object: KubeObject | undefined): void => {
    const resource = scheme.byKind(kind)!
    const key = `${kind} ${name}`
    const before = objects.get(key)
    revision += 1
    if (object === undefined) objects.delete(key)
    else objects.set(key, object)
    const namespace = resource.namespaced ? 'default' : undefined
    const data = Object.freeze({ revision, resource, object, before })
    timeline.append('revision', actor, 'write', objectSubject(resource, namespace, name), data)
  }
  const told: Bearer[][] = []
  const demand = createDemand({ kernel, timeline, state, memoryChanged: (pods) => void told.push([...pods]) })
  return {
    kernel,
    demand,
    told,
    put(object) {
      const whole = object as KubeObject
      write(`${whole.apiVersion}/${whole.kind}`, whole.metadata.name, whole)
    },
    remove: (kind, name) => write(kind, name, undefined),
    pass(time) {
      const until = kernel.now + time
      while (kernel.step(until)) continue
      kernel.idleUntil(until)
    },
  }
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } } },
}
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { capacity: { cpu: '4' } } }
const pod = (name: string, ready: boolean, limits: object = {}, labels: object = { app: 'web' }): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, labels },
  spec: { nodeName: 'n', containers: [{ name: 'app', resources: { limits } }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})
const web = { resource: 'deployments.apps', namespace: 'default', name: 'web' }
const steady = (amount: number, began: number): { from: number; to: number; began: number; over: number } => ({
  from: amount,
  to: amount,
  began,
  over: 0,
})
const ns = 1_000_000

describe('a load', () => {
  it('is shared by the Ready pods', () => {
    const { demand, put, pass } = world()
    for (const object of [node, deployment, pod('a', true), pod('b', true), pod('c', false)]) put(object)
    put(pod('other', true, {}, { app: 'db' }))
    demand.load(web, 'cpu', steady(600, 0))
    expect([demand.cpu('a', 'app'), demand.cpu('c', 'app'), demand.cpu('other', 'app')]).toEqual([300, 0, 0])
    pass(ns)
    put(pod('c', true))
    pass(ns)
    expect(['a', 'b', 'c'].map((one) => demand.cpuTime(one))).toEqual([500 * ns, 500 * ns, 200 * ns])
    expect(demand.cpuTime('other')).toBe(0)
  })

  it('rests on the first container alone', () => {
    const { demand, put } = world()
    for (const object of [node, deployment, pod('a', true)]) put(object)
    demand.load(web, 'cpu', steady(600, 0))
    expect([demand.cpu('a', 'app'), demand.cpu('a', 'sidecar')]).toEqual([600, 0])
  })

  it('takes no more CPU than the limit allows, or than the machine has; the rest is lost', () => {
    const { demand, put, pass } = world()
    for (const object of [node, deployment, pod('a', true, { cpu: '250m' }), pod('b', true)]) put(object)
    demand.load(web, 'cpu', steady(20_000, 0))
    pass(ns)
    expect([demand.cpuTime('a'), demand.cpuTime('b')]).toEqual([250 * ns, 4000 * ns])
  })

  it('leaves a pod that is gone, and comes back to nobody', () => {
    const { demand, put, remove, pass } = world()
    for (const object of [node, deployment, pod('a', true)]) put(object)
    demand.load(web, 'cpu', steady(100, 0))
    pass(ns)
    remove('v1/Pod', 'a')
    pass(ns)
    expect([demand.cpuTime('a'), demand.cpu('a', 'app')]).toEqual([100 * ns, 0])
  })

  it('follows its target: a Service whose selector changes', () => {
    const { demand, put } = world()
    const service = (selector: object): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector },
    })
    for (const object of [node, service({ app: 'web' }), pod('a', true), pod('b', true, {}, { app: 'db' })]) put(object)
    demand.load({ ...web, resource: 'services' }, 'cpu', steady(100, 0))
    put(service({ app: 'db' }))
    expect([demand.cpu('a', 'app'), demand.cpu('b', 'app')]).toEqual([0, 100])
  })

  it('of memory tells whom it has changed for, and looks again while it grows', () => {
    const { demand, put, pass, told } = world()
    for (const object of [node, deployment, pod('a', true), pod('b', true)]) put(object)
    expect(demand.anyMemory).toBe(false)
    demand.load(web, 'memory', { from: 100, to: 300, began: 0, over: 2 * ns })
    pass(0)
    expect([demand.anyMemory, demand.memory('a', 'app'), told.length]).toEqual([true, 50, 1])
    pass(3 * ns)
    expect([demand.memory('a', 'app'), told.length]).toEqual([150, 3])
    put(pod('b', false))
    pass(0)
    expect(told.at(-1)!.map((one) => one.uid)).toEqual(['a'])
  })

  it('nothing of it is lost or made up, whoever comes and goes', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean(), fc.integer({ min: 0, max: 5000 })))
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 3000 }), (events, amount) => {
        const { demand, put, pass } = world()
        for (const object of [node, deployment]) put(object)
        demand.load(web, 'cpu', steady(amount, 0))
        const ready = new Set<string>()
        let worked = 0
        for (const [name, on, time] of events) {
          put(pod(name, on))
          if (on) ready.add(name)
          else ready.delete(name)
          pass(time)
          if (ready.size > 0) worked += time
        }
        const sum = ['a', 'b', 'c'].reduce((all, one) => all + demand.cpuTime(one), 0)
        expect(Math.abs(sum - worked * amount)).toBeLessThanOrEqual(2 * events.length)
      }),
    )
  })
})
