import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createSourceHost } from '../../cli/source-host.ts'
import { compile, type Compilation } from '../../dsl/compile.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import { runScenario } from '../../runtime/runner/run-scenario.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/**
 * The kscn blocks of a page, in backticks or, as in the language reference, `~~~kscn run`. Inside one a YAML fence has three
 * backticks too, indented: only a line of its own at the margin closes it.
 */
const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^(```kscn|~~~kscn run)\n([\s\S]*?)^(?:```|~~~)$/gm)].map((match) => match[2]!)

/** As a file beside the examples, whose manifests it may name. */
const compileText = (text: string): Compilation => {
  const host = createSourceHost()
  const path = join(root, 'scenarios/examples/page.kscn')
  return compile([path], {
    ...host,
    read: (wanted, from) => (wanted === path ? { path, text } : host.read(wanted, from)),
  })
}

describe.each([
  ['README.md', 1],
  ['docs/tour.md', 4],
  ['docs/kubelet.md', 3],
  ['docs/network.md', 3],
  ['docs/runtime.md', 3],
])('the scenarios of %s', (page, least) => {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = blocksOf(text)
  it('are there, and are whole files', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(least)
    expect(text.match(/^(?:```|~~~)kscn/gm)?.length).toBe(blocks.length)
  })
  it.each(blocks.map((text, index) => [`block ${index + 1}`, text]))('%s compiles, runs and holds', (_, text) => {
    const { plan, diagnostics } = compileText(text)
    expect(diagnostics.map((one) => one.message)).toEqual([])
    for (const scenario of plan!.scenarios) {
      const record = runScenario(scenario, { seed: '0', createCluster })
      expect([scenario.title, scenario.row, record.verdict, record.findings.map((one) => one.message)]).toEqual([
        scenario.title,
        scenario.row,
        'PASS',
        [],
      ])
    }
  })
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !link.includes('://'))
    for (const link of links) expect(existsSync(resolve(root, dirname(page), link)), link).toBe(true)
  })
  it('names only commands that are there', () => {
    const scripts = (
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    ).scripts
    for (const [, name] of text.matchAll(/npm run ([\w-]+)/g)) expect(Object.keys(scripts)).toContain(name)
  })
})
