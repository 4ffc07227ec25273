import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

let folder: string | undefined

/** A module of this repository as the build makes it: what runs a bench is what users run, not what a loader makes of the source. */
export const bundled = (path: string): string => {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'kscn-bench-'))
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
    folder = made
  }
  const outfile = join(folder, basename(path).replace(/\.ts$/, '.cjs'))
  buildSync({
    entryPoints: [fileURLToPath(new URL(`../${path}`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    logLevel: 'error',
    define: { 'import.meta.url': 'kscnBundleUrl' },
    banner: { js: "const kscnBundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  })
  return outfile
}
