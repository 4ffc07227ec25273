import { fork } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { laws } from './laws.ts'
import { folder, tryFile, type FileReport } from './try-file.ts'

// npm run laws [-- [--jobs N] [--law NAME] [START]]: every law of the controllers in every scenario of scenarios/controllers (whose file
// name starts so): all orders, and a crash of kube-controller-manager before and after every write. npm test takes a sample.

const { values, positionals } = parseArgs({
  options: { jobs: { type: 'string' }, law: { type: 'string', multiple: true } },
  allowPositionals: true,
})
const wanted = (law: string): 'all' | undefined =>
  values.law === undefined || values.law.includes(law) ? 'all' : undefined
const [start = ''] = positionals

const unknown = values.law?.find((name) => !laws.some((law) => law.name === name))
if (unknown !== undefined) {
  process.stderr.write(`there is no law "${unknown}"; there are ${laws.map((law) => law.name).join(', ')}\n`)
  process.exit(2)
}

const names = readdirSync(folder).filter((name) => name.endsWith('.kscn') && name.startsWith(start))

/** The long ones first, so that no process works alone in the end. */
const bySize = [...names].sort((a, b) => statSync(`${folder}/${b}`).size - statSync(`${folder}/${a}`).size)

const tell = ({ name, broken }: FileReport): void => {
  for (const { law, what } of broken) process.stdout.write(`${name} [${law}] ${what}\n`)
}

/** Hands the files out to processes, one at a time. */
const share = (jobs: number): Promise<readonly FileReport[]> =>
  new Promise((resolve, reject) => {
    const reports: FileReport[] = []
    let next = 0
    let working = jobs
    for (let job = 0; job < jobs; job += 1) {
      const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
        env: { ...process.env, LAWS_WORKER: '1' },
      })
      const give = (): void => {
        const name = bySize[next]
        next += 1
        child.send(name ?? '')
      }
      child.on('message', (report: FileReport | 'ready') => {
        if (report !== 'ready') {
          reports.push(report)
          tell(report)
        }
        give()
      })
      child.on('exit', (code) => {
        if (code !== 0) reject(new Error(`a process ended with ${String(code)}`))
        working -= 1
        if (working === 0) resolve(reports)
      })
    }
  })

const work = (): void => {
  process.on('message', (name: string) => {
    if (name === '') process.exit(0)
    process.send!(tryFile(name, wanted))
  })
  process.send!('ready')
}

const run = async (): Promise<void> => {
  const began = performance.now()
  const jobs = Math.max(1, Math.min(Number(values.jobs ?? Math.min(2, availableParallelism())), names.length))
  const reports = await share(jobs)
  let broken = 0
  let tried = 0
  for (const { name, sentence } of laws) {
    if (wanted(name) === undefined) continue
    const times = reports.reduce((sum, report) => sum + (report.tried[name] ?? 0), 0)
    const failures = reports.reduce((sum, report) => sum + report.broken.filter((one) => one.law === name).length, 0)
    tried += times
    process.stdout.write(`${name.padEnd(10)} ${sentence}: ${times} runs, ${failures} against it\n`)
  }
  for (const report of reports) broken += report.broken.length
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  process.stdout.write(`${reports.length} files in ${seconds}s, ${broken} violations\n`)
  process.exitCode = broken === 0 && tried > 0 && reports.length === names.length ? 0 : 1
}

if (process.env['LAWS_WORKER'] === '1') work()
else await run()
