import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compile } from '../../dsl/compile.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import { runScenario } from '../../runtime/runner/run-scenario.ts'
import { memoryHost } from '../unit/dsl/support/memory-host.ts'

const page = readFileSync('docs/network.md', 'utf8')
const blocks = [...page.matchAll(/^~~~kscn run\n([\s\S]*?)^~~~$/gm)].map((match) => match[1]!)

describe('the blocks of docs/network.md', () => {
  test('are whole files', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(3)
    expect(page.match(/^~~~kscn/gm)?.length).toBe(blocks.length)
  })

  test.each(blocks)('%#', (text) => {
    const { plan, diagnostics } = compile(['page.kscn'], memoryHost({ 'page.kscn': text }))
    expect(diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([])
    for (const scenario of plan!.scenarios) {
      const record = runScenario(scenario, { seed: '0', createCluster })
      expect([record.verdict, record.findings.map((one) => one.message)]).toEqual(['PASS', []])
    }
  })
})
