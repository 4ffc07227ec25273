import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fixScenarios } from '../../../cli/fix-scenarios.ts'
import { createSourceHost } from '../../../cli/source-host.ts'
import { compile } from '../../../dsl/compile.ts'
import { applyFixes } from '../../../dsl/diagnostics/apply-fixes.ts'
import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-fix-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const put = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const wrong = `scenario "a" {
  cluster { pool workers 1 { cpu 2, memroy 4Gi } }
  exepct pods -l app=web are Ready within 30s
  expect deploymnt/web is RoledOut within 1m
  expect pods[app=web] is Ready within 0s
}
`
const right = `scenario "a" {
  cluster { pool workers 1 { cpu 2, memory 4Gi } }
  expect pods[app=web] are Ready within 30s
  expect deployment/web is RolledOut within 1m
  expect pods[app=web] are Ready
}
`

describe('check --fix', () => {
  test('mends what can be mended, also what a fix uncovers', () => {
    const path = put('a.kscn', wrong)
    const fixed = fixScenarios([path], createSourceHost(true))
    expect(readFileSync(path, 'utf8')).toBe(right)
    expect([...new Set(fixed.map((one) => one.diagnostic.code))].sort()).toEqual([
      'K001',
      'K012',
      'K101',
      'K103',
      'K118',
      'K119',
      'K203',
    ])
    expect(compile([path], createSourceHost(true)).diagnostics).toEqual([])
    expect(fixScenarios([path], createSourceHost(true))).toEqual([])
  })

  test('leaves no other file behind, keeps links, and does not touch what is imported', () => {
    const library = 'steps up() { exepct pod/web is Ready }\n'
    put('lib.kscn', library)
    const path = put('b.kscn', `import "lib.kscn" as lib\n${wrong}`)
    symlinkSync(path, join(folder, 'link.kscn'))
    const before = readdirSync(folder)
    fixScenarios([join(folder, 'link.kscn')], createSourceHost(true))
    expect(readdirSync(folder)).toEqual(before)
    expect(lstatSync(join(folder, 'link.kscn')).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toContain('memory 4Gi')
    expect(readFileSync(join(folder, 'lib.kscn'), 'utf8')).toBe(library)
  })
})

describe('applyFixes', () => {
  const at = (start: number, end: number, text: string): Diagnostic => ({
    code: 'K001', severity: 'error', span: { file: 'f', start, end }, message: '', labels: [], notes: [], help: undefined, fix: { span: { file: 'f', start, end }, text },
  }) // prettier-ignore
  test('in the order of the text, the earlier of two that overlap', () => {
    const { text, applied } = applyFixes('abcdef', [
      at(4, 5, 'E'),
      at(0, 2, 'X'),
      at(1, 3, 'Y'),
      at(5, 5, '!'),
      at(3, 4, 'd'),
    ])
    expect(text).toBe('XcdE!f')
    expect(applied.map((one) => one.span.start)).toEqual([0, 4, 5])
  })
})
