import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from './kscn.ts'

export interface Served {
  /** `https://127.0.0.1:…` */
  readonly url: string
  readonly kubeconfig: string
  /** PEM */
  readonly ca: string
  readonly token: string
  /** A folder of this run's own; it goes with the server. */
  readonly folder: string
  readonly pid: number
  /** What it has printed so far. */
  printed(): string
  /** Stops it as Ctrl-C does. The exit code; undefined: it had to be killed. */
  stop(): Promise<number | undefined>
}

const fieldOf = (text: string, name: string): string => new RegExp(`${name}: "?([^"\\n]+)"?`).exec(text)?.[1] ?? ''

/** Starts `kscn serve` on a free port, as a user does; `KSCN_FROM_SOURCE=1` takes the sources in place of the built command. */
export const startServer = async (args: readonly string[]): Promise<Served> => {
  const folder = mkdtempSync(join(tmpdir(), 'kscn-e2e-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const entry =
    process.env['KSCN_FROM_SOURCE'] === '1'
      ? ['--import', 'tsx', '-e', "import('./cli/main.ts').then((one) => one.main(process.argv.slice(1)))"]
      : [resolve(root, 'cli/bin.mjs')]
  const child = spawn(process.execPath, [...entry, 'serve', '--port', '0', '--kubeconfig-out', kubeconfig, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, KSCN_LOG: 'debug' },
  })
  let printed = ''
  let exit: number | null | undefined
  const ended = new Promise<void>((done) => {
    child.on('exit', (code) => {
      exit = code
      done()
    })
  })
  const ready = new Promise<void>((done) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString('utf8')
      if (printed.includes('Ctrl-C')) done()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
  const late = new Promise<void>((done) => setTimeout(done, 30_000).unref())
  await Promise.race([ready, ended, late])
  if (exit !== undefined || !printed.includes('Ctrl-C')) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`kscn serve did not start:\n${printed}`)
  }
  const text = readFileSync(kubeconfig, 'utf8')
  return {
    url: fieldOf(text, 'server'),
    kubeconfig,
    ca: Buffer.from(fieldOf(text, 'certificate-authority-data'), 'base64').toString('utf8'),
    token: fieldOf(text, 'token'),
    folder,
    pid: child.pid ?? -1,
    printed: () => printed,
    async stop() {
      child.kill('SIGINT')
      const killed = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(killed)
      rmSync(folder, { recursive: true, force: true })
      return exit ?? undefined
    },
  }
}
