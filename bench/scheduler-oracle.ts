import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Shape } from './scheduler-shapes.ts'

/** Where the oracle's scripts and its bench are: KSCN_ORACLE or ../shared/oracle; ORACLE_HOME holds the programs that it built. */
const beside = resolve(dirname(fileURLToPath(import.meta.url)), '../../shared/oracle')
const scripts = process.env['KSCN_ORACLE'] ?? beside
const home = process.env['ORACLE_HOME'] ?? join(homedir(), '.cache', 'kscn-oracle')
const port = process.env['KSCN_ORACLE_PORT'] ?? '25400'

export const oracleMissing = (): string | undefined => {
  if (!existsSync(join(scripts, 'up.sh')))
    return `the oracle (up.sh, more.sh, down.sh, bench) is not in ${scripts}; KSCN_ORACLE names its folder`
  for (const path of [join(scripts, 'up.sh'), join(home, 'bin', 'kube-scheduler'), join(home, 'bin', 'bench')])
    if (!existsSync(path)) return `${path} is not there: build the oracle first`
  return undefined
}

/** Pods a second of the real scheduler through the real API server, doing the same work on this machine. */
export const oraclePodsPerSecond = (shape: Shape): number => {
  const folder = mkdtempSync(join(tmpdir(), 'kscn-oracle-'))
  const script = (name: string, args: readonly string[]): void => {
    execFileSync(join(scripts, name), args, {
      stdio: 'ignore',
      env: { ...process.env, SCHED_FLAGS: '--kube-api-qps 5000 --kube-api-burst 5000' },
    })
  }
  try {
    script('up.sh', [folder, port, '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition'])
    script('more.sh', [folder, port, 'sched'])
    const child = spawnSync(
      join(home, 'bin', 'bench'),
      [
        ...['-kubeconfig', join(folder, 'admin.kubeconfig'), '-shape', shape.oracle!],
        ...['-nodes', String(shape.nodes), '-init', String(shape.initial), '-pods', String(shape.pods)],
      ],
      { encoding: 'utf8' },
    )
    if (child.status !== 0) throw new Error(`the oracle's bench: ${child.stderr}`)
    return (JSON.parse(child.stdout) as { readonly podsPerSecond: number }).podsPerSecond
  } finally {
    script('down.sh', [folder])
  }
}
