// node tools/build.mjs [OUTDIR]: bundles the command line into one CommonJS file and keeps V8's compiled code of it beside it, so
// that a start compiles nothing. Recorded data become JSON.parse of a string, which V8 reads faster than an object literal.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildTypes } from './build-types.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const json = {
  name: 'json',
  setup(plugin) {
    plugin.onLoad({ filter: /\.json$/ }, ({ path }) => ({
      contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))))})`,
      loader: 'js',
    }))
  },
}

/** `plugins` come first: a test plants a fault into one module with them. */
export const buildBundle = async (outdir, plugins = []) => {
  rmSync(outdir, { recursive: true, force: true })
  await build({
    entryPoints: {
      main: 'cli/main.ts',
      'hash-scenarios': 'cli/hash-scenarios.ts',
      builder: 'cli/builder.ts',
      controller: 'cli/controller.ts',
      scheduler: 'cli/scheduler.ts',
      'explore-worker': 'cli/explore-worker.ts',
      vitest: 'cli/vitest.ts',
      'fast-check': 'cli/fast-check.ts',
    },
    absWorkingDir: root,
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    outExtension: { '.js': '.cjs' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    // Some packages ask where they stand; a CommonJS file answers by another name.
    define: { 'import.meta.url': 'kscnBundleUrl' },
    banner: { js: "const kscnBundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    // Users' own properties and these arbitraries must meet in one copy.
    external: ['fast-check'],
    plugins: [...plugins, json],
  })
}

/** Runs an example once and keeps what V8 has compiled by then. Another Node version or V8 flag simply compiles anew. */
export const keepCompiledCode = (outdir) => {
  const child = spawnSync(
    process.execPath,
    [join(root, 'cli/bin.mjs'), 'run', 'scenarios/examples/online-boutique.kscn'],
    {
      cwd: root,
      env: { ...process.env, KSCN_KEEP_CODE: join(outdir, 'main.code') },
      encoding: 'utf8',
    },
  )
  if (child.status !== 0) process.stderr.write(`no compiled code was kept:\n${child.stdout}${child.stderr}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = process.argv[2] ?? join(root, 'dist')
  await buildBundle(outdir)
  buildTypes(join(outdir, 'types'))
  keepCompiledCode(outdir)
}
