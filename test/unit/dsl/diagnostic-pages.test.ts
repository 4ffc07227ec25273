import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import carried from '../../../cli/diagnostic-pages.generated.json' with { type: 'json' }
import { compileText } from './support/compile-text.ts'

const folder = 'docs/diagnostics'
const pages = readdirSync(folder)
  .filter((one) => one.endsWith('.md'))
  .sort()
const codeOf = (page: string): string => page.replace('.md', '')
const example = (page: string, heading: string): string | undefined =>
  new RegExp(`## ${heading}\n\n\`{4}kscn\n([\\s\\S]*?)\`{4}\n`).exec(readFileSync(join(folder, page), 'utf8'))?.[1]

const files = {
  'widgets.ts': 'export const controller = {}\n',
  'two.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n',
}

const sourcesBelow = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(path, entry.name)
    return entry.isDirectory() ? sourcesBelow(below) : entry.name.endsWith('.ts') ? [readFileSync(below, 'utf8')] : []
  })

describe('pages of the diagnostics', () => {
  test('the command line carries them as they are (tools/generate-diagnostic-pages.mjs)', () => {
    expect(carried).toEqual(
      Object.fromEntries(pages.map((page) => [codeOf(page), readFileSync(join(folder, page), 'utf8')])),
    )
  })

  test('there is one for each code, and no other', () => {
    const used = new Set(sourcesBelow('dsl').flatMap((text) => [...text.matchAll(/'(K\d{3})'/g)].map((one) => one[1])))
    expect(pages.map(codeOf)).toEqual([...used].sort())
    expect(pages.length).toBeGreaterThan(40)
  })

  test.each(pages)('%s: the wrong example has this mistake and no other, the right one none', (page) => {
    const wrong = example(page, 'Wrong')
    const right = example(page, 'Right')
    expect(right, 'a right example').toBeDefined()
    expect(wrong, 'a wrong example').toBeDefined()
    const codes = new Set(compileText(wrong ?? '', files).diagnostics.map((one) => one.code))
    expect([...codes]).toEqual([codeOf(page)])
    expect(compileText(right ?? '', files).diagnostics).toEqual([])
  })
})
