import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { checkLayers } from '../../tools/layers.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A tree of the given files, checked. */
const check = (files: Readonly<Record<string, string>>): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return checkLayers(folder).violations
}

describe('layers', () => {
  it('finds no violation in the tree, and has read all of it', () => {
    const report = checkLayers(root)
    expect(report.violations).toEqual([])
    expect(report.modules).toBeGreaterThan(300)
  })

  const planted: readonly (readonly [what: string, path: string, text: string, violation: string])[] = [
    [
      'dsl knows a cluster',
      'dsl/checks/a.ts',
      `import { x } from '../../runtime/cluster/b.ts'`,
      'dsl/checks may not import runtime/cluster',
    ],
    [
      '… even as a type',
      'dsl/checks/a.ts',
      `import type { X } from '../../runtime/cluster/b.ts'`,
      'dsl/checks may not import runtime/cluster',
    ],
    [
      '… even as an inline type',
      'dsl/checks/a.ts',
      `export type Y = import('../../runtime/cluster/b.ts').X`,
      'dsl/checks may not import runtime/cluster',
    ],
    [
      '… even by an export',
      'dsl/checks/a.ts',
      `export { x } from '../../runtime/cluster/b.ts'`,
      'dsl/checks may not import runtime/cluster',
    ],
    [
      '… even lazily',
      'dsl/checks/a.ts',
      `export const x = () => import('../../runtime/cluster/b.ts')`,
      'dsl/checks may not import runtime/cluster',
    ],
    [
      'runtime parses text',
      'runtime/runner/a.ts',
      `import { parse } from '../../dsl/syntax/b.ts'`,
      'runtime/runner may not import dsl/syntax',
    ],
    [
      'a reporter sees live objects',
      'reporters/a.ts',
      `import { createCluster } from '../runtime/cluster/b.ts'`,
      'reporters may not import runtime/cluster',
    ],
    [
      'the scheduler reaches the API server',
      'runtime/scheduler/a.ts',
      `import { x } from '../apiserver/b.ts'`,
      'runtime/scheduler may not import runtime/apiserver',
    ],
    [
      'a controller reaches etcd',
      'runtime/controllers/x/a.ts',
      `import { x } from '../../etcd/b.ts'`,
      'runtime/controllers may not import runtime/etcd',
    ],
    [
      'two controllers meet',
      'runtime/controllers/x/a.ts',
      `import { y } from '../y/b.ts'`,
      "controllers' folders never meet",
    ],
    [
      'a value where only a type may be',
      'runtime/faults/a.ts',
      `import { createCluster } from '../cluster/b.ts'`,
      'only as `import type`',
    ],
    [
      'the kernel imports anything',
      'runtime/kernel/a.ts',
      `import { x } from '../../api/b.ts'`,
      'runtime/kernel may not import api',
    ],
    [
      'api imports runtime',
      'api/a.ts',
      `import { x } from '../runtime/kernel/b.ts'`,
      'api may not import runtime/kernel',
    ],
    [
      'a Node built-in below integrations',
      'runtime/runner/a.ts',
      `import { readFileSync } from 'node:fs'`,
      "Node's own modules",
    ],
    ['… without its prefix', 'api/a.ts', `import fs from 'fs'`, "Node's own modules"],
    ['fast-check outside the explorer', 'runtime/runner/a.ts', `import fc from 'fast-check'`, 'only runtime/explore'],
    ['commander outside the command line', 'reporters/a.ts', `import { Command } from 'commander'`, 'only cli'],
    ['a test in the product', 'api/a.ts', `import { x } from '../test/support/b.ts'`, 'which is not shipped'],
    ['a file in no room', 'runtime/stray/a.ts', `export const x = 1`, 'stands in no room'],
  ]
  it.each(planted)('reports it when %s', (_, path, text, violation) => {
    expect(check({ [path]: text }).join('\n')).toContain(violation)
  })

  it('reports an import cycle of values, and lets types go round', () => {
    const value = check({
      'api/a.ts': `import { b } from './b.ts'\nexport const a = b`,
      'api/b.ts': `import { a } from './a.ts'\nexport const b = a`,
    })
    expect(value.join()).toContain('import cycle: api/a.ts → api/b.ts → api/a.ts')
    expect(
      check({
        'api/a.ts': `import type { B } from './b.ts'\nexport type A = B`,
        'api/b.ts': `import type { A } from './a.ts'\nexport type B = A`,
      }),
    ).toEqual([])
  })

  it('says nothing of what is allowed', () => {
    expect(
      check({
        'runtime/runner/a.ts': `import type { Plan } from '../../dsl/plan/plan.ts'\nimport { x } from '../cluster/b.ts'\nexport const y: Plan = x`,
        'cli/a.ts': `import { readFileSync } from 'node:fs'\nimport { Command } from 'commander'\nexport const z = [readFileSync, Command]`,
      }),
    ).toEqual([])
  })
})
