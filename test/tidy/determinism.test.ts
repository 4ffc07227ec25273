import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { buildBundle } from '../../tools/build.mjs'
import { checkDeterminism } from '../../tools/determinism.ts'

const folder = mkdtempSync(join(tmpdir(), 'determinism-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Changes one module's text on its way into the bundle; a plant that does not take is an error. */
const plant = (file: RegExp, from: string, to: string): Plugin => ({
  name: 'plant',
  setup(build) {
    build.onLoad({ filter: file }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes(from)) throw new Error(`${path} no longer contains ${from}`)
      return { contents: text.replace(from, to), loader: 'ts' }
    })
  },
})
const differencesOf = async (name: string, plugins: readonly Plugin[]): Promise<readonly string[]> => {
  const bundle = join(folder, name)
  await buildBundle(bundle, plugins)
  const report = checkDeterminism(bundle, ['scenarios/examples/first-pod.kscn', 'scenarios/examples/readiness.kscn'])
  expect(report.scenarios).toBe(2)
  return report.differences
}

describe('the determinism gate', () => {
  it('finds no difference in what is there', async () => {
    expect(await differencesOf('clean', [])).toEqual([])
  })

  it('finds Math.random', async () => {
    const planted = plant(
      /kernel[/]choices\.ts$/,
      'const value = draw(label, n)',
      'const value = Math.floor(Math.random() * n)',
    )
    expect((await differencesOf('random', [planted])).length).toBeGreaterThan(0)
  })

  it('finds an order that comes from a Map which outlives the run', async () => {
    const planted = plant(
      /record[/]create-timeline\.ts$/,
      'data.push(value)',
      'data.push(value ?? [...(((globalThis as never)["planted"] ??= new Map()) as Map<string, number>).set(subject, length).keys()].at(-1))',
    )
    const differences = await differencesOf('map', [planted])
    expect(differences.join('\n')).toContain('twice in one process')
  })

  it('finds the time zone', async () => {
    const planted = plant(
      /apiserver[/]timestamps\.ts$/,
      'new Date(unixSeconds * 1000).toISOString()',
      'new Date(unixSeconds * 1000).toString()',
    )
    expect((await differencesOf('zone', [planted])).join('\n')).toContain('TZ=')
  })
})
