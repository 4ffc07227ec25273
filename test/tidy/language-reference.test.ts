import { readFileSync } from 'node:fs'
import { join, resolve, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compile, type Compilation } from '../../dsl/compile.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import { explore } from '../../runtime/explore/explore.ts'
import { runScenario } from '../../runtime/runner/run-scenario.ts'
import { memoryHost } from '../unit/dsl/support/memory-host.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const page = readFileSync(join(root, 'docs/language.md'), 'utf8')

interface Block {
  readonly title: string
  readonly words: readonly string[]
  readonly text: string
}
const blocks: readonly Block[] = [...page.matchAll(/^~~~kscn ([^\n]*)\n([\s\S]*?)^~~~$/gm)].map((match) => ({
  title: `${match[1]!} in line ${page.slice(0, match.index).split('\n').length}`,
  words: match[1]!.split(' '),
  text: match[2]!,
}))

/** What the page promises around a block of statements. */
const around = (statements: string): string => `behavior image "web:*" { pull 1s, start 1s, ready after 1s, stop 1s }

scenario "block" {
  cluster { pool workers 3 { cpu 4, memory 8Gi, zones [a, b, c] } }
  create \`\`\`yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 3
      selector: { matchLabels: { app: web } }
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }
      template:
        metadata: { labels: { app: web } }
        spec:
          containers: [{ name: app, image: "web:v1", readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } }]
  \`\`\`
  expect deployment/web is RolledOut within 1m
${statements}
}
`
const compiled = ({ words, text }: Block): Compilation =>
  compile(['page.kscn'], memoryHost({ 'page.kscn': words.includes('statements') ? around(text) : text }))

const errorsOf = ({ diagnostics }: Compilation): readonly string[] =>
  diagnostics.filter((one) => one.severity === 'error').map((one) => `${one.code} ${one.message}`)

describe('the blocks of docs/language.md', () => {
  test('say what they are', () => {
    expect(blocks.length).toBeGreaterThan(20)
    for (const { title, words } of blocks) expect(['run', 'check', 'statements', 'error'], title).toContain(words[0])
    // None is left out for the way it is fenced.
    expect(page.match(/^~~~kscn/gm)?.length).toBe(blocks.length)
    expect(page.includes('\n```kscn')).toBe(false)
  })

  const wrong = blocks.filter(({ words }) => words[0] === 'error')
  test.each(wrong.map((block) => [block.title, block] as const))('%s', (_, block) => {
    expect(compiled(block).diagnostics.map((one) => one.code)).toEqual(block.words.slice(1))
  })

  const right = blocks.filter(({ words }) => words[0] !== 'error')
  test.each(right.map((block) => [block.title, block] as const))('%s', (_, block) => {
    const compilation = compiled(block)
    // What this version refuses as not built is no mistake of the page, unless it claims that the block runs.
    const runs = block.words.includes('run')
    expect(errorsOf(compilation).filter((one) => runs || !/^K41\d .* is not built yet$/.test(one))).toEqual([])
    if (!runs) return
    expect(compilation.plan!.scenarios.length).toBeGreaterThan(0)
    for (const scenario of compilation.plan!.scenarios) {
      const options = { seed: '0', createCluster }
      const record =
        scenario.property === undefined
          ? runScenario(scenario, options)
          : explore(scenario, { ...options, runs: 3, version: '', line: 1 })
      expect([record.verdict, record.findings.map((one) => one.message)]).toEqual(['PASS', []])
    }
  })
})
