import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { kscn, root } from './kscn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-bad-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}
const cluster = 'cluster { pool workers 1 { cpu 2, memory 4Gi } }'
/** Runs in the folder of the bad files, so that messages hold no path of this machine. */
const run = (...args: string[]) => kscn(args, { cwd: folder })

describe('bad input', () => {
  const cases: readonly (readonly [what: string, name: string, text: string])[] = [
    ['a broken .kscn', 'broken.kscn', `scenario "first" {\n  ${cluster}\n  exepct pod/web is Ready within 5s\n}\n`],
    [
      'broken YAML in a fence',
      'yaml.kscn',
      `scenario "first" {\n  ${cluster}\n  create \`\`\`yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: web\n    spec: {}\n  \`\`\`\n}\n`,
    ],
    [
      'an unknown kind',
      'kind.kscn',
      `scenario "first" {\n  ${cluster}\n  create \`\`\`yaml\n    apiVersion: apps/v1\n    kind: Deploymnet\n    metadata: { name: web }\n  \`\`\`\n}\n`,
    ],
    [
      'an unknown field',
      'field.kscn',
      `scenario "first" {\n  ${cluster}\n  create \`\`\`yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: web }\n    spec: { containers: [{ name: app, imag: "a:1" }] }\n  \`\`\`\n}\n`,
    ],
    [
      'several mistakes at once',
      'several.kscn',
      `scenario "first" {\n  cluster { pool workers 1 { cpu 2, memroy 4Gi } }\n  expect deployment/web is Ready within 5s\n  wiat 5s\n}\n`,
    ],
    ['a body that is never closed', 'open.kscn', `scenario "first" {\n  ${cluster}\n  wait 5s\n`],
    ['an import cycle', 'a.kscn', `import "b.kscn" as b\nscenario "first" {\n  ${cluster}\n  wait 1s\n}\n`],
    [
      'an import that is not there',
      'missing.kscn',
      `import "nowhere.kscn" as n\nscenario "first" {\n  ${cluster}\n  wait 1s\n}\n`,
    ],
    ['a manifest that is not there', 'manifest.kscn', `scenario "first" {\n  ${cluster}\n  apply "nowhere.yaml"\n}\n`],
    [
      'something that is not built yet',
      'later.kscn',
      `scenario "first" {\n  cluster { storageclass ssd { attach 5s } }\n  expect 0 pods are Ready\n}\n`,
    ],
  ]
  file('b.kscn', 'import "a.kscn" as a\n')
  it.each(cases)('%s: says what, where and what to do, and exits with 2', (_, name, text) => {
    file(name, text)
    const { code, out, err } = run('run', name)
    expect(out).toBe('')
    expect(err).toMatchSnapshot()
    expect(err).not.toMatch(/\n +at .*:\d+:\d+\)?\n/)
    expect(code).toBe(2)
    expect(run('check', name).code).toBe(2)
  })

  it('a manifest that Kubernetes would refuse is an ERROR of the run, with the server’s words', () => {
    file(
      'refused.kscn',
      `scenario "first" {\n  ${cluster}\n  create \`\`\`yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: Web }\n    spec: { containers: [{ name: app, image: "a:1" }] }\n  \`\`\`\n}\n`,
    )
    const { code, out } = run('run', 'refused.kscn', '--deterministic')
    expect(out).toMatchSnapshot()
    expect(code).toBe(2)
  })

  it('an empty selection', () => {
    file('fine.kscn', `scenario "first" {\n  ${cluster}\n  wait 1s\n}\n`)
    mkdirSync(join(folder, 'empty'), { recursive: true })
    for (const args of [
      ['nowhere'],
      ['empty'],
      ['*.nothing'],
      ['fine.kscn', '--filter', 'second'],
      ['fine.kscn', '--tag', 'slow'],
    ]) {
      const { code, out, err } = run('run', ...args)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^kscn: no /)
    }
  })

  it('a wrong command line', () => {
    for (const args of [
      [],
      ['rnu'],
      ['run'],
      ['run', 'x.kscn', '--sede', '1'],
      ['run', 'fine.kscn', '--reporter', 'xml'],
      ['run', 'fine.kscn', '--reporter', 'json', '--reporter', 'pretty'],
    ]) {
      const { code, err } = run(...args)
      expect(code, args.join(' ')).toBe(2)
      expect(err).not.toBe('')
    }
    expect(run('rnu').err).toContain('Did you mean run?')
    expect(run('run', 'x.kscn', '--sede', '1').err).toContain('Did you mean --seed?')
  })

  it('an unreadable file', () => {
    writeFileSync(join(folder, 'bytes.kscn'), Buffer.from([0x73, 0xff, 0xfe, 0x00]))
    const bytes = run('run', 'bytes.kscn')
    expect(bytes.code).toBe(2)
    expect(bytes.err).toContain('not UTF-8')
    mkdirSync(join(folder, 'folder.kscn'), { recursive: true })
    chmodSync(join(folder, 'folder.kscn'), 0o755)
    expect(run('run', 'folder.kscn').code).toBe(2)
  })

  it('a report that cannot be written leaves no half of it', () => {
    writeFileSync(join(folder, 'taken'), '')
    const { code, err } = run('run', 'fine.kscn', '--reporter', 'json:taken/report.json')
    expect(code).toBe(2)
    expect(err).toContain('cannot be written')
  })
})

/** Starts a run, sends SIGINT when `ready` says so, and tells how it ended. */
const interrupted = async (
  name: string,
  ready: (out: string) => boolean,
): Promise<{ code: number | null; out: string }> => {
  const child = spawn(process.execPath, [join(root, 'cli/bin.mjs'), 'run', name, '--deterministic'], { cwd: folder })
  let out = ''
  let sent = false
  const look = (): void => {
    if (sent || !ready(out)) return
    sent = true
    child.kill('SIGINT')
  }
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    look()
  })
  const timer = setInterval(look, 50)
  const code = await new Promise<number | null>((done) => child.on('close', done))
  clearInterval(timer)
  return { code, out }
}

describe('Ctrl-C', () => {
  it('reports what has finished and exits with 130', async () => {
    const one = (n: number): string =>
      `scenario "number ${n}" {\n  cluster { pool workers 40 { cpu 2, memory 4Gi } }\n  wait 1h\n}\n`
    file('many.kscn', Array.from({ length: 400 }, (_, n) => one(n)).join(''))
    const { code, out } = await interrupted('many.kscn', (soFar) => soFar.includes('number 0'))
    expect(out).toContain('PASS  number 0')
    expect(out).toContain('interrupted')
    expect(out).toMatch(/\d+ scenarios?: \d+ passed\n$/)
    expect(code).toBe(130)
  })

  it('ends a run that would go on for ever', async () => {
    file(
      'endless.kscn',
      `@limit(100000h, 9000M events)\nscenario "endless" {\n  ${cluster}\n  repeat 100000000 { label node/workers-0 a=b\n    wait 1s\n    label node/workers-0 a- }\n}\n`,
    )
    const started = process.hrtime.bigint()
    const { code, out } = await interrupted('endless.kscn', () => process.hrtime.bigint() - started > 1_500_000_000n)
    expect(code).toBe(130)
    expect(out).toContain('no scenario has finished')
  })
})
