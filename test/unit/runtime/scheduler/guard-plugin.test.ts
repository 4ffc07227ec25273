import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../../api/types/core-v1.generated.ts'
import { createNodeTable } from '../../../../runtime/scheduler/cache/node-table.ts'
import type { PluginFactory } from '../../../../runtime/scheduler/framework.ts'
import { guardPlugin } from '../../../../runtime/scheduler/guard-plugin.ts'
import { createNominator } from '../../../../runtime/scheduler/nominator.ts'
import { podInfo } from '../../../../runtime/scheduler/pod-info.ts'
import { createFramework } from '../../../../runtime/scheduler/runner.ts'
import { schedulePod, type Decision } from '../../../../runtime/scheduler/schedule-pod.ts'
import { aNode, aPod } from './fake-api.ts'

const decide = (factory: PluginFactory): { readonly decision: Decision; readonly told: readonly string[] } => {
  const told: string[] = []
  const nodes = createNodeTable()
  nodes.setNode(aNode('a', '4') as Node)
  nodes.setNode(aNode('b', '4') as Node)
  const framework = createFramework(
    { plugins: { multiPoint: { enabled: [{ name: 'Mine' }] } } },
    {
      nodes,
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
      plugins: { Mine: guardPlugin('Mine', factory, (message) => told.push(message)) },
    },
  )
  return { decision: schedulePod(framework, podInfo(aPod('web', '100m') as Pod), { next: 0 }), told }
}
const messageOf = (decision: Decision): string => (decision.kind === 'node' ? decision.node : decision.message)

describe('a plugin of the user', () => {
  it('filters and scores like any other', () => {
    const { decision, told } = decide(({ nodes }) => ({
      name: 'Mine',
      score(_cycle, slots, scores) {
        slots.forEach((slot, at) => {
          scores[at] = nodes.slots[slot]!.name === 'b' ? 100 : 0
        })
        return undefined
      },
    }))
    expect([messageOf(decision), told]).toStrictEqual(['b', []])
  })

  it.each<readonly [string, PluginFactory, string]>([
    [
      'throws',
      () => ({
        name: 'Mine',
        filter() {
          throw new Error('oops')
        },
      }),
      'scheduler plugin Mine: Filter threw oops',
    ],
    [
      'answers garbage',
      () => ({ name: 'Mine', filter: () => 'no' as never }),
      'scheduler plugin Mine: Filter answered "no", which is no verdict',
    ],
    [
      'changes a column',
      ({ nodes }) => ({
        name: 'Mine',
        filter(_cycle, slot) {
          nodes.columns.podCount[slot] = 0
          return undefined
        },
      }),
      'scheduler plugin Mine: Filter threw Mine may not change',
    ],
    [
      'calls what changes the table',
      ({ nodes }) => ({
        name: 'Mine',
        preFilter(cycle) {
          ;(nodes.slots[0]!.pods as unknown[]).push(cycle.pod)
          return undefined
        },
      }),
      'scheduler plugin Mine: PreFilter threw Mine may not change push',
    ],
    [
      'changes a pod',
      () => ({
        name: 'Mine',
        preFilter(cycle) {
          ;(cycle.pod as { priority: number }).priority = 1000
          return undefined
        },
      }),
      'scheduler plugin Mine: PreFilter threw Mine may not change priority',
    ],
    [
      'scores with no number',
      () => ({
        name: 'Mine',
        score(_cycle, _slots, scores) {
          scores[0] = Number.NaN
          return undefined
        },
      }),
      'scheduler plugin Mine: Score gave NaN to a node',
    ],
  ])('that %s is named, and the attempt ends in an error', (_what, factory, message) => {
    const { decision, told } = decide(factory)
    expect(decision.kind).toBe('error')
    expect(messageOf(decision)).toContain('Mine')
    expect(told[0]).toContain(message)
  })

  it('that scores beyond 100 is refused as upstream refuses it', () => {
    const { decision } = decide(() => ({
      name: 'Mine',
      score(_cycle, _slots, scores) {
        scores.fill(101)
        return undefined
      },
    }))
    expect(messageOf(decision)).toBe(
      'applying score defaultWeights on Score plugins: plugin "Mine" returns an invalid score 101, it should in the range of [0, 100] after normalizing',
    )
  })

  it('that cannot even be made is named, and the others go on', () => {
    const { decision, told } = decide(() => {
      throw new Error('no licence')
    })
    expect([decision.kind, told]).toStrictEqual(['node', ['scheduler plugin Mine: no licence']])
  })
})
