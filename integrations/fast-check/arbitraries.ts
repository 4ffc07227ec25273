import * as fc from 'fast-check'
// Users of vitest import fast-check as a module: the arbitraries are of its types, whatever this door is bundled as.
import type { Arbitrary } from 'fast-check' with { 'resolution-mode': 'import' }

/** A cluster as a property draws it. */
export interface DrawnCluster {
  readonly pools: readonly {
    readonly name: string
    readonly nodes: number
    readonly cpu: number
    readonly memory: string
  }[]
}

export interface DrawnWorkload {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet'
  readonly name: string
  readonly replicas: number
  /** Milli-CPU of a pod. */
  readonly cpu: number
}

/** Faults, each at its instant and for its time, in milliseconds. */
export type DrawnFaults = readonly { readonly at: number; readonly fault: string; readonly for: number }[]

/** Clusters of one to three pools. Shrinks to one pool of one node. */
export const arbitraryCluster = (): Arbitrary<DrawnCluster> =>
  fc
    .array(
      fc.record(
        { nodes: fc.integer({ min: 1, max: 3 }), cpu: fc.constantFrom(2, 4, 8), memory: fc.constantFrom('4Gi', '8Gi') },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((pools) => ({ pools: pools.map((pool, index) => ({ name: `pool${index + 1}`, ...pool })) }))

/** Workloads of up to four pods. Shrinks to a Deployment of none. */
export const arbitraryWorkload = (): Arbitrary<DrawnWorkload> =>
  fc.record(
    {
      kind: fc.constantFrom('Deployment' as const, 'ReplicaSet' as const, 'StatefulSet' as const),
      name: fc.constantFrom('web', 'db', 'api'),
      replicas: fc.integer({ min: 0, max: 4 }),
      cpu: fc.integer({ min: 1, max: 5 }).map((tenths) => tenths * 100),
    },
    { noNullPrototype: true },
  )

const crashable = ['scheduler', 'controller/deployment', 'controller/replicaset', 'controller/statefulset']

/** Up to three crashes of the control plane within a minute. Shrinks to none. */
export const arbitraryFaults = (): Arbitrary<DrawnFaults> =>
  fc
    .array(
      fc.record(
        {
          at: fc.integer({ min: 0, max: 60 }).map((seconds) => seconds * 1000),
          fault: fc.constantFrom(...crashable).map((target) => `crash ${target}`),
          for: fc.integer({ min: 1, max: 20 }).map((seconds) => seconds * 1000),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 3 },
    )
    .map((faults) => [...faults].sort((a, b) => a.at - b.at))

export interface DrawnScenario {
  readonly cluster: DrawnCluster
  readonly workloads?: readonly DrawnWorkload[]
  readonly faults?: DrawnFaults
  /** Further statements, such as what must hold at the end. */
  readonly body: string
}

const manifest = ({ kind, name, replicas, cpu }: DrawnWorkload): string => `    apiVersion: apps/v1
    kind: ${kind}
    metadata: { name: ${name} }
    spec:
      replicas: ${replicas}
${kind === 'StatefulSet' ? `      serviceName: ${name}\n` : ''}      selector: { matchLabels: { app: ${name} } }
      template:
        metadata: { labels: { app: ${name} } }
        spec: { containers: [{ name: app, image: "app:v1", resources: { requests: { cpu: ${cpu}m } } }] }`

const faultLines = (faults: DrawnFaults): string =>
  faults.length === 0
    ? ''
    : `  background {\n${faults
        .map((one) => `    at ${one.at}ms\n    inject ${one.fault} for ${one.for}ms`)
        .join('\n')}\n  }\n`

/** What was drawn as a scenario: for `runText`, or to be kept as a file. */
export const scenarioText = ({
  cluster,
  workloads = [],
  faults = [],
  body,
}: DrawnScenario): string => `scenario "drawn" {
  cluster {
${cluster.pools.map((pool) => `    pool ${pool.name} ${pool.nodes} { cpu ${pool.cpu}, memory ${pool.memory} }`).join('\n')}
  }
${faultLines(faults)}${workloads.length === 0 ? '' : `  apply \`\`\`yaml\n${workloads.map(manifest).join('\n    ---\n')}\n  \`\`\`\n`}${body}
}
`
