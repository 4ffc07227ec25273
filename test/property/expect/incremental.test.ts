import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMoment, truthOf } from '../../../runtime/expect/evaluate.ts'
import { createJudge, predicateOf } from '../../../runtime/expect/judge.ts'
import type { World } from '../../../runtime/expect/moment.ts'
import { createJudgeBoard } from '../../../runtime/runner/judge-board.ts'
import { createFakeCluster } from '../../unit/runtime/runner/fake-cluster.ts'
import { planOf } from '../../unit/runtime/runner/run-text.ts'

const sentences = [
  'pods[app=web] are Ready',
  'exactly 2 pods are on nodes[zone=a]',
  'pod/p0 is Ready and not pod/p1 is Pending',
  'all p in pods[app=web]: p{.spec.nodeName} == "n0"',
  'count(pods[app=web]) >= 2 or event Pulled on pod/p1',
  'pod/p0 goes Pending -> Running',
  'pod/p2 is gone',
  'skew(pods, zone) <= 1',
]

const predicates = sentences.map((sentence) => {
  const plan = planOf(`scenario "t" {\n  cluster { pool w 1 { cpu 2, memory 4Gi } }\n  expect ${sentence}\n}\n`)
  const operation = plan.body.operations.at(-1)!
  if (operation.kind !== 'expect' || operation.expectation.claim.kind !== 'predicate') throw new Error(sentence)
  return operation.expectation.claim.predicate
})

type Change = { readonly kind: 'pod' | 'remove' | 'node' | 'event'; readonly index: number; readonly choice: number }

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('pod', 'pod', 'pod', 'remove', 'node', 'event'),
  index: fc.nat(2),
  choice: fc.nat(7),
})

describe('judging only what changed', () => {
  it('comes to the same truth as judging every state', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
        const cluster = createFakeCluster({ seed: '1', epoch: 0 }, () => undefined)
        const { kernel, timeline, state } = cluster
        const world: World = {
          users: new Map(),
          state,
          timeline,
          scheme: () => cluster.scheme(),
          components: () => [],
          epoch: 0,
          invariants: {},
        }
        const scope = { namespace: 'default', bindings: new Map(), marks: new Map() }
        const board = createJudgeBoard(kernel, timeline, kernel.actor('judge', 'script'))
        const judges = predicates.map((predicate) =>
          createJudge({
            world,
            scope,
            // Asks and never decides: the judge's last answer is what it knows.
            operator: { observe: (seen) => void seen.holds(0), elapse: () => undefined, wake: undefined },
            predicates: [predicateOf(predicate, 'expect')],
          }),
        )
        for (const judge of judges)
          board.add(judge, {
            ruled: () => undefined,
            broken: (error) => {
              throw error
            },
          })
        for (const { kind, index, choice } of changes) {
          if (kind === 'pod') {
            cluster.put('pods', {
              metadata: { name: `p${index}`, labels: { app: choice % 2 === 0 ? 'web' : 'db' } },
              spec: choice % 4 < 2 ? { containers: [] } : { nodeName: `n${choice % 3}`, containers: [] },
              status: {
                phase: choice < 4 ? 'Pending' : 'Running',
                conditions: [{ type: 'Ready', status: choice > 5 ? 'True' : 'False' }],
              },
            })
          } else if (kind === 'remove') {
            if (state.get('pods', 'default', `p${index}`) !== undefined) cluster.remove('pods', 'default', `p${index}`)
          } else if (kind === 'node') {
            cluster.put('nodes', {
              metadata: { name: `n${index}`, labels: { 'topology.kubernetes.io/zone': choice < 4 ? 'a' : 'b' } },
            })
          } else cluster.emit(`pods/default/p${index}`, choice < 4 ? 'Pulled' : 'Created')
          const truths = predicates.map((predicate) => truthOf(predicate, createMoment(world, scope, 'expect')))
          expect(judges.map((judge) => judge.last[0])).toEqual(truths)
        }
      }),
      { numRuns: 150 },
    )
  })
})
