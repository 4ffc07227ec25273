import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../runtime/scheduler/cache/node-table.ts'
import type { ExtenderConfiguration } from '../../../../runtime/scheduler/config/configuration.ts'
import {
  createExtender,
  extendersRefusal,
  type ExtenderArgs,
  type ExtenderPlayer,
} from '../../../../runtime/scheduler/extender.ts'
import { createNominator } from '../../../../runtime/scheduler/nominator.ts'
import { podInfo } from '../../../../runtime/scheduler/pod-info.ts'
import { createFramework } from '../../../../runtime/scheduler/runner.ts'
import { schedulePod, type Decision } from '../../../../runtime/scheduler/schedule-pod.ts'
import { aNode, aPod } from './fake-api.ts'

const url = 'http://extender.example/api'
const pod = podInfo(aPod('web', '100m') as Pod)
const settings: ExtenderConfiguration = { urlPrefix: url, filterVerb: 'filter', nodeCacheCapable: true }

const decide = (configuration: ExtenderConfiguration, verbs: ExtenderPlayer['verbs'] | undefined): Decision => {
  const nodes = createNodeTable()
  for (const name of ['a', 'b', 'c']) nodes.setNode(aNode(name, '4') as Node)
  const players = verbs === undefined ? [] : [{ urlPrefix: url, verbs }]
  const framework = createFramework(
    {},
    {
      nodes,
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
      extenders: [createExtender(configuration, players, () => undefined)],
    },
  )
  return schedulePod(framework, pod, { next: 0 })
}

describe('an extender', () => {
  it('filters what the plugins left', () => {
    const decision = decide(settings, {
      filter: ({ NodeNames }: ExtenderArgs) => ({ NodeNames: NodeNames!.slice(1, 2) }),
    })
    expect(decision).toMatchObject({ kind: 'node', node: 'b' })
  })

  it('says why not, and any event may change that', () => {
    const decision = decide(settings, {
      filter: () => ({
        NodeNames: [],
        FailedNodes: { a: 'no licence', b: 'no licence' },
        FailedAndUnresolvableNodes: { c: 'broken' },
      }),
    })
    expect(decision).toMatchObject({ kind: 'unfit' })
    if (decision.kind !== 'unfit') return
    expect(decision.message).toContain('0/3 nodes are available: 1 broken, 2 no licence.')
    expect([...decision.diagnosis.unschedulablePlugins]).toStrictEqual(['Extender'])
  })

  it('adds its scores, times its weight, on the scale of the plugins', () => {
    const decision = decide(
      { urlPrefix: url, prioritizeVerb: 'prioritize', weight: 5, nodeCacheCapable: true },
      { prioritize: () => [{ Host: 'c', Score: 10 }] },
    )
    expect(decision).toMatchObject({ kind: 'node', node: 'c' })
    if (decision.kind === 'node') expect(decision.totals[2]! - decision.totals[0]!).toBe(500)
  })

  it.each([
    ['nobody plays it', undefined, `Post "${url}/filter": dial tcp: lookup extender.example: no such host`],
    ['it throws', { filter: () => { throw new Error('oops') } }, `failed filter with extender at URL ${url}/filter, code 500`],
    ['it answers garbage', { filter: () => 7 }, `failed filter with extender at URL ${url}/filter, code 500`],
    ['it has no such verb', {}, `failed filter with extender at URL ${url}/filter, code 404`],
    ['it says so', { filter: () => ({ Error: 'not today' }) }, 'not today'],
    ['it names a stranger', { filter: () => ({ NodeNames: ['z'] }) }, `extender "${url}" claims a filtered node "z" which is not found in the input node list`],
  ])('fails the attempt when %s', (_what, verbs, message) => {
    expect(decide(settings, verbs as ExtenderPlayer['verbs'] | undefined)).toMatchObject({ kind: 'error', reason: 'SchedulerError', message })
    expect(decide({ ...settings, ignorable: true }, verbs as ExtenderPlayer['verbs'] | undefined)).toMatchObject({ kind: 'node' })
  }) // prettier-ignore

  it('is asked only about pods that want what it manages', () => {
    const managed = { ...settings, managedResources: [{ name: 'example.com/gpu' }] }
    expect(decide(managed, { filter: () => ({ NodeNames: [] }) })).toMatchObject({ kind: 'node' })
  })

  it('agrees to a binding or refuses it', () => {
    const binder = (verbs: ExtenderPlayer['verbs'], ignorable = false): string | undefined =>
      extendersRefusal(
        [createExtender({ urlPrefix: url, bindVerb: 'bind', ignorable }, [{ urlPrefix: url, verbs }], () => undefined)],
        pod,
        'a',
      )
    expect(binder({ bind: () => ({}) })).toBeUndefined()
    expect(binder({ bind: () => ({ Error: 'taken' }) })).toBe('taken')
    expect(binder({ bind: () => ({ Error: 'taken' }) }, true)).toBeUndefined()
  })
})
