import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { kubeconfigText } from '../../integrations/kubeconfig/kubeconfig-text.ts'
import { readLines } from '../conformance/read-cases.ts'
import { createPairing, type Pairing } from './kubectl/compare-text.ts'
import { firstStep, hiddenSteps } from './kubectl/hidden-steps.ts'
import { clientRules, commandFor, type ClientRule } from './kubectl/client-rules.ts'
import { nodeRules } from './kubectl/node-rules.ts'
import { createNormaliser, type Normaliser } from './kubectl/normaliser.ts'
import { runCommand, type Printed } from './kubectl/run-command.ts'
import { startServer, type Served } from './served.ts'

// npm run e2e -- kubectl [--kubectl PATH] [--session a,b] [--list] [--show ID]: the real kubectl on the recorded tour, against
// `kscn serve`. At least 95 of 100 commands must end with the recorded exit code and print the recorded output.

interface Command {
  readonly id: string
  readonly command: string
  readonly user?: string
  readonly until?: string
  readonly interruptAfterMs?: number
  readonly coldCache?: boolean
  readonly unordered?: boolean
  readonly varies?: readonly string[]
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | 'interrupted'
}
interface Session {
  readonly id: string
  readonly files: Readonly<Record<string, string>>
}

const here = dirname(fileURLToPath(import.meta.url))
const sessions = ['discovery', 'deployment', 'apply', 'pods', 'services', 'config', 'rbac', 'delete', 'watch', 'custom', 'errors', 'stateful', 'jobs', 'nodes'] // prettier-ignore
const least = 95

/** The pool's nodes are numbered from 0, those of the recording from 1. */
const toOurs = (text: string): string => text.replace(/\bnode-([123])\b/g, (_, n: string) => `node-${Number(n) - 1}`)
const toRecorded = (text: string): string =>
  text.replace(/\bnode-([012])\b/g, (_, n: string) => `node-${Number(n) + 1}`)

const tokenFile =
  'admintoken,admin,admin-uid,"system:masters"\nalicetoken,alice,alice-uid,"developers"\nbobtoken,bob,bob-uid\n'

interface Tour {
  readonly served: Served
  readonly kubectl: string
  readonly rules: Parameters<typeof createNormaliser>[0]
  /** Of kubectl: `1.36` */
  readonly version: string
  readonly clientRules: readonly ClientRule[]
}

interface Outcome {
  readonly id: string
  readonly difference: string | undefined
}

const linesInOrder = (text: string): string => text.split('\n').sort().join('\n')

interface Judging {
  readonly normaliser: Normaliser
  readonly pairing: Pairing
  readonly rules: readonly ClientRule[]
}

const compareCommand = (
  command: Command,
  printed: Printed,
  { normaliser, pairing, rules }: Judging,
): string | undefined => {
  const differences: string[] = []
  const varies = new Set(command.varies)
  if (!varies.has('exit') && printed.exit !== command.exit)
    differences.push(`exit: recorded ${command.exit}, here ${printed.exit}`)
  for (const stream of ['stdout', 'stderr'] as const) {
    if (varies.has(stream)) continue
    const bare = stream === 'stdout' && command.command.includes('--no-headers')
    const shape = (text: string): string => {
      const same = rules.reduce((out, rule) => out.replace(rule.pattern, rule.replace), text)
      return command.unordered === true ? linesInOrder(same) : same
    }
    const recorded = shape(command[stream])
    const real = shape(normaliser.text(toRecorded(printed[stream]), bare))
    if (!pairing.same(recorded, real))
      differences.push(
        `${stream}: recorded\n${recorded.replace(/^/gm, '    - ')}\n  here\n${real.replace(/^/gm, '    + ')}`,
      )
  }
  return differences.length === 0 ? undefined : differences.join('\n  ')
}

