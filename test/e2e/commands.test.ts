import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kscn } from './kscn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const run = (...args: string[]) => kscn(args, { cwd: folder })

describe('kscn fmt', () => {
  const untidy = 'scenario   "first" {\n      wait   60s   # a minute\n}\n'
  it('says with 1 which files it would change, and changes none', () => {
    writeFileSync(join(folder, 'a.kscn'), untidy)
    const { code, out } = run('fmt', '--check', 'a.kscn')
    expect([code, out.includes('a.kscn')]).toEqual([1, true])
    expect(readFileSync(join(folder, 'a.kscn'), 'utf8')).toBe(untidy)
  })

  it('writes the canonical form, keeps the comment, and is content with it afterwards', () => {
    writeFileSync(join(folder, 'b.kscn'), untidy)
    expect(run('fmt', 'b.kscn').code).toBe(0)
    expect(readFileSync(join(folder, 'b.kscn'), 'utf8')).toBe('scenario "first" {\n  wait 1m # a minute\n}\n')
    expect(run('fmt', '--check', 'b.kscn').code).toBe(0)
  })

  it('leaves a file alone that does not parse', () => {
    writeFileSync(join(folder, 'c.kscn'), 'scenario "first" {\n')
    expect(run('fmt', 'c.kscn').code).toBe(2)
    expect(readFileSync(join(folder, 'c.kscn'), 'utf8')).toBe('scenario "first" {\n')
  })

  it('finds the corpus in its canonical form', () => {
    expect(kscn(['fmt', '--check', 'scenarios'])).toMatchObject({ code: 0 })
  })
})

describe('kscn list', () => {
  it('names scenarios with their places, also as JSON', () => {
    const { code, out } = kscn(['list', 'scenarios/examples/scaling.kscn'])
    expect(code).toBe(0)
    expect(out).toContain('a deployment follows its replicas')
    const json = JSON.parse(kscn(['list', '--json', 'scenarios/examples/scaling.kscn']).out) as object
    expect(JSON.stringify(json)).toContain('old=5')
  })
})

describe('kscn explain', () => {
  it('prints the page of a diagnostic', () => {
    const { code, out } = kscn(['explain', 'K104'])
    expect(code).toBe(0)
    expect(out).toContain('K104')
  })

  it('says the sentence on a line in English, as a formula and on a time line', () => {
    const text = 'scenario "a" {\n  wait 5s\n  expect pod/web is Ready within 1m\n}\n'
    writeFileSync(join(folder, 'sentence.kscn'), text)
    const { code, out } = run('explain', 'sentence.kscn:3')
    expect(code).toBe(0)
    for (const part of ['sentence.kscn:3:3', 'in English', 'F[0,1m] P', 't0+1m']) expect(out).toContain(part)
    expect(kscn(['explain', '--', '-:3'], { input: text })).toMatchObject({
      code: 0,
      out: out.replace('sentence.kscn:3:3', '-:3:3'),
    })
    expect(run('explain', 'sentence.kscn:9')).toMatchObject({ code: 2, out: '' })
    expect(run('explain', 'sentence.kscn')).toMatchObject({
      code: 2,
      err: expect.stringContaining('which line') as string,
    })
    expect(run('explain', 'none.kscn:1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file') as string,
    })
  })

  it('refuses a code that does not exist', () => {
    const { code, err } = kscn(['explain', 'K999'])
    expect(code).toBe(2)
    expect(err).toContain('K999')
  })
})

describe('kscn check', () => {
  it('of one line leaves the mistakes of other scenarios for another time', () => {
    const good = 'scenario "good" {\n  cluster { pool w 1 { cpu 2, memory 4Gi } }\n  expect 1 nodes are Ready\n}\n'
    writeFileSync(join(folder, 'two.kscn'), `${good}\n${good.replace('good', 'bad').replace('1 nodes', '1 nods')}`)
    expect(run('check', 'two.kscn').code).toBe(2)
    expect(run('check', 'two.kscn:3')).toMatchObject({ code: 0, out: '1 scenario, no errors\n' })
    expect(run('check', 'two.kscn:8')).toMatchObject({ code: 2, err: expect.stringContaining('nods') as string })
    expect(run('check', 'two.kscn:0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no scenario at') as string,
    })
  })

  it('counts what is there', () => {
    expect(kscn(['check', 'scenarios/examples'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ scenarios, no errors\n$/) as string,
    })
  })
})
