import { describe, expect, test } from 'vitest'
import type { CreateCluster } from '../../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { userOf, withBug } from '../../../zoo/planted-bug.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

const text = (claim: string): string => `scenario "left alone" {
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
  settle within 1m
  expect ${claim}
}
`
const run = (claim: string, cluster: CreateCluster): Record => {
  const { plan, diagnostics } = compileText(text(claim))
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return runScenario(plan.scenarios[0]!, { seed: '0', createCluster: cluster, lookAhead: false })
}

/** Whenever it lists again, it takes a ReplicaSet for larger than it is: what it had been told before is forgotten. */
const forgetful: CreateCluster = (...given) => {
  let lists = 0
  return withBug(createCluster, {
    tamper: {
      event(event, request) {
        if (request.resource.plural !== 'replicasets' || event.type !== 'ADDED') return event
        if (userOf(request) !== 'system:kube-controller-manager') return event
        lists += 1
        if (lists === 1) return event
        const { spec } = event.object as { readonly spec?: { readonly replicas: number } }
        return {
          ...event,
          object: { ...event.object, spec: { ...spec, replicas: spec!.replicas + 1 } } as typeof event.object,
        }
      },
    },
  })(...given)
}
describe('expect settled-is-fixpoint', () => {
  test('holds where a restart of all controllers changes nothing, and leaves no trace in the run', () => {
    const [asked, plain] = [run('settled-is-fixpoint and converges', createCluster), run('converges', createCluster)]
    expect([asked.verdict, plain.verdict]).toEqual(['PASS', 'PASS'])
    expect(asked.timeline.length).toBe(plain.timeline.length)
  })

  test('breaks where a controller keeps in memory what it should read', () => {
    const { verdict, findings } = run('settled-is-fixpoint', forgetful)
    expect([verdict, findings[0]?.code]).toEqual(['FAIL', 'F101'])
    expect(findings[0]!.message).toContain(
      'after a restart of all controllers there was something to do: controller/replicaset: create',
    )
    expect(findings[0]!.lastWrites!.length).toBeGreaterThan(0)
  })

  test.each(['converges', 'settled-is-fixpoint or converges', 'settled-is-fixpoint within 1s'])(
    '`%s` is no such claim',
    (claim) => {
      expect(run(claim, forgetful).verdict).toBe('PASS')
    },
  )
})
