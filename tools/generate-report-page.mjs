// Writes reporters/html/page.generated.ts: the report page's script and style as strings, with their hashes for its content security
// policy: npm run generate.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { build, transform } from 'esbuild'

const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`
/** Inside of an element a text must not end it. */
const safe = (text) => text.trim().replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--')

const { outputFiles } = await build({
  entryPoints: ['reporters/html/client/main.ts'],
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
})
const script = safe(outputFiles[0].text)
const { code } = await transform(readFileSync('reporters/html/page.css', 'utf8'), { loader: 'css', minify: true })
const style = safe(code)
const quoted = (text) => `\n  '${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
writeFileSync(
  'reporters/html/page.generated.ts',
  `export const pageScript: string =${quoted(script)}
export const pageScriptHash: string =${quoted(hash(script))}
export const pageStyle: string =${quoted(style)}
export const pageStyleHash: string =${quoted(hash(style))}
`,
)
