import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = mkdtempSync(join(tmpdir(), 'floors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const floorsFile = join(root, 'test/conformance/floors.yaml')
const sample = join(root, 'test/conformance/sample')

const conformance = (...args: string[]): { code: number | null; out: string; err: string } => {
  const child = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'test/conformance/main.ts', '--data', sample, ...args],
    { cwd: root, encoding: 'utf8' },
  )
  return { code: child.status, out: child.stdout, err: child.stderr }
}

describe('the conformance gate', () => {
  const floors = parse(readFileSync(floorsFile, 'utf8')) as Record<string, Record<string, number>>

  it('has a floor for every area, of the whole and of the sample', () => {
    const areas = readdirSync(sample).sort()
    expect(Object.keys(floors['sample']!).sort()).toEqual(areas)
    expect(Object.keys(floors['recorded']!).sort()).toEqual(areas)
  })

  it('passes as things are', () => {
    expect(conformance('--area', 'kube-proxy,schema', '--floors', floorsFile)).toMatchObject({ code: 0 })
  })

  it('fails when an area sinks below its floor, and says which', () => {
    const raised = join(folder, 'floors.yaml')
    writeFileSync(raised, readFileSync(floorsFile, 'utf8').replaceAll(/kube-proxy: \d+/g, 'kube-proxy: 100000'))
    const { code, out } = conformance('--area', 'kube-proxy', '--floors', raised)
    expect(code).toBe(1)
    expect(out).toContain('kube-proxy: 6 agree, the floor is 100000')
  })

  it('without floors exits with 0 only if all agree', () => {
    expect(conformance('--area', 'kube-proxy').code).toBe(0)
    // The same cases with one recorded answer changed: what is compared is what was recorded.
    const cases = readFileSync(join(sample, 'kube-proxy', 'cases.jsonl'), 'utf8')
    const changed = cases.replace('"destination":"10.96.0.10:80"', '"destination":"10.96.0.99:80"')
    expect(changed).not.toBe(cases)
    const doctored = join(folder, 'doctored')
    mkdirSync(join(doctored, 'kube-proxy'), { recursive: true })
    writeFileSync(join(doctored, 'kube-proxy', 'cases.jsonl'), changed)
    const { code, out } = conformance('--area', 'kube-proxy', '--data', doctored)
    expect([code, out]).toEqual([1, expect.stringContaining('kube-proxy: 5 of 6 agree') as string])
  })

  it('shows one case, and refuses what is not there', () => {
    expect(conformance('--area', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no area nothing') as string,
    })
    expect(conformance('--case', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no case nothing') as string,
    })
    const { code, out } = conformance('--area', 'functions', '--case', 'quantity/add/t0001')
    expect([code, out]).toEqual([0, expect.stringContaining('agrees') as string])
  })
})
