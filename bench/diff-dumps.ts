import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { diffClusters } from '../api/diff/diff-clusters.ts'
import { shownDifferences } from '../reporters/diff/cluster-difference.ts'
import { diffText } from '../reporters/diff/diff-text.ts'
import { readSide } from '../cli/cluster-side.ts'
import { measure, type Figures } from './measure.ts'

const count = 10_000

/** A pod as `kubectl get` shows it, and as it is after a write of its status and, of every tenth, of its image. */
const pod = (index: number, after: boolean): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `web-${index}`,
    namespace: 'default',
    uid: `uid-${index}`,
    resourceVersion: after && index % 2 === 0 ? '2' : '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', tier: 'front' },
  },
  spec: {
    containers: [
      {
        name: 'app',
        image: after && index % 10 === 0 ? 'web:v2' : 'web:v1',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
        env: [{ name: 'A', value: '1' }],
      },
    ],
    nodeName: `node-${index % 100}`,
    restartPolicy: 'Always',
  },
  status: {
    phase: 'Running',
    podIP: `10.0.${index >> 8}.${index & 255}`,
    conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:10Z',
    })),
  },
})

const dump = (after: boolean): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: Array.from({ length: count }, (_, index) => pod(index, after)),
})

const compare = (a: string, b: string): string => {
  const reading = { scenario: undefined, all: false }
  const [before, after] = [readSide(a, reading), readSide(b, reading)]
  const found = diffClusters(before.objects, after.objects)
  return diffText(
    {
      before: a,
      after: b,
      counts: [before.objects.length, after.objects.length],
      ...shownDifferences(found, { all: false, status: true }),
    },
    { color: false, width: 100 },
  )
}

/** Two dumps of 10,000 objects, every second one written in between and every tenth changed: read, compared and told. */
export const diffDumps = (): readonly Figures[] => {
  const folder = mkdtempSync(join(tmpdir(), 'kscn-bench-'))
  const write = (name: string, after: boolean, text: (value: object) => string): string => {
    const path = join(folder, name)
    writeFileSync(path, text(dump(after)))
    return path
  }
  try {
    return (
      [
        ['JSON', (value: object): string => JSON.stringify(value, undefined, 4), '1000 ms'],
        ['YAML', (value: object): string => stringify(value), 'the parser decides'],
      ] as const
    ).map(([form, text, goal]) => {
      const [a, b] = [write(`a.${form}`, false, text), write(`b.${form}`, true, text)]
      if (!compare(a, b).includes(`${count / 10} objects changed in ${count / 10} fields`))
        throw new Error('bench: the difference is not the one that was made')
      return measure({
        work: `diff of two ${form} dumps, ${count} objects`,
        goal,
        runs: 3,
        warmUp: 1,
        once() {
          compare(a, b)
        },
      })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
