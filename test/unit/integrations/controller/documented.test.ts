import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createCluster } from '../../../../cli/create-cluster.ts'
import { createSourceHost } from '../../../../cli/source-host.ts'
import { compile } from '../../../../dsl/compile.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'
import { runControllers, scenarioWith } from './run-controller.ts'

const page = readFileSync('docs/controllers.md', 'utf8')
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter((found) => found[1] === language).map((found) => found[2]!)

it('the scenario of docs/controllers.md runs and holds', () => {
  const [text] = blocks('kscn')
  const host = createSourceHost()
  const path = 'scenarios/examples/page.kscn'
  const { plan, diagnostics } = compile([path], {
    ...host,
    read: (wanted, from) => (wanted === path ? { path, text: text! } : host.read(wanted, from)),
  })
  expect(diagnostics.map((one) => one.message)).toEqual([])
  const record = runScenario(plan!.scenarios[0]!, { seed: '0', createCluster })
  expect([record.verdict, record.findings]).toEqual(['PASS', []])
})

it('its controllers are those of the fixtures, in both forms', () => {
  const documented = readFileSync('test/unit/integrations/controller/fixtures/documented.ts', 'utf8')
  const asynchronous = readFileSync('test/unit/integrations/controller/fixtures/documented-async.ts', 'utf8')
  const [plain, adapted] = blocks('ts')
  expect([documented, asynchronous]).toEqual([plain, adapted])
})

it.each(['documented.ts', 'documented-async.ts'])('%s does what the page says', (module) => {
  const body = `  create \`\`\`yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: owner, namespace: default }
  \`\`\`
  label namespace/default touched=yes
  expect configmap/note exists within 5s`
  expect(runControllers(scenarioWith(['notes'], body, module)).record.findings).toEqual([])
})
