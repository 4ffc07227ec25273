import { parseArgs } from 'node:util'
import { api, printApi } from './api.ts'
import { controllers, printControllers } from './controllers.ts'
import { exploration } from './explore.ts'
import { foundation } from './foundation.ts'
import { language } from './language.ts'
import { printFigures, type Figures } from './measure.ts'
import { node } from './node.ts'
import { report } from './report.ts'
import { printSchedulerBench, scheduler } from './scheduler.ts'

// npm run bench -- NAME… [--json] [--oracle] [--large]: figures, never tests.
const benches: Readonly<Record<string, () => readonly Figures[]>> = {
  explore: exploration,
  foundation,
  language,
  report,
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, oracle: { type: 'boolean' }, large: { type: 'boolean' } },
  allowPositionals: true,
})
const names = [...Object.keys(benches), 'api', 'node', 'scheduler']
const unknown = positionals.filter((name) => !names.includes(name))
if (positionals.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `bench: ${unknown.length > 0 ? `no bench ${unknown.join(', ')}` : 'name a bench'}; there are ${names.join(', ')}\n`,
  )
  process.exit(2)
}
for (const name of positionals) {
  if (name === 'api') {
    const told = api()
    const text =
      values.json === true
        ? JSON.stringify({ schemaVersion: 1, bench: name, node: process.version, ...told }, undefined, 2)
        : printApi(told)
    process.stdout.write(`${text}\n`)
    continue
  }
  if (name === 'controllers') {
    const told = controllers({ large: values.large === true })
    const text =
      values.json === true
        ? JSON.stringify({ schemaVersion: 1, bench: name, node: process.version, ...told }, undefined, 2)
        : printControllers(told)
    process.stdout.write(`${text}\n`)
    continue
  }
  if (name === 'scheduler') {
    const told = scheduler({ oracle: values.oracle === true, large: values.large === true })
    const text =
      values.json === true
        ? JSON.stringify({ schemaVersion: 1, bench: name, node: process.version, ...told }, undefined, 2)
        : printSchedulerBench(told)
    process.stdout.write(`${text}\n`)
    continue
  }
  const figures = name === 'node' ? node(values.large === true) : benches[name]!()
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ schemaVersion: 1, bench: name, node: process.version, figures }, undefined, 2)}\n`
      : `${printFigures(figures)}\n`,
  )
}
