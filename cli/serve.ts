import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compile } from '../dsl/compile.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import type { ClockMode } from '../integrations/http/drive-clock.ts'
import { serveCluster, type ServedCluster, type ServeOptions } from '../integrations/http/serve-cluster.ts'
import { parseTokenFile } from '../integrations/http/token-file.ts'
import { kubeconfigText } from '../integrations/kubeconfig/kubeconfig-text.ts'
import { writePrivateFile } from '../integrations/kubeconfig/write-private-file.ts'
import type { UserInfo } from '../runtime/apiserver/user-info.ts'
import type { Cluster } from '../runtime/cluster/cluster.ts'
import { createCluster } from './create-cluster.ts'
import { compileTargets } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { reportBug } from './report-bug.ts'
import { selectScenarios } from './select-scenarios.ts'
import { UsageError } from './usage-error.ts'

export interface ServeFlags {
  readonly port: string
  readonly kubeconfigOut?: string
  readonly clock: ClockMode
  readonly nodes: string
  readonly without?: readonly string[]
  readonly tokenAuthFile?: string
  readonly seed: string
  readonly color?: boolean
}

const adminUser = 'kscn-admin'

const wholeNumber = (text: string, flag: string, most: number): number => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > most)
    throw new UsageError(`${flag} wants a whole number from 0 to ${most}, not ${JSON.stringify(text)}`)
  return number
}

/** A cluster that no file describes. */
const plainScenario = (nodes: number): ScenarioPlan => {
  const text = `scenario "served" { ${nodes === 0 ? '' : `cluster { pool node ${nodes} }`} }\n`
  const { plan } = compile(['served.kscn'], { read: (path) => ({ path, text }), glob: () => [] })
  return plan!.scenarios[0]!
}

/** undefined: the file's mistakes have been told. */
const scenarioOf = (file: string | undefined, flags: ServeFlags): ScenarioPlan | undefined => {
  if (file === undefined) return plainScenario(wholeNumber(flags.nodes, '--nodes', 5_000))
  const targets = findScenarios([file])
  const { plan, sources } = compileTargets(targets, flags.color)
  if (plan === undefined) return undefined
  const chosen = selectScenarios(plan.scenarios, targets, { filter: undefined, tags: [], ci: false }, sources)
  if (chosen.length > 1) {
    const names = chosen.slice(0, 5).map((one) => `"${one.title}"`)
    throw new UsageError(
      `${file} holds ${chosen.length} scenarios, and one cluster is served`,
      `say which by its line, as in ${file}:12; there are ${names.join(', ')}${chosen.length > 5 ? ' and others' : ''}`,
    )
  }
  return chosen[0]
}

const readTokens = (path: string | undefined): ReadonlyMap<string, UserInfo> => {
  if (path === undefined) return new Map()
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--token-auth-file ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
  const parsed = parseTokenFile(text)
  if ('error' in parsed)
    throw new UsageError(`--token-auth-file ${path}, ${parsed.error}`, 'a line is token,user,uid,"group1,group2"')
  return parsed.tokens
}

const stopProcesses = (cluster: Cluster, names: readonly string[]): void => {
  for (const name of names) {
    const process = cluster.process(name)
    if (process === undefined)
      throw new UsageError(`--without ${name}: no such process`, `there are ${cluster.processes().join(', ')}`)
    process.stop('crash')
  }
}

const startServer = async (
  cluster: Cluster,
  flags: ServeFlags,
  handlers: Pick<ServeOptions, 'adminToken' | 'panicked' | 'failed'>,
): Promise<ServedCluster> => {
  const port = wholeNumber(flags.port, '--port', 65_535)
  try {
    return await serveCluster({ cluster, port, clock: flags.clock, ...handlers })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} of 127.0.0.1 is taken`, '--port 0 takes any free one')
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used`, 'ports from 1024 on are free for all')
    throw error
  }
}

/** Serves one cluster until it is told to stop. */
export const serve = async (file: string | undefined, flags: ServeFlags, version: string): Promise<ExitCode> => {
  const scenario = scenarioOf(file, flags)
  if (scenario === undefined) return exitCode.wrong
  const token = randomBytes(32).toString('base64url')
  const tokens = new Map(readTokens(flags.tokenAuthFile))
  tokens.set(token, {
    name: adminUser,
    uid: '',
    groups: ['system:masters', 'system:authenticated'],
    extra: {},
  })
  // What a request costs here is real time: latencies of a simulated API server would come on top.
  const spec = {
    ...scenario.cluster,
    profile: 'instant' as const,
    ...(flags.clock === 'manual' ? {} : { clock: Date.now() * 1000 }),
  }
  const cluster = createCluster(spec, scenario.behaviors, { seed: scenario.seed ?? flags.seed, tokens })
  stopProcesses(cluster, flags.without ?? [])

  let stop: (code: ExitCode) => void = () => undefined
  const stopped = new Promise<ExitCode>((resolve) => (stop = resolve))
  const what = `kscn serve ${file ?? ''}`.trimEnd()
  const panicked = (error: unknown): void => reportBug(error, { version, what })
  const failed = (error: unknown): void => {
    panicked(error)
    stop(exitCode.bug)
  }
  const served = await startServer(cluster, flags, { adminToken: token, panicked, failed })
  const address = `https://127.0.0.1:${served.port}`
  const folder = flags.kubeconfigOut === undefined ? mkdtempSync(join(tmpdir(), 'kscn-')) : undefined
  const path = folder === undefined ? resolve(flags.kubeconfigOut!) : join(folder, 'kubeconfig')
  const onSignal = (): void => stop(exitCode.held)
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    try {
      writePrivateFile(path, kubeconfigText({ server: address, ca: served.ca, user: adminUser, token }))
    } catch (error) {
      throw new UsageError(
        `--kubeconfig-out ${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      )
    }
    const count = cluster.machines().length
    process.stdout.write(
      `kscn serves Kubernetes v1.36.3 at ${address}\n` +
        `  cluster     ${count} node${count === 1 ? '' : 's'}, clock ${flags.clock}\n` +
        `  kubeconfig  ${path}\n` +
        `  try         kubectl --kubeconfig ${path} get nodes\n` +
        'Ctrl-C stops it.\n',
    )
    return await stopped
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    await served.close()
    // Its credentials are worth nothing now; a file that the user named is the user's.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}
