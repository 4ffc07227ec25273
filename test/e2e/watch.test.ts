import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kscn, root } from './kscn.ts'

const lib = 'cluster small { pool workers 1 { cpu 2, memory 4Gi } }\n'
const using = (title: string, replicas: number): string => `import "lib.kscn" as lib

scenario "${title}" {
  cluster lib.small
  expect ${replicas} nodes are Ready
}
`
const alone = 'scenario "alone" {\n  cluster { pool workers 2 { cpu 2, memory 4Gi } }\n  expect 2 nodes are Ready\n}\n'

let folder = ''
let child: ChildProcessWithoutNullStreams | undefined
let out = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kscn-watch-'))
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, 'lib.kscn'), lib)
  writeFileSync(join(folder, 'a.kscn'), using('first', 1))
  writeFileSync(join(folder, 'b.kscn'), alone)
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const start = (...args: readonly string[]): ChildProcessWithoutNullStreams => {
  const { CI: _, ...env } = process.env
  out = ''
  const one = spawn(process.execPath, [resolve(root, 'cli/bin.mjs'), 'run', '--watch', '--deterministic', ...args], {
    cwd: folder,
    env: { ...env, COLUMNS: '80', NO_COLOR: '1' },
  })
  one.stdout.on('data', (data: Buffer) => (out += data.toString()))
  one.stderr.on('data', (data: Buffer) => (out += data.toString()))
  child = one
  return one
}

/** Waits until a run is through: the line about the keys stands once more. Answers what came since the last one. */
const round = async (count: number): Promise<string> => {
  for (let tries = 0; tries < 400; tries += 1) {
    const parts = out.split('watching for changes')
    if (parts.length > count) return parts[count - 1]!
    await new Promise((next) => setTimeout(next, 50))
  }
  throw new Error(`round ${count} never came:\n${out}`)
}
const ended = (one: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((done) => one.on('exit', (code) => done(code)))

describe('kscn run --watch', () => {
  test('runs again what changed, and what imports it; keys run all, what failed, and end it', async () => {
    const one = start('.')
    const first = await round(1)
    expect(first).toContain('first')
    expect(first).toContain('alone')

    writeFileSync(join(folder, 'b.kscn'), alone.replace('"alone"', '"alone again"'))
    const second = await round(2)
    expect(second).toContain('alone again')
    expect(second).not.toContain('first')

    writeFileSync(join(folder, 'lib.kscn'), lib.replace('workers 1', 'workers 3'))
    const third = await round(3)
    expect(third).toContain('first')
    expect(third).not.toContain('alone')

    one.stdin.write('f')
    const fourth = await round(4)
    expect(fourth).toContain('first')
    expect(fourth).not.toContain('alone')

    one.stdin.write('\n')
    const fifth = await round(5)
    expect(fifth).toContain('first')
    expect(fifth).toContain('alone again')

    const exit = ended(one)
    one.stdin.write('q')
    expect(await exit).toBe(1)
  })

  test('a file that does not compile is told, and the next save is heard', async () => {
    start('b.kscn')
    await round(1)
    writeFileSync(join(folder, 'b.kscn'), alone.replace('expect', 'exepct'))
    expect(await round(2)).toContain('did you mean `expect`?')
    writeFileSync(join(folder, 'b.kscn'), alone)
    expect(await round(3)).toContain('alone')
  })

  test('is refused where nobody could change anything', () => {
    const inCi = kscn(['run', '--watch', 'scenarios/examples'], { env: { CI: 'true' } })
    expect([inCi.code, inCi.err]).toEqual([2, expect.stringContaining('--watch')])
    const input = kscn(['run', '--watch', '-'], { input: alone })
    expect([input.code, input.err]).toEqual([2, expect.stringContaining('standard input')])
  })
})
