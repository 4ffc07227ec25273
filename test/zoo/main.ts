import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bugs } from './bugs.ts'
import { openCleanState } from './clean-state.ts'
import type { Clean, Hunt, Job } from './jobs.ts'
import { sourceHash } from './source-hash.ts'
import { huntLine, huntTable, judgeHunts } from './table.ts'
import { workOff } from './work-off.ts'

// npm run zoo -- [--bug TEXT] [--seeds N] [--clean RUNS] [--only-clean] [--no-shrinking] [--trace] [--state FILE] [--keep FOLDER] [--workers N]: every
// planted bug must be found by its property in its budget of runs, with every seed, and its shrunk file must fail alone and pass
// without the bug; and the control plane as it is must pass the same properties in so many runs. Ends with 1 if not.

const { values } = parseArgs({
  options: {
    bug: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    clean: { type: 'string' },
    'only-clean': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    'no-shrinking': { type: 'boolean', default: false },
    state: { type: 'string' },
    keep: { type: 'string' },
    workers: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  },
})

const wrong = (message: string): never => {
  process.stderr.write(`zoo: ${message}\n`)
  process.exit(2)
}
const wholeNumber = (name: string, text: string): number =>
  /^[1-9][0-9]*$/.test(text) ? Number(text) : wrong(`--${name} wants a whole number of at least 1, not ${text}`)

const seeds = wholeNumber('seeds', values.seeds)
const workers = wholeNumber('workers', values.workers)
const chosen = bugs.filter((one) => values.bug === undefined || one.name.includes(values.bug))
if (chosen.length === 0) wrong(`no bug is named ${values.bug ?? ''}`)

const huntAll = async (): Promise<readonly string[]> => {
  const jobs = chosen.flatMap(({ name }) =>
    Array.from({ length: seeds }, (_, seed): Job => ({
      kind: 'hunt',
      bug: name,
      seed: String(seed),
      shrink: seed === 0 && !values['no-shrinking'],
    })),
  )
  const hunts: Hunt[] = []
  await workOff(jobs, workers, (answer) => {
    if (answer.kind === 'hunt') {
      hunts.push(answer)
      if (values.trace) process.stderr.write(huntLine(answer))
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${hunts.length} of ${jobs.length} hunts `)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  if (values.keep !== undefined) {
    mkdirSync(values.keep, { recursive: true })
    for (const { bug, kept } of hunts)
      if (kept !== undefined)
        writeFileSync(join(values.keep, `${bug.toLowerCase().replace(/[^a-z]+/g, '-')}.kscn`), kept.text)
  }
  process.stdout.write(huntTable(chosen, hunts))
  return judgeHunts(chosen, hunts)
}

/** Runs of an exploration of its own: a sweep over all writes first, random schedules behind it. */
const chunkRuns = 100

const exploreAll = async (runs: number): Promise<readonly string[]> => {
  const properties = [...new Set(bugs.map((one) => one.property))].sort()
  const chunks = Math.ceil(runs / chunkRuns)
  const state = openCleanState(
    values.state ?? join(tmpdir(), 'kscn-zoo', 'clean.jsonl'),
    `the control plane ${sourceHash()}, ${chunkRuns} runs a chunk`,
  )
  const jobs = Array.from({ length: chunks }, (_, chunk): Job => {
    const property = properties[chunk % properties.length]!
    return { kind: 'clean', chunk, property, seed: `clean/${chunk}`, runs: chunkRuns }
  }).filter((job) => job.kind === 'clean' && !state.done.has(job.chunk))
  let told = chunks - jobs.length
  if (told > 0) process.stdout.write(`${told} of ${chunks} chunks were explored before\n`)
  await workOff(jobs, workers, (answer) => {
    if (answer.kind === 'clean') state.add(answer)
    told += 1
    if (process.stderr.isTTY) process.stderr.write(`\r${told} of ${chunks} chunks `)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  const done = Array.from({ length: chunks }, (_, chunk) => state.done.get(chunk)!)
  const alarms: string[] = []
  for (const property of properties) {
    const own = done.filter((one: Clean) => one.property === property)
    const loud = own.filter((one) => one.alarm !== undefined)
    for (const { alarm } of loud) alarms.push(`false alarm of ${property}, ${alarm!}`)
    if (own.length === 0) continue
    const made = own.reduce((sum, one) => sum + one.runs, 0)
    process.stdout.write(
      `without a bug: ${property.padEnd(22)} ${String(made).padStart(7)} runs, ${loud.length === 0 ? 'no false alarm' : `${loud.length} alarms`}\n`,
    )
  }
  const made = done.reduce((sum, one) => sum + one.runs, 0)
  process.stdout.write(`without a bug: ${made} runs in all, ${alarms.length} false alarms\n`)
  return alarms
}

const problems = [
  ...(values['only-clean'] ? [] : await huntAll()),
  ...(values.bug === undefined ? await exploreAll(wholeNumber('clean', values.clean ?? '1000')) : []),
]
for (const problem of problems) process.stdout.write(`zoo: ${problem}\n`)
process.exit(problems.length === 0 ? 0 : 1)
