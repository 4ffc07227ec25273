import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../../runtime/scheduler/cache/node-table.ts'
import type { ExtenderConfiguration } from '../../../../../runtime/scheduler/config/configuration.ts'
import { createExtenders } from '../../../../../runtime/scheduler/extenders/create-extenders.ts'
import type { Extender } from '../../../../../runtime/scheduler/extenders/extender.ts'
import type { ExtenderHost, ExtenderReply } from '../../../../../runtime/scheduler/extenders/extender-host.ts'
import { createNominator } from '../../../../../runtime/scheduler/nominator.ts'
import { placedPod, podInfo } from '../../../../../runtime/scheduler/pod-info.ts'
import { createFramework } from '../../../../../runtime/scheduler/runner.ts'
import { schedulePod, type Decision } from '../../../../../runtime/scheduler/schedule-pod.ts'
import { aNode, aPod } from '../fake-api.ts'

const url = 'http://127.0.0.1:26210/api/'
const pod = podInfo(aPod('web', '100m') as Pod)
const settings: ExtenderConfiguration = { urlPrefix: url, filterVerb: 'filter', nodeCacheCapable: true }

type Body = Readonly<Record<string, unknown>>
const ok = (body: unknown): ExtenderReply => ({ kind: 'response', code: 200, body })
const hostOf = (reply: (body: Body) => ExtenderReply, took = 0): ExtenderHost => ({
  ask: ({ body }) => ({ reply: reply(body as Body), took }),
  bind: ({ body }, answered) => answered(reply(body as Body)),
})
const answering = (reply: (body: Body) => unknown): ExtenderHost => hostOf((body) => ok(reply(body)))

interface World {
  readonly host: ExtenderHost
  readonly pod?: Pod
  readonly cpu?: string
  readonly placed?: readonly (readonly [string, Pod])[]
  readonly choose?: (n: number) => number
}
const decide = (configurations: readonly ExtenderConfiguration[], world: World): Decision => {
  const nodes = createNodeTable()
  for (const name of ['a', 'b', 'c']) nodes.setNode(aNode(name, world.cpu ?? '4') as Node)
  for (const [node, one] of world.placed ?? []) nodes.addPod(node, placedPod(podInfo(one), node))
  const framework = createFramework(
    {},
    {
      nodes,
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: (label, n) => (label === 'scheduler/tie' ? (world.choose?.(n) ?? 0) : 0),
      preempting: () => false,
      extenders: createExtenders(configurations, world.host),
    },
  )
  return schedulePod(framework, world.pod === undefined ? pod : podInfo(world.pod), { next: 0 })
}
const decideBy = (host: ExtenderHost, more: Partial<ExtenderConfiguration> = {}): Decision =>
  decide([{ ...settings, ...more }], { host })

