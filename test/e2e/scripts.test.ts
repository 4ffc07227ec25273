import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { kscn } from './kscn.ts'

const base = mkdtempSync(join(tmpdir(), 'kscn-scripts-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let folder = base
let number = 0
beforeEach(() => {
  number += 1
  folder = join(base, `${number}`)
  mkdirSync(folder)
  // The folder is a project of its own.
  writeFileSync(join(folder, 'package.json'), '{}')
})
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const run = (...args: readonly string[]) => kscn(args, { cwd: folder })

const cluster = 'cluster { pool workers 2 { cpu 2, memory 4Gi } }'
const scenario = (body: string, head = ''): string =>
  `${head}scenario "with a module" {\n  ${cluster}\n${body
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')}}\n`

describe('TypeScript imports', () => {
  const marker = 'executed'
  /** Whoever executes it leaves a file behind. */
  const telltale = (typed: boolean): string =>
    `import { writeFileSync } from 'node:fs'
writeFileSync('${marker}', '')
export const ready = (nodes${typed ? ': readonly { readonly metadata: { readonly name: string } }[]' : ''}) => nodes.length === 2
`
  const executed = (): boolean => existsSync(join(folder, marker))

  it.each(['checks.ts', 'checks.mjs'])('%s is executed by a run, and by nothing else', (module) => {
    put(module, telltale(module.endsWith('.ts')))
    put('a.kscn', scenario('expect my.ready(nodes)', `import "./${module}" as my\n\n`))
    for (const command of [
      ['check', 'a.kscn'],
      ['check', '--fix', 'a.kscn'],
      ['check', '--json', 'a.kscn'],
      ['fmt', '--check', 'a.kscn'],
      ['fmt', 'a.kscn'],
      ['list', 'a.kscn'],
      ['plan', 'a.kscn'],
      ['plan', '--json', 'a.kscn'],
      ['explain', 'a.kscn:5'],
    ]) {
      expect([command, run(...command).code, executed()]).toEqual([command, 0, false])
    }
    const { code, out } = run('run', 'a.kscn')
    expect([code, executed()]).toEqual([0, true])
    expect(out).toContain('1 passed')
  })

  it('what a function says decides, and a throw names it', () => {
    put(
      'checks.ts',
      `interface Node { readonly metadata: { readonly name: string } }
export const few = (nodes: readonly Node[], most: number): boolean => nodes.length <= most
export const broken = (): boolean => { throw new Error('no idea') }
`,
    )
    const head = 'import "./checks.ts" as my\n\n'
    put('held.kscn', scenario('expect my.few(nodes, 2)\nexpect my.few(nodes, 2) for 5s', head))
    put('failed.kscn', scenario('expect my.few(nodes, 1)', head))
    put('broken.kscn', scenario('expect my.broken()', head))
    put('missing.kscn', scenario('expect my.nothing(nodes)', head))
    expect(run('run', 'held.kscn').code).toBe(0)
    expect(run('run', 'failed.kscn')).toMatchObject({ code: 1 })
    const broken = run('run', 'broken.kscn')
    expect([broken.code, broken.out.includes('no idea')]).toEqual([2, true])
    const missing = run('run', 'missing.kscn')
    expect(missing.code).toBe(2)
    expect(`${missing.out}${missing.err}`).toContain('nothing')
  })

  it('a module that cannot be loaded is the user’s mistake', () => {
    put('checks.mjs', 'export const ready = (\n')
    put('a.kscn', scenario('expect my.ready(nodes)', 'import "./checks.mjs" as my\n\n'))
    expect(run('check', 'a.kscn').code).toBe(0)
    const { code, err } = run('run', 'a.kscn')
    expect(code).toBe(2)
    expect(err).toContain('checks.mjs cannot be loaded')
  })

  it('one from outside of the project is not read unless that is allowed', () => {
    writeFileSync(join(base, 'outside.mjs'), 'export const fine = () => true\n')
    put('a.kscn', scenario('expect my.fine()', 'import "../outside.mjs" as my\n\n'))
    const { code, err } = run('check', 'a.kscn')
    expect([code, err.includes('K138')]).toEqual([2, true])
    expect(run('run', '--allow-outside', 'a.kscn').code).toBe(0)
  })
})

describe('snapshots', () => {
  const shots = (): readonly string[] =>
    existsSync(join(folder, '__snapshots__', 'a')) ? readdirSync(join(folder, '__snapshots__', 'a')).sort() : []
  const taking = (data: string, ...names: readonly string[]): string =>
    scenario(
      [
        'create ```yaml',
        '  apiVersion: v1',
        '  kind: ConfigMap',
        '  metadata: { name: settings }',
        `  data: { color: ${data} }`,
        '```',
        ...names.map((name) => `snapshot "${name}" of configmap/settings`),
      ].join('\n'),
    )

  it('are written once, compared, and rewritten with -u', () => {
    put('a.kscn', taking('green', 'settings'))
    expect(run('run', 'a.kscn').code).toBe(0)
    expect(shots()).toEqual(['settings.yaml'])
    const text = readFileSync(join(folder, '__snapshots__/a/settings.yaml'), 'utf8')
    expect(text).toContain('color: green')
    expect(text).not.toMatch(/uid|resourceVersion/)
    expect(run('run', 'a.kscn').code).toBe(0)
    put('a.kscn', taking('blue', 'settings'))
    const changed = run('run', 'a.kscn')
    expect(changed.code).toBe(1)
    expect(changed.out).toMatch(/green[\s\S]*blue|blue[\s\S]*green/)
    expect(readFileSync(join(folder, '__snapshots__/a/settings.yaml'), 'utf8')).toBe(text)
    expect(run('run', '-u', 'a.kscn').code).toBe(0)
    expect(readFileSync(join(folder, '__snapshots__/a/settings.yaml'), 'utf8')).toContain('color: blue')
    expect(run('run', 'a.kscn').code).toBe(0)
  })

  it('in CI a missing one fails, and nothing is written', () => {
    put('a.kscn', taking('green', 'settings'))
    const { code, out } = run('run', '--ci', 'a.kscn')
    expect([code, shots()]).toEqual([1, []])
    expect(out).toContain('settings')
  })

  it('one that nothing takes any more is told of, and removed with -u', () => {
    put('a.kscn', taking('green', 'first', 'second'))
    expect(run('run', 'a.kscn').code).toBe(0)
    expect(shots()).toEqual(['first.yaml', 'second.yaml'])
    put('a.kscn', taking('green', 'first'))
    const told = run('run', 'a.kscn')
    expect(`${told.out}${told.err}`).toContain('second')
    expect(shots()).toEqual(['first.yaml', 'second.yaml'])
    expect(run('run', '-u', 'a.kscn').code).toBe(0)
    expect(shots()).toEqual(['first.yaml'])
  })

  it('two of one name in a file are one too many, and found before anything runs', () => {
    put('a.kscn', taking('green', 'same', 'same'))
    const { code, err } = run('run', 'a.kscn')
    expect([code, err.includes('K112'), shots()]).toEqual([2, true, []])
  })

  it('a table takes its own once a row', () => {
    put('a.kscn', taking('${color}', 'settings').replace('cluster {', 'matrix color in ["green", "blue"]\n  cluster {'))
    expect(run('run', 'a.kscn').code).toBe(0)
    expect(shots()).toHaveLength(2)
    expect(run('run', 'a.kscn').code).toBe(0)
  })
})
