import { compile } from '../dsl/compile.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import { createExplorer } from '../runtime/explore/explorer.ts'
import { explore } from '../runtime/explore/explore.ts'
import { bugs } from '../test/zoo/bugs.ts'
import { withBug } from '../test/zoo/planted-bug.ts'
import { createSourceHost } from '../cli/source-host.ts'
import { measure, type Figures } from './measure.ts'

const small = `property "small" {
  forall replicas in 1..3
  explore 100 runs varying interleaving, latency
  cluster { pool workers 2 { cpu 4, memory 8Gi } }
  create \`\`\`yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: web }
    spec: { containers: [{ name: app, image: "web:v1" }] }
  \`\`\`
  expect pod/web is Ready within 1m
}
`

/** Runs of a small property in one thread, and finding and shrinking a planted bug. */
export const exploration = (): readonly Figures[] => {
  const { plan } = compile(['bench.kscn'], { read: (path) => ({ path, text: small }), glob: () => [] })
  const scenario = plan!.scenarios[0]!
  const explorer = createExplorer(scenario, { seed: '0', createCluster })
  let index = 0
  const kept = compile(['scenarios/properties/replicas-kept.kscn'], createSourceHost()).plan!.scenarios[0]!
  const bug = bugs.find((one) => one.name === 'a ReplicaSet never deletes')!
  return [
    measure({
      work: 'one explored run of a small property, one thread',
      goal: '<= 4 ms, 500 runs/s on two cores',
      runs: 200,
      warmUp: 50,
      once() {
        explorer.run(explorer.caseOf(index % explorer.total))
        index += 1
      },
    }),
    measure({
      work: 'a planted bug found and shrunk',
      goal: '<= 5 s',
      runs: 1,
      warmUp: 0,
      once() {
        explore(kept, { seed: '0', createCluster: withBug(createCluster, bug), version: 'bench', line: 1 })
      },
    }),
  ]
}
