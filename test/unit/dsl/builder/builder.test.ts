import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { scenario } from '../../../../dsl/builder/scenario.ts'
import { compile } from '../../../../dsl/compile.ts'
import type { ScenarioPlan } from '../../../../dsl/plan/plan.ts'
import { twins } from './twin.ts'

/** Without the places in the text, which are all that may differ. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'span' ? undefined : one)))

const folder = 'scenarios/examples'
const files = readdirSync(folder).filter((name) => name.endsWith('.kscn'))

describe('the builder', () => {
  test.each(files)('%s: the same plan as its text', (name) => {
    const path = `${folder}/${name}`
    const text = readFileSync(path, 'utf8')
    const { plan } = compile([path], createSourceHost())
    const built = twins({ path, text }).flatMap(
      (one): readonly ScenarioPlan[] => one.plan(createSourceHost(), path).scenarios,
    )
    expect(built.length).toBeGreaterThan(0)
    // Bindings that the language makes up carry the place of what they stand for.
    const same = (given: unknown): unknown => JSON.parse(JSON.stringify(bare(given)).replaceAll(/"any \d+"/g, '"any"'))
    expect(same(built)).toEqual(same(plan?.scenarios))
  })

  test('objects and settings as values', () => {
    const built = scenario('web')
      .tag('smoke', 'limit(10m)')
      .cluster(undefined, { 'pool workers 2': { cpu: 2, memory: '4Gi', zones: ['a', 'b'] }, images: ['"web:1"'] })
      .cases([{ n: 1 }, { n: 3 }])
      .apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { odd: 'a: "b"\n```' } } })
      .each('x', '[1, 2]', (body) => body.wait('1s'))
      .delete('configmap/a', { grace: '0s' })
      .expect('configmap/a is gone', { within: '5s' })
      .plan()
    expect(built.scenarios.map((one) => [one.row, one.cluster.nodes.length, one.body.operations.length])).toEqual([
      ['[n=1]', 2, 4],
      ['[n=3]', 2, 4],
    ])
    expect(built.scenarios[0]?.body.operations[0]).toMatchObject({
      step: { documents: [{ value: { metadata: { labels: { odd: 'a: "b"\n```' } } } }] },
    })
  })

  test('a mistake is told as in a file', () => {
    expect(() => scenario('a').expect('deployment/web is Ready').plan()).toThrow(
      /K118[\s\S]*a deployment is never `Ready`/,
    )
    expect(() => scenario('a').apply({ file: 'none.yaml' }).plan()).toThrow(/K125/)
  })
})