describe('filter', () => {
  it('takes of what the plugins left, by names or by whole nodes', () => {
    const second = answering(({ NodeNames }) => ({ NodeNames: (NodeNames as string[]).slice(1, 2) }))
    expect(decideBy(second)).toMatchObject({ kind: 'node', node: 'b' })
    const third = answering(({ Nodes }) => ({ Nodes: { items: (Nodes as { items: Node[] }).items.slice(2) } }))
    expect(decideBy(third, { nodeCacheCapable: false })).toMatchObject({ kind: 'node', node: 'c' })
  })

  it('gets names or nodes, never both', () => {
    const bodies: Body[] = []
    const keep = answering((body) => {
      bodies.push(body)
      return { NodeNames: body['NodeNames'], Nodes: body['Nodes'] }
    })
    decideBy(keep)
    decideBy(keep, { nodeCacheCapable: false })
    expect(bodies.map((one) => [one['NodeNames'] === null, one['Nodes'] === null])).toEqual([
      [false, true],
      [true, false],
    ])
  })

  it('keeps the order in which the extender names the nodes: of equals the first is taken', () => {
    const turned = answering(({ NodeNames }) => ({ NodeNames: [...(NodeNames as string[])].reverse() }))
    expect(decideBy(turned)).toMatchObject({ kind: 'node', node: 'c' })
  })

  it('says why not, in the words that kube-scheduler records, and any event may change that', () => {
    const decision = decideBy(
      answering(() => ({
        NodeNames: [],
        FailedNodes: { a: 'no licence', b: 'no licence', c: 'no licence' },
        FailedAndUnresolvableNodes: { c: 'broken' },
      })),
    )
    if (decision.kind !== 'unfit') throw new Error(decision.kind)
    expect(decision.message).toBe(
      '0/3 nodes are available: 1 broken, 2 no licence. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    )
    expect([...decision.diagnosis.unschedulablePlugins]).toStrictEqual(['Extender'])
  })

  it('that names no list leaves no node', () => {
    expect(decideBy(answering(() => ({})))).toMatchObject({
      kind: 'unfit',
      message:
        '0/3 nodes are available: no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    })
  })

  // Recorded: kube-scheduler 1.36.3 with an extender that answers so.
  const post = `Post "http://127.0.0.1:26210/api/filter"`
  const failed = (code: number): string =>
    `failed filter with extender at URL http://127.0.0.1:26210/api/filter, code ${code}`
  it.each<readonly [string, ExtenderReply, string]>([
    ['Error', ok({ Error: 'not today' }), 'not today'],
    ['status 500', { kind: 'response', code: 500, body: {} }, failed(500)],
    ['status 201', { kind: 'response', code: 201, body: { NodeNames: ['a'] } }, failed(201)],
    ['nothing', ok(undefined), 'EOF'],
    ['a number', ok(7), 'json: cannot unmarshal number into Go value of type v1.ExtenderFilterResult'],
    ['a list', ok([1]), 'json: cannot unmarshal array into Go value of type v1.ExtenderFilterResult'],
    ['a wrong type', ok({ NodeNames: 'a' }), 'json: cannot unmarshal string into Go struct field ExtenderFilterResult.NodeNames of type []string'],
    ['a stranger', ok({ NodeNames: ['z'] }), `extender "${url}" claims a filtered node "z" which is not found in the input node list`],
    ['silence', { kind: 'silent' }, `${post}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`],
    ['nobody', { kind: 'unreachable', why: 'dial tcp 127.0.0.1:26210: connect: connection refused' }, `${post}: dial tcp 127.0.0.1:26210: connect: connection refused`],
  ])('fails the attempt with %s, unless the extender may be ignored', (_what, reply, message) => {
    const host = hostOf(() => reply)
    expect(decideBy(host)).toMatchObject({ kind: 'error', reason: 'SchedulerError', message })
    expect(decideBy(host, { ignorable: true })).toMatchObject({ kind: 'node', node: 'a' })
  }) // prettier-ignore

  it('may spell its fields as it likes, as encoding/json has it', () => {
    expect(decideBy(answering(() => ({ nodenames: ['c'], unknown: 1 })))).toMatchObject({ node: 'c' })
  })

  it('is asked only about pods that want what it manages', () => {
    const nobody = answering(() => ({ NodeNames: [] }))
    const managedResources = [{ name: 'example.com/gpu' }]
    expect(decideBy(nobody, { managedResources })).toMatchObject({ kind: 'node' })
    expect(decide([{ ...settings, managedResources: [{ name: 'cpu' }] }], { host: nobody })).toMatchObject({
      kind: 'unfit',
    })
  })

  it('is asked last where it may be ignored, and what it saw took time', () => {
    const asked: string[] = []
    const host: ExtenderHost = {
      ...answering(() => ({})),
      ask(call) {
        asked.push(call.urlPrefix)
        return { reply: ok({ NodeNames: (call.body as Body)['NodeNames'] }), took: 1000 }
      },
    }
    const decision = decide(
      [
        { ...settings, urlPrefix: 'http://one', ignorable: true },
        { ...settings, urlPrefix: 'http://two' },
      ],
      { host },
    )
    expect(asked).toEqual(['http://two', 'http://one'])
    expect(decision.cycle.waited).toBe(2000)
  })
})

describe('prioritize', () => {
  const scoring: ExtenderConfiguration = {
    urlPrefix: url,
    prioritizeVerb: 'prioritize',
    weight: 5,
    nodeCacheCapable: true,
  }

  it('adds its scores, times its weight, on the scale of the plugins', () => {
    const decision = decide([scoring], { host: answering(() => [{ Host: 'c', Score: 10 }]) })
    if (decision.kind !== 'node') throw new Error(decision.kind)
    expect(decision.node).toBe('c')
    expect(decision.totals[2]! - decision.totals[0]!).toBe(500)
  })

  it('of the best of which an extender speaks one is drawn, before place decides', () => {
    const equal = answering(() => ['b', 'c'].map((Host) => ({ Host, Score: 0 })))
    for (const [drawn, node] of [
      [0, 'b'],
      [1, 'c'],
    ] as const)
      expect(decide([scoring], { host: equal, choose: (n) => (n === 2 ? drawn : 99) })).toMatchObject({ node })
    expect(decide([scoring], { host: answering(() => []) })).toMatchObject({ node: 'a' })
  })

  it('counts for nothing where the extender cannot say', () => {
    for (const reply of [{ kind: 'silent' }, { kind: 'response', code: 500, body: [] }, ok({ a: 1 })] as const)
      expect(decide([scoring], { host: hostOf(() => reply) })).toMatchObject({ kind: 'node', node: 'a' })
  })

  it('is asked of all extenders at once: the slowest counts', () => {
    const host: ExtenderHost = {
      ...answering(() => []),
      ask: ({ urlPrefix }) => ({ reply: ok([]), took: urlPrefix === url ? 700 : 300 }),
    }
    expect(decide([scoring, { ...scoring, urlPrefix: 'http://two' }], { host }).cycle.waited).toBe(700)
  })
})

describe('preempt', () => {
  const preempting: ExtenderConfiguration = { urlPrefix: url, preemptVerb: 'preempt', nodeCacheCapable: true }
  const important = aPod('vip', '3', { priority: 100 }) as Pod
  const placed = ['a', 'b', 'c'].map((node): readonly [string, Pod] => {
    const one = aPod(`on-${node}`, '3', { nodeName: node, priority: 0 }) as Pod
    return [node, one]
  })
  const preempt = (reply: (body: Body) => ExtenderReply, more: Partial<ExtenderConfiguration> = {}): Decision =>
    decide([{ ...preempting, ...more }], { host: hostOf(reply), pod: important, placed })
  const uidOf = (node: string): string => placed.find(([name]) => name === node)![1].metadata.uid

  it('chooses among the candidates', () => {
    const decision = preempt((body) => {
      expect(body['NodeNameToVictims']).toBeNull()
      const { b } = body['NodeNameToMetaVictims'] as Record<string, unknown>
      return ok({ NodeNameToMetaVictims: { b } })
    })
    expect(decision).toMatchObject({ kind: 'unfit', nominate: 'b', preemption: { node: 'b' } })
  })

  it('gets whole pods unless it has a cache of its own', () => {
    const decision = preempt(
      (body) => {
        const { c } = body['NodeNameToVictims'] as Record<string, { Pods: readonly Pod[] }>
        return ok({ NodeNameToMetaVictims: { c: { Pods: c!.Pods.map((one) => ({ UID: one.metadata.uid })) } } })
      },
      { nodeCacheCapable: false },
    )
    expect(decision).toMatchObject({ nominate: 'c' })
  })

  // Recorded, too.
  const head = '0/3 nodes are available: 3 Insufficient cpu.'
  it.each<readonly [string, ExtenderReply, string, boolean]>([
    ['no node', ok({}), `${head} no new claims to deallocate, preemption: no candidate node for preemption`, true],
    ['no victims', ok({ NodeNameToMetaVictims: { a: { Pods: [] } } }), `${head} preemption: expected at least one victim pod on node "a"`, true],
    ['a strange node', ok({ NodeNameToMetaVictims: { z: { Pods: [{ UID: 'x' }] } } }), `${head} preemption: nodeinfo not found for node name "z"`, false],
    ['a strange pod', ok({ NodeNameToMetaVictims: { a: { Pods: [{ UID: 'nope' }] } } }), `${head} preemption: extender: ${url} claims to preempt pod (UID: &{nope}) on node: a, but the pod is not found on that node`, false],
    ['status 500', { kind: 'response', code: 500, body: {} }, `${head} preemption: failed preempt with extender at URL http://127.0.0.1:26210/api/preempt, code 500`, false],
  ])('with %s nobody is preempted', (_what, reply, message, evenIgnorable) => {
    expect(preempt(() => reply)).toMatchObject({ kind: 'unfit', message, preemption: undefined })
    const ignored = preempt(() => reply, { ignorable: true })
    if (evenIgnorable) expect(ignored).toMatchObject({ preemption: undefined })
    else expect(ignored).toMatchObject({ nominate: 'a' })
  }) // prettier-ignore

  it('is no affair of an extender without the verb', () => {
    const decision = decide([settings], {
      host: answering(({ NodeNames }) => ({ NodeNames })),
      pod: important,
      placed: placed.map(([node, one]) => [node, { ...one, metadata: { ...one.metadata, uid: uidOf(node) } }]),
    })
    expect(decision).toMatchObject({ nominate: 'a' })
  })
})

describe('bind', () => {
  const bind = (reply: ExtenderReply): string | undefined => {
    const [extender] = createExtenders(
      [{ urlPrefix: url, bindVerb: 'bind' }],
      hostOf(() => reply),
    ) as [Extender]
    let said: string | undefined = 'not asked'
    extender.bind(pod, 'a', (refusal) => (said = refusal))
    return said
  }
  it.each<readonly [ExtenderReply, string | undefined]>([
    [ok({}), undefined],
    [ok(null), undefined],
    [ok({ Error: 'taken' }), 'taken'],
    [{ kind: 'response', code: 503, body: undefined }, 'failed bind with extender at URL http://127.0.0.1:26210/api/bind, code 503'],
  ])('%j', (reply, refusal) => {
    expect(bind(reply)).toBe(refusal)
  }) // prettier-ignore
})
