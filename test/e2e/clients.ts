import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { informerChecks } from './clients/informers.ts'
import { componentTokens, oracleFolder, runRealComponents } from './clients/real-components.ts'
import { startServer } from './served.ts'

// npm run e2e -- clients [--oracle]: client-node's informers against `kscn serve`; with --oracle the real kube-scheduler and
// kube-controller-manager in place of ours.

export const run = async (args: readonly string[]): Promise<number> => {
  const { values: flags } = parseArgs({ args: [...args], options: { oracle: { type: 'boolean' } } })
  let failed = 0
  const tell = (name: string, error: unknown): void => {
    if (error !== undefined) failed += 1
    const why = error === undefined ? '' : `\n  ${error instanceof Error ? error.message : JSON.stringify(error)}`
    process.stdout.write(`${error === undefined ? 'PASS' : 'FAIL'}  ${name}${why}\n`)
  }
  const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
      tell(name, undefined)
    } catch (error) {
      tell(name, error ?? 'it threw nothing')
    }
  }
  const served = await startServer(['--clock', 'fast'])
  for (const check of informerChecks) await attempt(check.name, () => check.run(served))
  await attempt('Ctrl-C ends the server with exit code 0', async () => {
    const code = await served.stop()
    if (code !== 0) throw new Error(`it ended with ${code}`)
  })
  if (flags.oracle === true) {
    const bin = oracleFolder()
    if (bin === undefined) process.stdout.write('SKIP  --oracle: the real components are not built on this machine\n')
    else {
      const tokens = join(tmpdir(), `kscn-components-${process.pid}`)
      writeFileSync(tokens, componentTokens, { mode: 0o600 })
      const own = await startServer([
        '--clock', 'real', '--without', 'scheduler', '--without', 'controller-manager', '--token-auth-file', tokens,
      ]) // prettier-ignore
      await attempt('the real kube-scheduler and kube-controller-manager: a Deployment of 5 lives and dies', () =>
        runRealComponents(bin, own),
      )
      await own.stop()
      rmSync(tokens, { force: true })
    }
  }
  return failed === 0 ? 0 : 1
}
