import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: a tool without declarations
import { buildTypes } from '../../tools/build-types.mjs'
import { root, type Outcome } from './kscn.ts'

// A user's project, as examples/vitest-project has it: the packed package is installed, nothing is fetched.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kscn-project-')))
const project = join(folder, 'project')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome => {
  const child = spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, NO_COLOR: '1', npm_config_offline: 'true', ...env },
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}
const npm = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome => run('npm', args, env)

beforeAll(() => {
  cpSync(join(root, 'examples/vitest-project'), project, {
    recursive: true,
    filter: (path) => !path.includes('node_modules') && !path.endsWith('junit.xml'),
  })
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  // What `npm pack` packs, and nothing else of the repository.
  const installed = join(modules, 'kscn')
  const packed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly files: readonly string[] }
  mkdirSync(installed)
  cpSync(join(root, 'package.json'), join(installed, 'package.json'))
  for (const path of packed.files) cpSync(join(root, path), join(installed, path), { recursive: true })
  if (!existsSync(join(installed, 'dist/types')))
    (buildTypes as (outdir: string) => void)(join(installed, 'dist/types'))
  for (const name of ['vitest', 'fast-check', 'typescript', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  for (const name of ['vitest', 'tsc']) symlinkSync(join(root, 'node_modules/.bin', name), join(modules, '.bin', name))
}, 120_000)

const cases = (xml: string): readonly string[] =>
  [...xml.matchAll(/<testcase [^>]*name="([^"]*)"/g)].map((one) => one[1]!)

describe('a project of a user, with vitest', () => {
  test('npm test runs scenarios and properties, and in CI writes JUnit', () => {
    const { code, out, err } = npm(['test'], { CI: '1' })
    expect(`${out}${err}`).toMatch(/Tests +4 passed/)
    expect(code).toBe(0)
    const xml = readFileSync(join(project, 'junit.xml'), 'utf8')
    expect(cases(xml)).toEqual(
      expect.arrayContaining([
        'web rolls out',
        'web survives crashes of the control plane',
        'whatever has room runs, also when the control plane crashes meanwhile',
        'a node that is too small is told',
      ]),
    )
    expect(xml).toMatch(/<testsuites [^>]*tests="4" failures="0" errors="0"/)
  }, 300_000)

  test('a scenario that breaks fails its test, at the place of its sentence', () => {
    writeFileSync(
      join(project, 'tests/broken.kscn'),
      '# Too much is asked.\nscenario "five are ready" {\n  cluster { pool workers 1 { cpu 4, memory 8Gi } }\n  apply "../manifests/web.yaml"\n  expect 5 pods[app=web] are Ready within 1m\n}\n',
    )
    const { code, out, err } = npm(['test', '--', 'tests/broken.kscn'])
    rmSync(join(project, 'tests/broken.kscn'))
    expect(code).toBe(1)
    expect(`${out}${err}`).toContain('five are ready')
    expect(`${out}${err}`).toContain('expected exactly 5 Ready, was 2 of 2')
    expect(`${out}${err}`).toMatch(/tests\/broken\.kscn:5:3/)
  }, 300_000)

  test('its types fit', () => {
    const { code, out } = npm(['run', 'typecheck'])
    expect(out).not.toContain('error TS')
    expect(code).toBe(0)
  }, 300_000)

  test('a matcher that is no matcher is an error', () => {
    const path = join(project, 'tests/capacity.test.ts')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('.toHold()', '.toHolt()'))
    const { code, out } = npm(['run', 'typecheck'])
    writeFileSync(path, text)
    expect(out).toContain("Property 'toHolt' does not exist")
    expect(code).not.toBe(0)
  }, 300_000)
})
