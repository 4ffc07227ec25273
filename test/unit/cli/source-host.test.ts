import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createSourceHost } from '../../../cli/source-host.ts'
import { projectFolder } from '../../../cli/project-folder.ts'
import { compile } from '../../../dsl/compile.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kscn-project-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n'
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
put('secret.yaml', manifest)
put('lib.kscn', '')
put('project/package.json', '{}')
put('project/manifests/a.yaml', manifest)
put('project/manifests/b.yaml', manifest)
put('project/deep/er/web.kscn', '')
put('project/nested/package.json', '{}')
put('loose/web.kscn', '')
put('loose/lib/base.kscn', '')
symlinkSync(join(folder, 'secret.yaml'), join(folder, 'project/link.yaml'))
symlinkSync(folder, join(folder, 'project/up'))
symlinkSync(join(folder, 'project/manifests'), join(folder, 'project/inside'))

const scenario = join(folder, 'project/deep/er/web.kscn')
const outside = (path: string, from = scenario, allow = false): boolean => {
  const answer = createSourceHost(allow).read(path, from)
  return 'error' in answer && answer.outside === true
}

describe('what a scenario may read', () => {
  test.each([
    ['../../manifests/a.yaml', false],
    ['../../inside/a.yaml', false],
    ['nowhere.yaml', false],
    ['../../../secret.yaml', true],
    ['../../../project/../secret.yaml', true],
    ['../../link.yaml', true],
    ['../../up/secret.yaml', true],
    ['../../up/not-there.yaml', true],
    ['../../up/project/manifests/a.yaml', false],
    ['/etc/passwd', true],
    [join(folder, 'project/manifests/a.yaml'), false],
    ['../../../project-two/x.yaml', true],
  ])('%s', (path, expected) => {
    expect(outside(path)).toBe(expected)
    expect(outside(path, scenario, true)).toBe(false)
  })

  test('what is named on the command line is always read', () => {
    expect(outside('/etc/hostname', '')).toBe(false)
    expect(outside(join(folder, 'secret.yaml'), '')).toBe(false)
  })

  test('a project ends at the nearest mark; without one it is the scenario’s folder, also for what it imports', () => {
    expect(projectFolder(scenario)).toBe(join(folder, 'project'))
    expect(projectFolder(join(folder, 'project/nested/x.kscn'))).toBe(join(folder, 'project/nested'))
    const host = createSourceHost(false)
    const web = join(folder, 'loose/web.kscn')
    expect(host.read(web, '')).toMatchObject({ text: '' })
    const base = host.read('lib/base.kscn', web)
    expect(base).toMatchObject({ text: '' })
    expect(host.read('../web.kscn', join(folder, 'loose/lib/base.kscn'))).toMatchObject({ text: '' })
    expect(host.read('../../lib.kscn', join(folder, 'loose/lib/base.kscn'))).toMatchObject({ outside: true })
  })

  test('a glob finds files as the scenario names them, and shows nothing outside', () => {
    const host = createSourceHost(false)
    expect(host.glob('../../manifests/*.yaml', scenario)).toEqual(['../../manifests/a.yaml', '../../manifests/b.yaml'])
    expect(host.glob('../../../*.yaml', scenario)).toEqual(['../../../*.yaml'])
    expect(host.read('../../../*.yaml', scenario)).toMatchObject({ outside: true })
    expect(host.glob('../../up/**/*.yaml', scenario)).toEqual(['../../up/**/*.yaml'])
    expect(host.glob('../../**/secret.yaml', scenario)).toEqual([])
    expect(createSourceHost(true).glob('../../../*.yaml', scenario)).toEqual(['../../../secret.yaml'])
  })

  test('`-` in a scenario is a file of that name, not standard input', () => {
    expect(createSourceHost(false).read('-', scenario)).toEqual({ error: 'there is no such file' })
  })

  test('K138 at the path, in `apply` and in `import`', () => {
    put(
      'project/wrong.kscn',
      'import "../lib.kscn" as lib\nscenario "s" {\n  cluster { pool workers 1 { cpu 1 } }\n  apply "../*.yaml"\n  apply "manifests/*.yaml"\n}\n',
    )
    const path = join(folder, 'project/wrong.kscn')
    const codes = (allow: boolean): readonly string[] =>
      compile([path], createSourceHost(allow))
        .diagnostics.filter((one) => one.severity === 'error')
        .map((one) => one.code)
    expect(codes(false)).toEqual(['K138', 'K138'])
    expect(codes(true)).toEqual([])
  })
})
