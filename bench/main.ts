import { parseArgs } from 'node:util'
import { api, printApi } from './api.ts'
import { controllers } from './controllers.ts'
import { exploration } from './explore.ts'
import { foundation } from './foundation.ts'
import { printGrowth } from './growth.ts'
import { language } from './language.ts'
import { printFigures, type Figures } from './measure.ts'
import { node } from './node.ts'
import { report } from './report.ts'
import { printSchedulerBench, scheduler } from './scheduler.ts'

interface Options {
  readonly oracle: boolean
  readonly large: boolean
}

/** What a bench found, for programs and for people. */
interface Told {
  readonly json: object
  readonly text: string
}

const figuresOf = (measured: () => readonly Figures[]) => (): Told => {
  const figures = measured()
  return { json: { figures }, text: printFigures(figures) }
}

// npm run bench -- NAME… [--json] [--oracle] [--large]: figures, never tests.
const benches: Readonly<Record<string, (options: Options) => Told | Promise<Told>>> = {
  async explore() {
    const figures = await exploration()
    return { json: { figures }, text: printFigures(figures) }
  },
  foundation: figuresOf(foundation),
  language: figuresOf(language),
  report: figuresOf(report),
  async api(options) {
    const told = await api(options)
    return { json: told, text: printApi(told) }
  },
  controllers(options) {
    const told = controllers(options)
    return { json: told, text: printGrowth(told) }
  },
  node(options) {
    const told = node(options)
    return { json: told, text: printGrowth(told) }
  },
  scheduler(options) {
    const told = scheduler(options)
    return { json: told, text: printSchedulerBench(told) }
  },
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, oracle: { type: 'boolean' }, large: { type: 'boolean' } },
  allowPositionals: true,
})
const names = Object.keys(benches).sort()
const unknown = positionals.filter((name) => !names.includes(name))
if (positionals.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `bench: ${unknown.length > 0 ? `no bench ${unknown.join(', ')}` : 'name a bench'}; there are ${names.join(', ')}\n`,
  )
  process.exit(2)
}
for (const name of positionals) {
  const { json, text } = await benches[name]!({ oracle: values.oracle === true, large: values.large === true })
  const whole = { schemaVersion: 1, bench: name, node: process.version, ...json }
  process.stdout.write(`${values.json === true ? JSON.stringify(whole, undefined, 2) : text}\n`)
}
