import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Answer, Job } from './jobs.ts'

/** The worker in one file: it runs three times as fast as what is translated while it is loaded. */
const bundled = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'worker.cjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  })
  return outfile
}

const serve = (file: string, take: () => Job | undefined, told: (answer: Answer) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    // Almost all that a run makes is garbage when it ends: with room for it, less of it is copied.
    const child: ChildProcess = fork(file, { execArgv: ['--max-semi-space-size=64'] })
    let job: Job | undefined
    const give = (): void => {
      job = take()
      if (job === undefined) child.disconnect()
      else child.send(job)
    }
    child.on('message', (answer: Answer) => {
      told(answer)
      give()
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (job === undefined) resolve()
      else reject(new Error(`a worker ended with ${String(code)} over ${JSON.stringify(job)}`))
    })
    give()
  })

/** Has the jobs done by so many processes; each answer is told as it comes, which is in no particular order. */
export const workOff = async (
  jobs: readonly Job[],
  processes: number,
  told: (answer: Answer) => void,
): Promise<void> => {
  if (jobs.length === 0) return
  const folder = mkdtempSync(join(tmpdir(), 'kscn-zoo-'))
  try {
    const file = await bundled(folder)
    let next = 0
    const take = (): Job | undefined => jobs[next++]
    await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, () => serve(file, take, told)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
