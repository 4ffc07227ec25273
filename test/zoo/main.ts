import { parseArgs } from 'node:util'
import { compile } from '../../dsl/compile.ts'
import { createSourceHost } from '../../cli/source-host.ts'
import { createCluster } from '../../runtime/cluster/create-cluster.ts'
import { explore } from '../../runtime/explore/explore.ts'
import type { Record } from '../../runtime/record/record.ts'
import { bugs } from './bugs.ts'
import { withBug, type PlantedBug } from './planted-bug.ts'

// npm run zoo -- [--bug TEXT] [--clean RUNS]: every planted bug must be found by its property in its budget of runs, and the
// control plane without any must pass the same properties. Ends with 1 if not.

const { values } = parseArgs({ options: { bug: { type: 'string' }, clean: { type: 'string' } } })

const planOf = (property: string): ReturnType<typeof compile>['plan'] => {
  const { plan, diagnostics } = compile([`scenarios/properties/${property}.kscn`], createSourceHost())
  if (plan === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('\n'))
  return plan
}

const exploreOnce = (property: string, runs: number, bug: PlantedBug | undefined): Record => {
  const scenario = planOf(property)!.scenarios[0]!
  return explore(scenario, {
    seed: '0',
    runs,
    version: 'zoo',
    line: 1,
    createCluster: bug === undefined ? createCluster : withBug(createCluster, bug),
  })
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

let failed = 0
const properties = [...new Set(bugs.map((one) => one.property))]
const clean = Number(values.clean ?? '30')
const chosen = bugs.filter((one) => values.bug === undefined || one.name.includes(values.bug))
if (chosen.length === 0) {
  process.stderr.write(`zoo: no bug is named ${values.bug ?? ''}\n`)
  process.exit(2)
}

process.stdout.write(
  `${'planted bug'.padEnd(58)} ${'property'.padEnd(20)} found  budget  shrinks  faults holds steps statements\n`,
)
const runs: number[] = []
const sizes: number[] = []
for (const bug of chosen) {
  const record = exploreOnce(bug.property, bug.budget, bug)
  const failure = record.exploration?.failure
  const found = failure !== undefined && failure.verdict !== 'error'
  if (!found) failed += 1
  const size = failure?.size
  if (found) {
    runs.push(failure.run)
    sizes.push(failure.size.faults + failure.size.holds + failure.size.steps)
  }
  process.stdout.write(
    `${bug.name.padEnd(58)} ${bug.property.padEnd(20)} ${(found ? String(failure.run) : (failure?.verdict ?? 'NO')).padStart(5)}  ${String(bug.budget).padStart(6)}  ${String(failure?.shrinks ?? '').padStart(7)}  ${[size?.faults, size?.holds, size?.steps, size?.statements].map((one) => String(one ?? '').padStart(5)).join(' ')}\n`,
  )
}
process.stdout.write(
  `\n${runs.length} of ${chosen.length} found; runs: median ${median(runs)}, worst ${Math.max(0, ...runs)}; faults + holds + steps after shrinking: median ${median(sizes)}, worst ${Math.max(0, ...sizes)}\n\n`,
)
if (values.bug === undefined) {
  for (const property of properties) {
    const record = exploreOnce(property, clean, undefined)
    const passes = record.verdict === 'PASS'
    if (!passes) failed += 1
    process.stdout.write(
      `without a bug: ${property.padEnd(20)} ${passes ? `${record.exploration!.runs} runs, no false alarm` : `${record.verdict} in run ${record.exploration?.failure?.run ?? 0}: ${record.findings[0]?.message ?? ''}`}\n`,
    )
  }
}
process.exit(failed === 0 ? 0 : 1)
