import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { libraryInvariants } from '../../../../dsl/names/library-invariants.ts'
import { createLibrary, type Library } from '../../../../runtime/invariants/library.ts'
import { invariants } from '../../../../runtime/invariants/registry.ts'
import { createFakeCluster, type FakeCluster } from '../runner/fake-cluster.ts'
import { controlledBy, examples, pod, ready, runs } from './violations.ts'

const clusterOf = (): FakeCluster => createFakeCluster({ seed: '1', epoch: 0 }, () => undefined)
const libraryOf = (cluster: FakeCluster, broken: string[] = []): Library =>
  createLibrary({
    invariants,
    timeline: cluster.timeline,
    state: cluster.state,
    scheme: () => cluster.scheme(),
    settled: () => cluster.kernel.settled,
    upheld: (invariant, violation) => broken.push(`${invariant.name} ${violation.subject}: ${violation.message}`),
  })

describe('the library', () => {
  it('has what the language names', () => {
    const built = new Set(invariants.map((one) => one.name))
    expect([...libraryInvariants].sort()).toEqual([...built].sort())
    expect(Object.keys(examples).sort()).toEqual([...built].sort())
  })

  it.each(invariants.map((one) => [one.name, one] as const))(
    '%s has a page that says what it says',
    (name, { says, rows }) => {
      const page = readFileSync(join(import.meta.dirname, `../../../../docs/invariants/${name}.md`), 'utf8')
      expect(page.toLowerCase()).toContain(says.toLowerCase())
      for (const row of rows) expect(page).toContain(row)
    },
  )
})

describe.each(invariants.map((one) => [one.name, one] as const))('%s', (name, invariant) => {
  const { broken, right, says } = examples[name]!
  it('is broken by its minimal example, and told why', () => {
    const cluster = clusterOf()
    const told: string[] = []
    const library = libraryOf(cluster, told)
    expect(library.holds(name)).toBe(true)
    broken(cluster)
    expect(library.holds(name)).toBe(false)
    expect(
      library
        .violations(name)
        .map((one) => one.message)
        .join('\n'),
    ).toContain(says)
    expect(told.some((one) => one.startsWith(`${name} `))).toBe(invariant.upheld)
  })

  it('is not broken by the right twin', () => {
    const cluster = clusterOf()
    const library = libraryOf(cluster)
    expect(library.holds(name)).toBe(true)
    right(cluster)
    expect(library.violations(name)).toEqual([])
    expect(library.holds(name)).toBe(true)
  })
})

describe('no-fight', () => {
  it('says nothing of objects without a spec, however often they change', () => {
    const cluster = clusterOf()
    const library = libraryOf(cluster)
    library.holds('no-fight')
    for (let turn = 1; turn < 12; turn += 1)
      cluster.put('endpointslices', {
        metadata: { name: 'web', generation: turn },
        endpoints: turn % 2 === 0 ? [] : [{}],
      })
    expect(library.holds('no-fight')).toBe(true)
  })
})

/** Properties of states: what they say does not depend on when they began to look. */
const ofStates = [
  'no-orphans',
  'generation-observed',
  'converges',
  'endpoints-ready-only',
  'endpoints-complete',
  'daemon-one-per-node',
  'no-overcommit',
]

type Act = readonly [kind: string, index: number, variant: number]
const act = (cluster: FakeCluster, [kind, index, variant]: Act): void => {
  const name = `x-${index}`
  const remove = (resource: string): void => {
    if (cluster.state.get(resource === 'pods' ? 'pods' : resource, 'default', name) !== undefined)
      cluster.remove(resource, 'default', name)
  }
  switch (kind) {
    case 'pod':
      cluster.put(
        'pods',
        pod(name, {
          meta: {
            uid: name,
            labels: { app: variant % 2 === 0 ? 'web' : 'other' },
            ownerReferences: [controlledBy(variant % 3 === 0 ? 'DaemonSet' : 'ReplicaSet', 'o', `r-${variant % 3}`)],
          },
          spec: { nodeName: 'node-1' },
          status: variant > 2 ? ready : {},
        }),
      )
      return
    case 'pod gone':
      remove('pods')
      return
    case 'set':
      cluster.put('replicasets', {
        metadata: { name, uid: `r-${index}`, generation: 1 + (variant % 2) },
        spec: { replicas: variant % 3 },
        status: { replicas: 1, readyReplicas: 1, observedGeneration: 1 },
      })
      return
    case 'set gone':
      remove('replicasets.apps')
      return
    case 'service':
      cluster.put('services', { metadata: { name }, spec: { selector: variant % 2 === 0 ? { app: 'web' } : {} } })
      return
    case 'slice':
      cluster.put('endpointslices', {
        metadata: { name, labels: { 'kubernetes.io/service-name': `x-${variant % 3}` } },
        endpoints: [0, 1, 2].slice(variant % 3).map((one) => ({ targetRef: { kind: 'Pod', name: `x-${one}` } })),
      })
      return
    case 'slice gone':
      remove('endpointslices.discovery.k8s.io')
      return
    case 'node':
      cluster.put('nodes', {
        metadata: { name: 'node-1' },
        status: { allocatable: { cpu: String(1 + (variant % 3)) } },
      })
      return
    default:
      runs(cluster, `node-1/default/${name}/app`, { podUid: name, state: variant % 2 === 0 ? 'Running' : 'Terminated' })
  }
}
const kinds = ['pod', 'pod gone', 'set', 'set gone', 'service', 'slice', 'slice gone', 'node', 'container']

describe('incremental judgement', () => {
  it('agrees with a look at the whole state, after any history', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(2), fc.nat(5)), { maxLength: 30 }), (acts) => {
        const cluster = clusterOf()
        const along = libraryOf(cluster)
        for (const name of ofStates) along.holds(name)
        for (const one of acts) act(cluster, one)
        const afresh = libraryOf(cluster)
        for (const name of ofStates) {
          const subjects = (library: Library): readonly string[] => {
            library.holds(name)
            return library.violations(name).map((one) => one.subject)
          }
          expect([name, subjects(along)]).toEqual([name, subjects(afresh)])
        }
      }),
      { numRuns: 150 },
    )
  })
})
