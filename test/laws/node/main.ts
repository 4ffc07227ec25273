import { readdirSync } from 'node:fs'
import { scenariosOf } from '../controllers/law-run.ts'
import { differenceAt, endOf, nodeRun } from './restart-run.ts'

// npm run laws:node [-- NAME]: a kubelet that is restarted at any of its events, in any scenario of scenarios/kubelet, ends in the
// same state. All of them; npm test takes a sample. A crash loop has no end to compare.
const folder = 'scenarios/kubelet'
const only = process.argv[2] ?? ''
let restarts = 0
let broken = 0
let endless = 0
const names = readdirSync(folder).filter((name) => name.endsWith('.kscn') && name.startsWith(only))
for (const name of names) {
  for (const scenario of scenariosOf(`${folder}/${name}`)) {
    const base = nodeRun(scenario)
    if (!base.settled) {
      endless += 1
      continue
    }
    const expected = endOf(base)
    for (const restart of base.events) {
      restarts += 1
      const difference = differenceAt(scenario, restart, expected)
      if (difference.length === 0) continue
      broken += 1
      process.stdout.write(`${name} ${difference.join('\n  ')}\n`)
    }
  }
}
process.stdout.write(
  `${names.length} files, ${restarts} restarts, ${broken} with another end, ${endless} without an end\n`,
)
process.exitCode = broken === 0 && restarts > 0 ? 0 : 1
