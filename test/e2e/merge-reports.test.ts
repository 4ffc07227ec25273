import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kscn } from './kscn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-merge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const read = (name: string): string => readFileSync(at(name), 'utf8')
const good = 'scenarios/examples/first-pod.kscn'
const bad = 'test/e2e/fixtures/failing.kscn'
const formats = ['pretty', 'json', 'junit', 'tap', 'github', 'markdown', 'html', 'blob']
const toFiles = (prefix: string): string[] => formats.flatMap((name) => ['--reporter', `${name}:${at(prefix + name)}`])

describe('kscn merge-reports', () => {
  let code: number | null
  beforeAll(() => {
    code = kscn(['run', good, bad, '--deterministic', ...toFiles('whole-'), '--reporter', 'dot']).code
    kscn(['run', good, '--deterministic', '--reporter', `blob:${at('a.blob')}`])
    kscn(['run', bad, '--deterministic', '--reporter', `blob:${at('b.blob')}`])
  }, 120_000)

  it('makes of two blobs what one run of both would have said, in every format, and exits alike', () => {
    const merged = kscn(['merge-reports', at('a.blob'), at('b.blob'), '--deterministic', ...toFiles('merged-')])
    expect(merged).toEqual({ code, out: '', err: '' })
    expect(code).toBe(1)
    for (const name of ['pretty', 'junit', 'tap', 'github', 'markdown'])
      expect(read(`merged-${name}`) === read(`whole-${name}`), name).toBe(true)
    // Keys of objects that went through a blob may stand in another order, and so may the changes of a history.
    const told = (name: string): unknown =>
      JSON.parse(read(name), (key, value: unknown) => (key === 'history' ? undefined : value))
    expect(told('merged-json')).toEqual(told('whole-json'))
    const again = kscn([
      'merge-reports',
      at('merged-blob'),
      '--deterministic',
      '--reporter',
      `html:${at('again-html')}`,
    ])
    expect(again.code).toBe(1)
    expect(read('again-html').length).toBe(read('merged-html').length)
  })

  it('exits with 0 where all held', () => {
    const { code, out } = kscn(['merge-reports', at('a.blob')])
    expect([code, out.includes('1 passed')]).toEqual([0, true])
  })

  it.each<[string, string, string]>([
    ['no blob', '{"a":1}\n', 'is no blob report: write one with --reporter blob:FILE'],
    ['no JSON', 'x', 'is no blob report'],
    [
      'another version',
      '{"format":"kscn-blob","schemaVersion":9,"kscn":"7.0.0"}\n',
      'was written by kscn 7.0.0 in version 9',
    ],
    [
      'cut short',
      '{"format":"kscn-blob","schemaVersion":1,"records":1,"sources":{}}\n',
      'is cut short: it announces 1 records and holds 0',
    ],
    [
      'damaged',
      '{"format":"kscn-blob","schemaVersion":1,"records":1,"sources":{}}\n{"title":\n',
      'is damaged: line 2 is no record',
    ],
  ])('refuses a file that is %s', (_, text, message) => {
    writeFileSync(at('bad.blob'), text)
    const { code, err } = kscn(['merge-reports', at('bad.blob')])
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('refuses a truncated blob, a file that is not there, and the same scenario twice', () => {
    writeFileSync(at('cut.blob'), read('b.blob').slice(0, -200))
    expect(kscn(['merge-reports', at('cut.blob')])).toMatchObject({ code: 2 })
    expect(kscn(['merge-reports', at('nowhere.blob')]).err).toMatch(/^kscn: no file .*nowhere\.blob\n/)
    const twice = kscn(['merge-reports', at('a.blob'), at('a.blob')])
    expect(twice.code).toBe(2)
    expect(twice.err).toContain('name each report once')
  })
})
