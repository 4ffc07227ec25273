import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled } from './bundled.ts'
import { httpLoad, type HttpFigure, type HttpSizes } from './http-load.ts'

/** As bench/scheduler-oracle.ts finds them. */
const beside = resolve(dirname(fileURLToPath(import.meta.url)), '../../shared/oracle')
const scripts = process.env['KSCN_ORACLE'] ?? beside
const home = process.env['ORACLE_HOME'] ?? join(homedir(), '.cache', 'kscn-oracle')
const port = process.env['KSCN_ORACLE_PORT'] ?? '25400'

/** Processes of a control plane besides its API server and etcd: the work is the server's alone. */
const others = ['controller-manager', 'scheduler']

/** kscn serve in a process of its own, driven over loopback. */
export const serveFigures = async (sizes: HttpSizes): Promise<readonly HttpFigure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'kscn-bench-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const flags = ['--nodes', '0', '--port', '0', '--kubeconfig-out', kubeconfig]
  for (const name of others) flags.push('--without', name)
  const run = `require(${JSON.stringify(bundled('cli/main.ts'))}).main(${JSON.stringify(['serve', ...flags])}, (url) => import(url))`
  const child = spawn(process.execPath, ['-e', run], { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()))
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Ctrl-C')) resolve()
      })
      child.on('exit', () => reject(new Error(`kscn serve: ${told}`)))
    })
    return await httpLoad(kubeconfig, sizes)
  } finally {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Why the real API server cannot be asked; undefined: it can. */
export const apiOracleMissing = (): string | undefined => {
  if (!existsSync(join(scripts, 'up.sh')))
    return `the oracle (up.sh, down.sh) is not in ${scripts}; KSCN_ORACLE names its folder`
  for (const path of [join(scripts, 'up.sh'), join(home, 'bin', 'kube-apiserver')])
    if (!existsSync(path)) return `${path} is not there: build the oracle first`
  return undefined
}

/** The same work by the real kube-apiserver and etcd on this machine. */
export const oracleFigures = async (sizes: HttpSizes): Promise<readonly HttpFigure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'kscn-oracle-'))
  try {
    execFileSync(join(scripts, 'up.sh'), [folder, port], { stdio: 'ignore' })
    return await httpLoad(join(folder, 'admin.kubeconfig'), sizes)
  } finally {
    execFileSync(join(scripts, 'down.sh'), [folder], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
}
