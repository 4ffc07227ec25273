import { readdirSync } from 'node:fs'
import { differenceAt, gapsOf } from './crash-gaps.ts'
import { finalState } from './final-state.ts'
import { lawRun, scenariosOf } from './law-run.ts'

// npm run laws [-- NAME]: a crash of kube-controller-manager before and after every write of every scenario in scenarios/controllers
// ends in the same state. All of them; npm test takes a sample.
const folder = 'scenarios/controllers'
const only = process.argv[2] ?? ''
let gaps = 0
let broken = 0
const names = readdirSync(folder).filter((name) => name.endsWith('.kscn') && name.startsWith(only))
for (const name of names) {
  for (const scenario of scenariosOf(`${folder}/${name}`)) {
    const base = lawRun(scenario)
    if (base.record.verdict !== 'PASS') {
      process.stdout.write(`${name}: ${base.record.verdict}\n`)
      broken += 1
      continue
    }
    const expected = finalState(base.cluster)
    for (const gap of gapsOf(base)) {
      gaps += 1
      const difference = differenceAt(scenario, gap, expected)
      if (difference.length === 0) continue
      broken += 1
      process.stdout.write(`${name} ${difference.join('\n  ')}\n`)
    }
  }
}
process.stdout.write(`${names.length} files, ${gaps} gaps, ${broken} with another end\n`)
process.exitCode = broken === 0 && gaps > 0 ? 0 : 1
