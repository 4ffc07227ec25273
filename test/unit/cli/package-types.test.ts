import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: a tool without declarations
import { buildTypes } from '../../../tools/build-types.mjs'
import manifest from '../../../package.json' with { type: 'json' }

// A user's project: the package is installed, the compiler is strict, and nothing of the repository is in reach.
const project = realpathSync(mkdtempSync(join(tmpdir(), 'kscn-types-')))
afterAll(() => rmSync(project, { recursive: true, force: true }))
beforeAll(() => {
  const installed = join(project, 'node_modules/kscn')
  mkdirSync(installed, { recursive: true })
  cpSync('package.json', join(installed, 'package.json'))
  ;(buildTypes as (outdir: string) => void)(join(installed, 'dist/types'))
  symlinkSync(resolve('node_modules/fast-check'), join(project, 'node_modules/fast-check'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
})

const packageJson = manifest as {
  readonly exports: Readonly<{ [door: string]: string | { types?: string; default: string } }>
}

const complaintsOf = (text: string): readonly string[] => {
  const path = join(project, 'use.ts')
  writeFileSync(path, text)
  const program = ts.createProgram([path], {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
  })
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      (one) =>
        `${one.file?.fileName.slice(project.length) ?? ''}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
    )
}

const use = `
import { createSourceHost, property, scenario, type Plan, type ScenarioBuilder } from 'kscn/builder'
import { done, fromAsync, type Controller, type KubeObject } from 'kscn/controller'
import { kscn, matchers, runText, type Record } from 'kscn/vitest'
import { arbitraryWorkload, scenarioText } from 'kscn/fast-check'

const built: ScenarioBuilder = scenario('web')
  .tag('smoke')
  .cluster(undefined, { 'pool workers 2': { cpu: 2, memory: '4Gi' } })
  .apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
  .each('x', '[1, 2]', (body) => body.wait('1s'))
  .expect('configmap/a exists', { within: '5s' })
const plan: Plan = built.plan(createSourceHost())
export const titles: readonly string[] = plan.scenarios.map((one) => one.title)
const [record]: readonly Record[] = runText(property('p').text())
export const verdict = record?.verdict === 'PASS'
export const judged: boolean = matchers.toHold(record!).pass
interface Site extends KubeObject { readonly spec: { readonly host: string } }
export const sites: Controller<Site> = {
  name: 'sites',
  reconciles: 'example.com/v1/Site',
  watches: { 'v1/Node': (node) => [node.metadata.name] },
  *reconcile(key, { read, write, now }) {
    const site = read.get(key)
    if (site === undefined) return done
    const answer = yield* write.patchStatus(site, { host: site.spec.host, at: now() })
    return answer.ok ? done : { retry: answer.reason }
  },
}
export const later = fromAsync<Site>({ name: 'later', reconciles: 'example.com/v1/Site', reconcile: async (key, client) => {
  const found = await client.get<Site>('example.com/v1/Site', key)
  if (found.ok) await client.patchStatus(found.object, { host: found.object.spec.host })
} })
export const plugin: string = kscn().name
export const arbitraries = [arbitraryWorkload, scenarioText]
`

describe('the declarations of the package', () => {
  test('every door has them', () => {
    const doors = Object.entries(packageJson.exports)
    const modules = doors.filter(([, to]) => JSON.stringify(to).includes('.cjs'))
    expect(modules.length).toBeGreaterThan(2)
    for (const [door, to] of modules) expect(to, door).toHaveProperty('types')
  })

  test('a strict project compiles against them', () => {
    expect(complaintsOf(use)).toEqual([])
  })

  test('an unknown method, clause or verdict is an error', () => {
    const wrong = use.replace('.tag(', '.tagged(').replace("'PASS'", "'GREEN'")
    const clause = "scenario('b').expect('nodes exist', { inside: '5s' })"
    expect(complaintsOf(`${wrong}\n${clause}\n`).join('\n')).toMatch(
      /'tagged' does not exist[\s\S]*no overlap[\s\S]*'inside' does not exist/,
    )
  })
})
