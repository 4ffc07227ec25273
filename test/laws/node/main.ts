import { readdirSync } from 'node:fs'
import { scenariosOf } from '../controllers/law-run.ts'
import { heartbeatDifference } from './heartbeat-run.ts'
import { differenceAt, nodeRun } from './restart-run.ts'

// npm run laws:node [-- NAME]: a kubelet that is restarted at any of its events, in any scenario of scenarios/kubelet, ends in the
// same state, and one that loops goes through the same states; heartbeats that are computed give the timeline of those that are
// written, in every scenario of the node. All of them; npm test takes a sample.
const folder = 'scenarios/kubelet'
const only = process.argv[2] ?? ''
let restarts = 0
let broken = 0
let loops = 0
let quiet = 0
const names = readdirSync(folder).filter((name) => name.endsWith('.kscn') && name.startsWith(only))
for (const name of names) {
  for (const scenario of scenariosOf(`${folder}/${name}`)) {
    const base = nodeRun(scenario)
    if (!base.settled) loops += 1
    if (base.events.length === 0) quiet += 1
    for (const restart of base.events) {
      restarts += 1
      const difference = differenceAt(scenario, restart, base.end)
      if (difference.length === 0) continue
      broken += 1
      process.stdout.write(`${name} ${difference.join('\n  ')}\n`)
    }
  }
}
process.stdout.write(
  `${names.length} files (${loops} scenarios that loop, ${quiet} in which no kubelet acts), ${restarts} restarts, ${broken} with another end\n`,
)

let compared = 0
let differing = 0
for (const part of ['kubelet', 'node', 'network', 'faults']) {
  for (const name of readdirSync(`scenarios/${part}`).filter((one) => one.endsWith('.kscn') && one.startsWith(only))) {
    for (const scenario of scenariosOf(`scenarios/${part}/${name}`)) {
      compared += 1
      const difference = heartbeatDifference(scenario)
      if (difference.length === 0) continue
      differing += 1
      process.stdout.write(`${part}/${name} ${difference.join('\n  ')}\n`)
    }
  }
}
process.stdout.write(`${compared} scenarios with lazy and with eager heartbeats, ${differing} with another timeline\n`)
process.exitCode = broken + differing === 0 && restarts > 0 ? 0 : 1
