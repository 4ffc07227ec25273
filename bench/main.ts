import { parseArgs } from 'node:util'
import { foundation } from './foundation.ts'
import { language } from './language.ts'
import { printFigures, type Figures } from './measure.ts'

// npm run bench -- NAME… [--json]: figures, never tests.
const benches: Readonly<Record<string, () => readonly Figures[]>> = { foundation, language }

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
const unknown = positionals.filter((name) => benches[name] === undefined)
if (positionals.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `bench: ${unknown.length > 0 ? `no bench ${unknown.join(', ')}` : 'name a bench'}; there are ${Object.keys(benches).join(', ')}\n`,
  )
  process.exit(2)
}
for (const name of positionals) {
  const figures = benches[name]!()
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ schemaVersion: 1, bench: name, node: process.version, figures }, undefined, 2)}\n`
      : `${printFigures(figures)}\n`,
  )
}
