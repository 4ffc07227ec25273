import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { buildSync } from 'esbuild'
import { createRandom } from './random.ts'
import { readCorpus } from './read-corpus.ts'
import { fuzzers } from './registry.ts'
import type { Finding } from './shrink.ts'
import type { Job } from './worker.ts'

// npm run fuzz -- NAME --runs N [--seed S] [--workers W] [--planted] [--input I]: random inputs until the runs are through.
// --input prints the input of that number and judges nothing; --planted builds a known mistake in and must end with 1.

/** A worker that stays with one input for so long hangs. */
const hangMs = 20_000

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
    input: { type: 'string' },
    planted: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const whole = (name: 'runs' | 'seed' | 'workers' | 'input', least: number): number => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= least) return value
  process.stderr.write(`fuzz: --${name} takes a whole number from ${least} on, not ${values[name]}\n`)
  process.exit(2)
}
const [name = ''] = positionals
if (positionals.length !== 1 || !Object.hasOwn(fuzzers, name)) {
  process.stderr.write(`fuzz: name one of ${Object.keys(fuzzers).join(', ')}\n`)
  process.exit(2)
}
const runs = whole('runs', 1)
const seed = whole('seed', 0)
const workers = Math.min(whole('workers', 1), runs)

const corpus = readCorpus()

const inputOf = (index: number): string => fuzzers[name]!(corpus, false).input(createRandom(seed, index))
if (values.input !== undefined) {
  process.stdout.write(inputOf(whole('input', 0)))
  process.exit(0)
}

/** Bundled as the command line is: what runs a million times is not slowed by the loader's help for debugging. */
const bundle = buildSync({
  entryPoints: ['test/fuzz/worker.ts'],
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.20',
  write: false,
  logLevel: 'warning',
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(process.cwd() + '/fuzz.cjs').href" },
}).outputFiles[0]!.text

const started = performance.now()
const progress = new SharedArrayBuffer(4 * workers)
const cells = new Int32Array(progress)

const findingsOf = (cell: number): Promise<readonly Finding[]> =>
  new Promise((resolve) => {
    const shard = { seed, from: cell, to: runs, step: workers }
    const workerData: Job = { name, planted: values.planted, corpus, shard, cell, progress }
    const worker = new Worker(bundle, { eval: true, workerData })
    let index = -1
    let since = performance.now()
    const end = (findings: readonly Finding[]): void => {
      clearInterval(watch)
      void worker.terminate()
      resolve(findings)
    }
    const watch = setInterval(() => {
      const now = Atomics.load(cells, cell)
      if (now !== index) {
        index = now
        since = performance.now()
      } else if (performance.now() - since > hangMs)
        end([{ index, input: inputOf(index), problem: { kind: 'hang', detail: `more than ${hangMs / 1000} s` } }])
    }, 500)
    worker.on('message', (findings: readonly Finding[]) => end(findings))
    worker.on('error', (error) => {
      const at = Atomics.load(cells, cell)
      end([{ index: at, input: inputOf(at), problem: { kind: 'worker died', detail: String(error.stack) } }])
    })
  })

const tell = setInterval(() => {
  const done = cells.reduce((sum, index) => sum + Math.floor(index / workers), 0)
  const perSecond = Math.round((done / (performance.now() - started)) * 1000)
  process.stderr.write(`fuzz: ${done} of ${runs} runs, ${perSecond} a second\n`)
}, 15_000)
const findings = (await Promise.all(Array.from({ length: workers }, (_, cell) => findingsOf(cell)))).flat()
clearInterval(tell)

/** A hang cannot be made small: nothing of it ends. */
const shown = (text: string): string =>
  text.length <= 2000 ? text : `${text.slice(0, 2000)}… (${text.length} characters)`

for (const { index, input, problem } of findings.sort((a, b) => a.index - b.index))
  process.stdout.write(
    `\n${problem.kind} in run ${index}\n${problem.detail.replaceAll(/^/gm, '    ')}\n  the input, made small (npm run fuzz -- ${name} --seed ${seed} --input ${index} prints it whole):\n${shown(JSON.stringify(input))}\n${shown(input.replaceAll(/^/gm, '  | '))}\n`,
  )
const seconds = ((performance.now() - started) / 1000).toFixed(1)
process.stdout.write(
  findings.length === 0
    ? `fuzz ${name}: ${runs} runs with seed ${seed} in ${seconds} s, nothing found\n`
    : `\nfuzz ${name}: ${findings.length} found in ${seconds} s (seed ${seed})\n`,
)
process.exitCode = findings.length === 0 ? 0 : 1

if (name === 'http') {
  // A share of the runs, and what only a real connection can do, over sockets.
  const { attackSockets } = await import('./http/sockets.ts')
  const share = Math.min(2000, Math.ceil(runs / 20))
  const broken = await attackSockets(share, seed)
  for (const one of broken) process.stdout.write(`\nover sockets: ${one}\n`)
  if (broken.length === 0)
    process.stdout.write(`fuzz http: ${share} of them over sockets too, and a thousand watchers: held\n`)
  else process.exitCode = 1
}
