import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '')
const sources = files.filter(
  (path) => /^(api|dsl|runtime|reporters|integrations|cli)\/.*\.ts$/.test(path) && !path.includes('.generated.'),
)
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Lines that break a rule, as `file:line`. */
const breaches = (paths: readonly string[], rule: RegExp): string[] =>
  paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (rule.test(line) ? [`${path}:${index + 1}`] : [])),
  )

describe('the tree', () => {
  it('has been read', () => {
    expect(sources.length).toBeGreaterThan(400)
  })

  it('has no file of more than 400 lines but data and grammar', () => {
    const long = sources
      .map((path) => [path, textOf(path).split('\n').length] as const)
      .filter(([, lines]) => lines > 401)
    expect(long).toEqual([])
  })

  it('has kebab-case names, and none that says nothing', () => {
    const names = sources.map((path) => path.split('/').at(-1)!)
    expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.ts$/.test(name))).toEqual([])
    expect(sources.filter((path) => /(?:^|\/)(?:utils?|helpers?|common|misc|index)\.ts$/.test(path))).toEqual([])
  })

  it('has no unfinished marks', () => {
    expect(breaches(sources, /\b(?:TODO|FIXME|XXX|HACK)\b|not implemented/i)).toEqual([])
  })

  it('has no inheritance', () => {
    expect(breaches(sources, /\bclass \w+ extends (?!Error\b)/)).toEqual([])
  })

  it('names no machine and no registry', () => {
    const texts = files.filter((path) => !/\.(?:gz|png)$/.test(path) && !path.startsWith('test/conformance/sample/'))
    const words = ['work', 'root', 'home'].map((name) => `(?<![\\w.])/${name}/`).join('|')
    expect(
      breaches(
        texts.filter((path) => !path.startsWith('test/tidy/tree')),
        new RegExp(`${words}|registry\\.npm`),
      ),
    ).toEqual([])
  })

  it('pins every dependency exactly, and keeps download addresses out of the lock file', () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(version, name).toMatch(/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/)
    expect(textOf('package-lock.json')).not.toContain('"resolved"')
  })

  it('describes every dependency in docs/decisions', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> }
    const page = textOf('docs/decisions/0001-dependencies.md')
    for (const name of Object.keys(dependencies)) expect(page).toContain(name)
  })

  it('starts each scenario of the corpus with its sentence in the catalogue', () => {
    const scenarios = files.filter((path) => path.startsWith('scenarios/') && path.endsWith('.kscn'))
    for (const path of scenarios) expect(textOf(path).split('\n')[0], path).toMatch(/^# [A-Z].*[.:;,]?$/)
  })
})
