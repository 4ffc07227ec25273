#!/usr/bin/env node
import module, { createRequire } from 'node:module'
import { existsSync } from 'node:fs'

const [first, ...others] = process.argv.slice(2)
if ((first === '--version' || first === '-V') && others.length === 0) {
  process.stdout.write(`${createRequire(import.meta.url)('../package.json').version}\n`)
} else {
  // V8 keeps compiled code between runs where Node can (22.1 and later).
  module.enableCompileCache?.()
  const built = new URL('../dist/main.mjs', import.meta.url)
  if (existsSync(built)) {
    const { main } = await import(built.href)
    await main(process.argv.slice(2))
  } else {
    process.stderr.write('kscn is not built: run `npm run build` first\n')
    process.exitCode = 3
  }
}
