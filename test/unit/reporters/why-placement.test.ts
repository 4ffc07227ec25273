import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../../cli/source-host.ts'
import { compile } from '../../../dsl/compile.ts'
import { whyPlacement } from '../../../reporters/why-placement.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../runtime/record/record.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'

const recordOf = (text: string): Record => {
  const { plan, diagnostics } = compile(['why.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  return runScenario(plan.scenarios[0]!, { seed: '0', createCluster })
}

const pod = (name: string, cpu: string, memory: string): string => `
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: ${name} }
    spec: { containers: [{ name: app, image: "web:v1", resources: { requests: { cpu: ${cpu}, memory: ${memory} } } }] }
  \`\`\``

const record = recordOf(`scenario "a full cluster" {
  cluster {
    pool general 2 { cpu 2, memory 4Gi }
    pool gpu 1 { cpu 4, memory 8Gi, taint dedicated=gpu:NoSchedule }
  }${pod('small', '250m', '1Gi')}
  expect pod/small is Scheduled within 5s${pod('big', '2', '1Gi')}${pod('next', '2', '3500Mi')}
  expect pod/big is Scheduled within 5s
  expect pod/next is Unschedulable within 5s
  wait 10s
  delete pod/big
  expect pod/next is Scheduled within 1m
}
`)
const plain = { color: false, width: 80 }

describe('why a pod was placed where it was', () => {
  it('tells each attempt of a pod that did not fit at first', () => {
    expect(whyPlacement(record, 'pod/next', plain)).toMatchInlineSnapshot(`
      "
      why pod/next in "a full cluster"
        attempt 1  t=0.032s
          not scheduled  0/3 nodes are available: 1 node(s) had untolerated taint(s),
              2 Insufficient cpu, 2 Insufficient memory. no new claims to deallocate,
              preemption: 0/3 nodes are available: 1 Preemption is not helpful for
              scheduling, 2 No preemption victims found for incoming pod.
          2 nodes  NodeResourcesFit: Insufficient cpu, Insufficient memory
            general-0: fits after 250m less cpu (2 in all) and 428Mi less memory (4Gi
                in all)
            general-1: fits after 2 less cpu (2 in all) and 428Mi less memory (4Gi in
                all)
          1 node  TaintToleration: node(s) had untolerated taint(s)
            gpu-0: wants a toleration of dedicated=gpu:NoSchedule

        attempt 2  t=10.067s  after 10.035s
          woken by AssignedPodDelete of pod/big, which NodeResourcesFit waits for
          placed on general-1  3 nodes, 1 could take it
          1 node  NodeResourcesFit: Insufficient cpu, Insufficient memory
            general-0: fits after 250m less cpu (2 in all) and 428Mi less memory (4Gi
                in all)
          1 node  TaintToleration: node(s) had untolerated taint(s)
            gpu-0: wants a toleration of dedicated=gpu:NoSchedule
          it was the only node that could take it: nothing was scored
      "
    `)
  })

  it('tells the scores of the nodes that could take it', () => {
    expect(whyPlacement(record, 'pod/small', plain)).toMatchInlineSnapshot(`
      "
      why pod/small in "a full cluster"
        attempt 1  t=0.009s
          placed on general-0  3 nodes, 2 could take it
          1 node  TaintToleration: node(s) had untolerated taint(s)
            gpu-0: wants a toleration of dedicated=gpu:NoSchedule
          node       total
          general-0    452
          general-1    452
          the same for all: TaintToleration 300, NodeResourcesFit 81, DynamicResources
              0, NodeResourcesBalancedAllocation 71, ImageLocality 0
      "
    `)
  })

  it('fits into its columns, coloured or not, and says the same', () => {
    const colored = whyPlacement(record, 'pod/*', { color: true, width: 80 })
    const text = colored.replace(/\u001b\[\d+m/g, '')
    expect(text).toBe(whyPlacement(record, 'pod/*', plain))
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(colored).not.toBe(text)
  })

  it('says that there is no such pod', () => {
    expect(whyPlacement(record, 'pod/nobody', plain)).toBe(
      'why: no pod called pod/nobody was ever stored in "a full cluster"\n',
    )
  })
})