const playSession = async (tour: Tour, path: string, only: string | undefined): Promise<Outcome[]> => {
  const [head, ...commands] = readLines(path) as unknown as readonly [Session, ...Command[]]
  const namespace = head.id === 'custom' ? 'tour-crd' : `tour-${head.id}`
  const work = join(tour.served.folder, head.id)
  const home = join(work, 'home')
  const files = join(work, 'files')
  const bin = join(work, 'bin')
  for (const folder of [home, files, bin]) mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(head.files)) writeFileSync(join(files, name), toOurs(text))
  spawnSync('ln', ['-sf', tour.kubectl, join(bin, 'kubectl')])
  const env = (user: string): Record<string, string> => {
    const kubeconfig = join(home, `kubeconfig-${user}`)
    if (!existsSync(kubeconfig)) {
      const { url, ca } = tour.served
      const text = kubeconfigText({ server: url, ca, user, token: `${user}token` })
      writeFileSync(kubeconfig, text.replace('    cluster: kscn\n', `    cluster: kscn\n    namespace: ${namespace}\n`))
    }
    return { PATH: `${bin}:/usr/bin:/bin`, HOME: home, KUBECONFIG: kubeconfig, TZ: 'UTC', LANG: 'C' }
  }
  const admin = env('admin')
  const hidden = (command: string): Promise<Printed> => runCommand(toOurs(command), { cwd: files, env: admin })
  const judging = { normaliser: createNormaliser(tour.rules), pairing: createPairing(), rules: tour.clientRules }
  const outcomes: Outcome[] = []
  await hidden('kubectl api-resources')
  if (head.id !== 'discovery') await hidden(firstStep(namespace))
  for (const command of commands) {
    const before = hiddenSteps[command.id]
    if (before !== undefined) await hidden(before)
    if (command.coldCache === true) rmSync(join(home, '.kube'), { recursive: true, force: true })
    const until = command.until === undefined ? undefined : new RegExp(command.until.replace(/^\(\?m\)/, ''), 'm')
    let printed: Printed
    for (let tries = 0; ; tries += 1) {
      printed = await runCommand(commandFor(tour.version, toOurs(command.command)), {
        cwd: files,
        env: env(command.user ?? 'admin'),
        interruptAfter: command.interruptAfterMs,
      })
      if (until === undefined || tries > 30 || until.test(toRecorded(printed.stdout + printed.stderr))) break
      await new Promise((done) => setTimeout(done, 300))
    }
    const difference = compareCommand(command, printed, judging)
    outcomes.push({ id: command.id, difference })
    if (only === command.id || only === 'all') {
      if (difference !== undefined || only === command.id)
        process.stdout.write(`${command.id}  ${command.command}\n  ${difference ?? 'as recorded'}\n`)
    }
  }
  if (head.id !== 'discovery') await hidden(`kubectl delete namespace ${namespace} --wait=false`)
  return outcomes
}

const findKubectl = (given: string | undefined): string | undefined => {
  const found = spawnSync('sh', ['-c', `command -v ${given ?? 'kubectl'}`], { encoding: 'utf8' }).stdout.trim()
  return found === '' ? undefined : resolve(found)
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values: flags } = parseArgs({
    args: [...args],
    options: {
      kubectl: { type: 'string' },
      session: { type: 'string' },
      list: { type: 'boolean' },
      /** The id of a command, or `all` for each that differs. */
      show: { type: 'string' },
    },
  })
  const kubectl = findKubectl(flags.kubectl)
  if (kubectl === undefined) {
    process.stdout.write('e2e kubectl: SKIPPED, there is no kubectl on this machine\n')
    return 0
  }
  const shared = resolve(here, '../../../shared/conformance/kubectl')
  const data = existsSync(shared) ? shared : resolve(here, '../conformance/sample/kubectl')
  const wanted = flags.session?.split(',') ?? sessions
  const version = /GitVersion:"v(\d+\.\d+)|Client Version: v(\d+\.\d+)/.exec(
    spawnSync(kubectl, ['version', '--client'], { encoding: 'utf8' }).stdout,
  )
  const minor = version?.[1] ?? version?.[2] ?? 'unknown'
  const { rules } = JSON.parse(readFileSync(join(data, 'normalise.json'), 'utf8')) as { rules: Tour['rules'] }
  const served = await startServer([
    join(here, 'kubectl/tour.kscn'),
    '--clock',
    'fast',
    '--token-auth-file',
    writeTokens(),
  ])
  const started = Date.now()
  let agree = 0
  let of = 0
  try {
    const tour: Tour = { served, kubectl, rules, version: minor, clientRules: [...clientRules(minor), ...nodeRules] }
    for (const name of wanted) {
      const path = join(data, `${name}.jsonl`)
      if (!existsSync(path)) continue
      const outcomes = await playSession(tour, path, flags.show)
      const same = outcomes.filter((one) => one.difference === undefined).length
      agree += same
      of += outcomes.length
      process.stdout.write(`${name}: ${same} of ${outcomes.length}\n`)
      if (flags.list === true)
        for (const one of outcomes) if (one.difference !== undefined) process.stdout.write(`  ${one.id}\n`)
    }
  } finally {
    await served.stop()
  }
  const share = of === 0 ? 0 : (agree / of) * 100
  process.stdout.write(
    `kubectl ${minor}: ${agree} of ${of} commands as recorded (${share.toFixed(1)} %), ${((Date.now() - started) / 1000).toFixed(0)} s\n`,
  )
  return of > 0 && share >= least ? 0 : 1
}

const writeTokens = (): string => {
  const path = join(process.env['TMPDIR'] ?? '/tmp', `kscn-tour-tokens-${process.pid}`)
  writeFileSync(path, tokenFile, { mode: 0o600 })
  return path
}
