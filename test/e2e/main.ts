import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// npm run e2e -- NAME [options]: one file a suite beside this one, each with a `run` that gives the exit code.
const here = dirname(fileURLToPath(import.meta.url))
const suites = ['kubectl', 'clients']
const [name, ...args] = process.argv.slice(2)
if (name === undefined || !suites.includes(name) || !existsSync(join(here, `${name}.ts`))) {
  process.stderr.write(`e2e: npm run e2e -- NAME, where NAME is one of ${suites.join(', ')}\n`)
  process.exit(2)
}
const suite = (await import(`./${name}.ts`)) as { readonly run: (args: readonly string[]) => Promise<number> }
process.exit(await suite.run(args))
