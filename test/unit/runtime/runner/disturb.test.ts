import { expect, test } from 'vitest'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { compileText } from '../../dsl/support/compile-text.ts'

const run = (schedule: string): Record => {
  const { plan, diagnostics } = compileText(`@schedule("${schedule}")
scenario "one pod" {
  cluster { pool workers 1 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: { name: web }
    spec:
      replicas: 2
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  settle within 10m
  expect 2 pods[app=web] are Ready
  expect count(pods[app=web]) == 2
}
`)
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return runScenario(plan.scenarios[0]!, { seed: '0', createCluster, lookAhead: false })
}
const downs = ({ timeline }: Record): readonly string[] =>
  Array.from({ length: timeline.length }, (_, entry) => entry)
    .filter((entry) => timeline.kind(entry) === 'truth' && timeline.action(entry) === 'crash')
    .map((entry) => timeline.subject(entry))

test('behind a write of a controller its whole process dies: it comes back to no cache of before, however fast', () => {
  const record = run('slow apiserver/0 by 128ms", "crash controller/replicaset after write 1 for 4ms')
  expect(downs(record)).toContain('components/controller-manager')
  expect(record.findings.map((one) => one.message)).toEqual([])
})

test.each([
  ['a refused bind is tried again before the cluster has settled', 'refuse scheduler write 1'],
  ['so is one of a scheduler that is slow', 'refuse scheduler write 2", "slow kube-scheduler by 1s'],
])('%s', (_, schedule) => {
  expect(run(schedule).findings.map((one) => one.message)).toEqual([])
})
