// node tools/build.mjs [OUTDIR]: builds the command line as ES modules with lazily loaded chunks. Recorded data become
// JSON.parse of a string, which V8 reads several times faster than an object literal.
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
    entryPoints: { main: 'cli/main.ts', 'hash-scenarios': 'cli/hash-scenarios.ts' },
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.20',
    outExtension: { '.js': '.mjs' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: "import { createRequire as kscnRequire } from 'node:module';const require = kscnRequire(import.meta.url);" },
    plugins: [...plugins, json],
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundle(process.argv[2] ?? 'dist')
