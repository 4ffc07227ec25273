#!/usr/bin/env node
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

const require = createRequire(import.meta.url)
const file = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))

/** The bundle, from V8's compiled code where this very Node has kept it. */
const load = () => {
  const bundle = file('main.cjs')
  const code = file('main.code')
  const script = new Script(`(function(exports,require,module,__filename){${readFileSync(bundle, 'utf8')}\n})`, {
    filename: bundle,
    cachedData: existsSync(code) ? readFileSync(code) : undefined,
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle)
  return { script, main: module.exports.main }
}

const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${require('../package.json').version}\n`)
} else if (!existsSync(file('main.cjs'))) {
  process.stderr.write('kscn is not built: run `npm run build` first\n')
  process.exitCode = 3
} else {
  const { script, main } = load()
  // Code that V8 has kept compiled cannot import by itself.
  await main(args, (url) => import(url))
  const keep = process.env.KSCN_KEEP_CODE
  if (keep !== undefined) writeFileSync(keep, script.createCachedData())
}
