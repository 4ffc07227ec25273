import { describe, expect, test } from 'vitest'
import { compileText } from '../support/compile-text.ts'

const files = {
  'profiles.yaml':
    'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nextenders: [{ urlPrefix: "http://e.tools:80/api" }, { urlPrefix: "http://10.0.0.7/" }]\n',
  'own.mjs': 'export default {}\n',
}
const compiled = (settings: string, config = 'scheduler { config "profiles.yaml" }'): ReturnType<typeof compileText> =>
  compileText(
    `scenario "a" {\n  cluster {\n    pool w 1 { cpu 1, memory 1Gi }\n    ${config}\n    ${settings}\n  }\n  expect 1 nodes are Ready\n}\n`,
    files,
  )

const plain = { url: undefined, deny: [], score: [], spare: [], errors: [], latency: 0, file: undefined }

describe('extenders', () => {
  test.each<readonly [string, object]>([
    ['extender e', { ...plain, name: 'e', urlPrefixes: ['http://e.tools:80/api'] }],
    ['extender e { url "http://10.0.0.7" }', { url: 'http://10.0.0.7', urlPrefixes: ['http://10.0.0.7/'] }],
    [
      'extender e { deny name "gpu-*" saying "no licence"\n deny label zone=a unresolvable\n deny all saying unresolvable }',
      {
        deny: [
          { nodes: { field: 'name', glob: 'gpu-*' }, message: 'no licence', unresolvable: false },
          { nodes: { field: 'label', glob: 'zone=a' }, message: 'node(s) refused by label zone=a', unresolvable: true },
          { nodes: { field: 'all', glob: '*' }, message: 'unresolvable', unresolvable: false },
        ],
      },
    ],
    [
      'extender e { score label "disk=ssd" 7, score all 1, spare name db-0, spare all, latency 20ms }',
      {
        score: [
          { nodes: { field: 'label', glob: 'disk=ssd' }, score: 7 },
          { nodes: { field: 'all', glob: '*' }, score: 1 },
        ],
        spare: [
          { field: 'name', glob: 'db-0' },
          { field: 'all', glob: '*' },
        ],
        latency: 20_000,
      },
    ],
    [
      'extender e { error filter saying "not now", error bind 503 }',
      {
        errors: [
          { verb: 'filter', code: 200, message: 'not now' },
          { verb: 'bind', code: 503, message: '' },
        ],
      },
    ],
  ])('%s', (settings, expected) => {
    const { plan, diagnostics } = compiled(settings)
    expect(diagnostics).toEqual([])
    expect(plan!.scenarios[0]!.cluster.extenders).toMatchObject([expected])
  })

  test('a module of its own is one that the run loads', () => {
    const { plan } = compiled('extender e { from "own.mjs" }')
    const [scenario] = plan!.scenarios
    expect(scenario!.modules).toContain(scenario!.cluster.extenders![0]!.file)
  })

  test.each([
    ['extender', 'K133'],
    ['extender e { deny name }', 'K133'],
    ['extender e { deny node "x" }', 'K133'],
    ['extender e { deny name "x" because "y" }', 'K133'],
    ['extender e { score name "x" }', 'K133'],
    ['extender e { score name "x" much }', 'K105'],
    ['extender e { spare name }', 'K133'],
    ['extender e { spare name a b }', 'K133'],
    ['extender e { error }', 'K133'],
    ['extender e { error filter }', 'K133'],
    ['extender e { error filter 200 }', 'K133'],
    ['extender e { error preempt saying "x" }', 'K133'],
    ['extender e { error score 500 }', 'K134'],
    ['extender e { from "none.mjs" }', 'K102'],
    ['extender e { latency 3 }', 'K107'],
    ['extender e { filter all }', 'K103'],
    ['extender e { latency 1s, latency 2s }', 'K112'],
    ['extender other', 'K133'],
    ['extender e { url "http://elsewhere/" }', 'K133'],
  ])('%s is refused', (settings, code) => {
    expect(compiled(settings).diagnostics.map((one) => one.code)).toEqual([code])
  })

  test('without a configuration that names it, it says how to name it', () => {
    const { diagnostics } = compiled('extender e', '')
    expect(diagnostics[0]).toMatchObject({
      message: "the scheduler's configuration names no extender `e`",
      help: 'scheduler { config "profiles.yaml" }, and there extenders: [{ urlPrefix: http://e/, … }]',
    })
  })
})
