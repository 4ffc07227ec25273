import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import { explore } from '../../../../runtime/explore/explore.ts'
import { livelockIn } from '../../../../runtime/explore/livelock.ts'
import type { Timeline } from '../../../../runtime/record/timeline.ts'
import { bugs } from '../../../zoo/bugs.ts'
import { withBug } from '../../../zoo/planted-bug.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

/** Writes of a process, one a second: `rs create pods/default/web-abcde` */
const timelineOf = (lines: readonly string[]): Timeline => {
  const parts = lines.map((line) => line.split(' '))
  return {
    length: parts.length,
    time: (entry) => entry * 1_000_000,
    kind: () => 'request',
    actor: () => 'apiserver/0',
    action: () => '',
    subject: (entry) => parts[entry]![2]!,
    data: (entry) => ({
      verb: parts[entry]![1]!,
      resource: parts[entry]![2]!.split('/')[0]!,
      user: `system:serviceaccount:kube-system:${parts[entry]![0]!}-controller`,
      code: 200,
    }),
    cause: () => -1,
    about: () => [],
  }
}
const times = (count: number, ...lines: readonly string[]): readonly string[] =>
  Array.from({ length: count }, () => lines).flat()

describe('a livelock', () => {
  test.each([
    [
      'one thing over and over, whatever it is called',
      times(12, 'rs create pods/d/web-bcdfg'),
      'create pods/d/web-*',
      12,
    ],
    [
      'two things in turn, with somebody else between',
      times(6, 'rs create pods/d/web-bcdfg', 'kubelet patch nodes/a', 'rs delete pods/d/web-zzzzz'),
      'create pods/d/web-*, delete pods/d/web-*',
      6,
    ],
    [
      'after much that was different',
      [...times(1, 'rs create a/b', 'rs update a/c'), ...times(10, 'rs patch a/d')],
      'patch a/d',
      10,
    ],
  ] as const)('%s', (_, lines, round, rounds) => {
    const found = livelockIn(timelineOf(lines))!
    expect([found.process, found.round.join(', '), found.rounds]).toEqual(['controller/rs', round, rounds])
  })

  test.each([
    ['a few times only', times(4, 'rs create pods/d/web-bcdfg')],
    [
      'long ago',
      [...times(12, 'rs create pods/d/web-bcdfg'), ...Array.from({ length: 40 }, (_, at) => `ds create a/b${at}`)],
    ],
    ['never the same', Array.from({ length: 40 }, (_, at) => `rs create a/b${at}`)],
    ['nothing', []],
    ['its lease', times(20, 'rs update leases.coordination.k8s.io/d/x')],
    ['events', times(20, 'rs create events/d/x')],
  ])('none: %s', (_, lines) => {
    expect(livelockIn(timelineOf(lines))).toBeUndefined()
  })

  test('is what an exploration calls a control plane that never comes to rest', () => {
    const { plan } = compileText(`property "it comes to rest" {
  explore 4 runs varying interleaving
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  settle within 2s
}
`)
    const bug = bugs.find((one) => one.name === 'a ReplicaSet forgets the labels of its pods')!
    const { failure } = explore(plan!.scenarios[0]!, {
      seed: '0',
      version: 'test',
      line: 1,
      createCluster: withBug(createCluster, bug),
    }).exploration!
    expect([failure!.verdict, failure!.livelock?.process]).toEqual(['suspected.livelock', 'controller/replicaset'])
    expect(failure!.livelock!.round.join()).toContain('create pods/default/web-*')
  })
})
