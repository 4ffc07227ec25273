import { describe, expect, test } from 'vitest'
import type { ClusterSpec } from '../../../../dsl/plan/cluster-spec.ts'
import { compileText } from '../support/compile-text.ts'

const files = {
  'label.yaml': 'metadata: { labels: { team: web } }\n',
  'operator.ts': 'export const widgets = { name: "widgets" }\n',
}
const compiled = (settings: string): ReturnType<typeof compileText> =>
  compileText(
    `scenario "a" {\n  cluster {\n    pool w 1 { cpu 1, memory 1Gi }\n    ${settings}\n  }\n  expect 1 nodes are Ready\n}\n`,
    files,
  )
/** What the block gives; that the run cannot do some of it yet is not this test's business. */
const cluster = (settings: string): ClusterSpec => {
  const { plan, diagnostics } = compiled(settings)
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join())
  return plan.scenarios[0]!.cluster
}
const codes = (settings: string): readonly string[] => compiled(settings).diagnostics.map((one) => one.code)

describe('storage classes', () => {
  test.each([
    ['storageclass ssd', { name: 'ssd', isDefault: false, provision: 0, zonal: false, bind: 'immediate', fails: 0 }],
    [
      'storageclass ssd { default, zonal, bind wait, provision 3s, limit 8, fails 10% }',
      { isDefault: true, zonal: true, bind: 'wait', provision: 3e6, limit: 8, fails: 0.1 },
    ],
  ])('%s', (settings, expected) => {
    expect(cluster(settings).storageClasses).toMatchObject([expected])
  })

  test('one of the same name takes the place of what the cluster inherits', () => {
    const base = 'cluster base { pool w 1 { cpu 1, memory 1Gi }, storageclass ssd { limit 1 }, storageclass hdd }'
    const { plan } = compileText(
      `${base}\nscenario "a" {\n  cluster base { storageclass ssd { limit 2 } }\n  expect 1 nodes are Ready\n}\n`,
    )
    expect(plan?.scenarios[0]?.cluster.storageClasses.map((one) => [one.name, one.limit])).toEqual([
      ['hdd', undefined],
      ['ssd', 2],
    ])
  })

  test.each([
    ['storageclass', 'K133'],
    ['storageclass a b', 'K133'],
    ['storageclass ssd { default yes }', 'K133'],
    ['storageclass ssd { bind later }', 'K134'],
    ['storageclass ssd { fails 3 }', 'K107'],
    ['storageclass ssd { fails 101% }', 'K107'],
    ['storageclass ssd { limit many }', 'K105'],
    ['storageclass ssd { provision 3 }', 'K107'],
    ['storageclass ssd { provison 3s }', 'K103'],
    ['storageclass ssd { attach 5s }', 'K413'],
  ])('%s is refused', (settings, code) => {
    expect(codes(settings)).toEqual([code])
  })
})

describe('webhooks', () => {
  test.each([
    ['webhook w', { name: 'w', on: [], deny: [], latency: 0, timeout: undefined, failurePolicy: undefined }],
    ['webhook w { on pods }', { on: [{ resource: 'pods', operations: ['CREATE'] }] }],
    [
      'webhook w { on deploy [create, update]\n on configmaps [delete] }',
      {
        on: [
          { resource: 'deployments.apps', operations: ['CREATE', 'UPDATE'] },
          { resource: 'configmaps', operations: ['DELETE'] },
        ],
      },
    ],
    [
      'webhook w { deny image "*:latest" saying "no tag"\n deny all }',
      {
        deny: [
          { field: 'image', glob: '*:latest', message: 'no tag' },
          { field: 'all', glob: '*', message: '' },
        ],
      },
    ],
    [
      'webhook w { patch "label.yaml", latency 5ms, timeout 3s, failure-policy Ignore }',
      { patch: [{ metadata: { labels: { team: 'web' } } }], latency: 5e3, timeout: 3e6, failurePolicy: 'Ignore' },
    ],
  ])('%s', (settings, expected) => {
    expect(cluster(settings).webhooks).toMatchObject([expected])
  })

  test.each([
    ['webhook', 'K133'],
    ['webhook w { on }', 'K133'],
    ['webhook w { on podz [create] }', 'K101'],
    ['webhook w { on pods [make] }', 'K134'],
    ['webhook w { deny }', 'K133'],
    ['webhook w { deny image }', 'K133'],
    ['webhook w { deny image "*" because "x" }', 'K133'],
    ['webhook w { patch here }', 'K133'],
    ['webhook w { patch "none.yaml" }', 'K125'],
    ['webhook w { failure-policy Maybe }', 'K134'],
    ['webhook w { timeuot 3s }', 'K103'],
  ])('%s is refused', (settings, code) => {
    expect(codes(settings)).toEqual([code])
  })
})

describe('feature gates and versions', () => {
  test('a version has the gates that it has not yet as switched off, and tells its components', () => {
    const { features, flags, kubernetes } = cluster('kubernetes 1.35')
    expect(kubernetes).toBe('1.35')
    expect(features).toMatchObject({ PLEGOnDemandRelist: false, NodeDeclaredFeatures: false })
    expect(features).not.toHaveProperty('PodTopologyLabelsAdmission')
    expect(flags['kubelet']?.['feature-gates']).toContain('PLEGOnDemandRelist=false')
    expect(Object.keys(cluster('kubernetes 1.34').features)).toContain('PodTopologyLabelsAdmission')
  })

  test('what is as by default changes nothing, whatever comes first', () => {
    expect(cluster('kubernetes 1.36')).toMatchObject({ features: {}, flags: {} })
    expect(cluster('feature PodTopologyLabelsAdmission on').features).toEqual({})
    expect(cluster('feature PodTopologyLabelsAdmission on\n kubernetes 1.34').features).not.toHaveProperty(
      'PodTopologyLabelsAdmission',
    )
    expect(cluster('feature PodTopologyLabelsAdmission off').features).toEqual({ PodTopologyLabelsAdmission: false })
  })

  test('flags of a component stay beside its gates', () => {
    const { flags } = cluster('kubelet { sync-frequency 30s }\n feature PLEGOnDemandRelist off')
    expect(flags['kubelet']).toEqual({ 'sync-frequency': '30s', 'feature-gates': 'PLEGOnDemandRelist=false' })
  })
})
