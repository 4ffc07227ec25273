import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSourceHost } from '../../cli/source-host.ts'
import { compile, type Compilation } from '../../dsl/compile.ts'
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts'
import { textWidth } from '../../dsl/diagnostics/text-width.ts'
import { positionAt } from '../../dsl/source/line-map.ts'
import { kscn } from './kscn.ts'

/**
 * Wrong files, one mistake each, named after its code, and what `check` says to them at 80 columns: errors/expected/NAME.txt.
 * Whoever builds a construct that was refused deletes its file here with its page in docs/diagnostics.
 */
const folder = 'test/e2e/errors'
const names = readdirSync(folder)
  .filter((one) => one.endsWith('.kscn'))
  .sort()

const compiled = (name: string, text?: string): Compilation => {
  const disk = createSourceHost(false)
  const path = join(folder, name)
  return compile([path], {
    read: (asked, from) => (asked === path && text !== undefined ? { path, text } : disk.read(asked, from)),
    glob: (pattern, from) => disk.glob(pattern, from),
  })
}
const all = new Map(names.map((name) => [name, compiled(name)]))
const shown = (path: string): string => path.replace(`${folder}/`, '')

describe('wrong files', () => {
  test('there are enough', () => {
    expect(names.length).toBeGreaterThanOrEqual(150)
  })

  test.each(names)('%s', async (name) => {
    const { diagnostics, sources } = all.get(name)!
    const text = renderDiagnostics(diagnostics, sources, { color: false, width: 80, shown })
    await expect(text).toMatchFileSnapshot(`errors/expected/${name.replace('.kscn', '.txt')}`)
    if (name.startsWith('many')) expect(diagnostics.length).toBeGreaterThan(1)
    else expect([...new Set(diagnostics.map((one) => one.code))]).toEqual([name.slice(0, 4).toUpperCase()])
  })

  test('one mistake gives one diagnostic', () => {
    const several = names.filter((name) => !name.startsWith('many') && all.get(name)!.diagnostics.length !== 1)
    expect(several).toEqual([])
  })

  test('every code is among them', () => {
    const found = new Set([...all.values()].flatMap(({ diagnostics }) => diagnostics.map((one) => one.code)))
    const pages = readdirSync('docs/diagnostics').flatMap((one) => /^(K\d+)\.md$/.exec(one)?.[1] ?? [])
    // What is refused as not built yet has its example in its page, and goes with it.
    expect(pages.filter((code) => !found.has(code) && !code.startsWith('K4'))).toEqual([])
  })

  test('what is offered as a fix takes the mistake away', () => {
    let fixes = 0
    for (const [name, { diagnostics, sources }] of all)
      for (const { fix, code, message, span } of diagnostics) {
        if (fix === undefined) continue
        fixes += 1
        expect(shown(fix.span.file), name).toBe(name)
        const text = sources.get(fix.span.file)!.text
        const after = compiled(name, text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end))
        const again = after.diagnostics.filter((one) => one.code === code && one.message === message)
        expect(again.length, `${name}: ${message}`).toBe(
          diagnostics.filter((one) => one.code === code && one.message === message).length - 1,
        )
        const errors = (one: Compilation): number =>
          one.diagnostics.filter(({ severity }) => severity === 'error').length
        expect(errors(after), `${name}: ${message}`).toBeLessThanOrEqual(errors(all.get(name)!))
        expect(span.file).toBe(fix.span.file)
      }
    expect(fixes).toBeGreaterThan(50)
  })

  test('places lie in the sources, and messages speak the language’s words', () => {
    for (const [name, { diagnostics, sources }] of all)
      for (const one of diagnostics) {
        const length = sources.get(one.span.file)?.text.length ?? 0
        expect(one.span.start).toBeLessThanOrEqual(one.span.end)
        expect(one.span.end, name).toBeLessThanOrEqual(length)
        const words = `${one.message} ${one.help ?? ''}`
        // Names of grammar rules and of our own data structures.
        expect(words, name).not.toMatch(
          /\b(?:BadLine|EOS|EOF|Stmt|Decl|Ident|QName|NamePart|TokEnd|SArg|PArg|StepClause|WSN|undefined|null|NaN|\[object)\b/,
        )
        expect(one.message.trim()).not.toBe('')
      }
  })

  test('advice fits 80 columns', () => {
    for (const { diagnostics, sources } of all.values())
      for (const line of renderDiagnostics(diagnostics, sources, { color: false, width: 80, shown }).split('\n'))
        if (!/^(?:error|warning)\[/.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(80)
  })

  test('six mistakes in one file are six diagnostics, each at its column', () => {
    const { diagnostics, sources } = all.get('many-six-mistakes.kscn')!
    const places = diagnostics.map((one) => {
      const { line, column } = positionAt(sources.get(one.span.file)!.text, one.span.start)
      return `${one.code} ${line}:${column}`
    })
    expect(places).toEqual(['K103 2:37', 'K001 3:3', 'K012 4:10', 'K118 5:28', 'K104 6:16', 'K105 8:27'])
  })

  test('the command line says them all at once, and exits with 2', () => {
    const { code, out, err } = kscn(['check', folder])
    expect([code, out]).toEqual([2, ''])
    const count = [...all.values()].flatMap(({ diagnostics }) => diagnostics)
    const errors = count.filter((one) => one.severity === 'error').length
    expect(err.match(/^error\[/gm)?.length).toBeGreaterThanOrEqual(errors)
    // A cycle is reported where it closes, in the other file.
    for (const name of names) if (!name.includes('cycle')) expect(err).toContain(`${folder}/${name}:`)
    const read = readFileSync(join(folder, 'expected/many-six-mistakes.txt'), 'utf8')
    expect(kscn(['check', join(folder, 'many-six-mistakes.kscn')]).err.replaceAll(`${folder}/`, '')).toContain(read)
  })
})
