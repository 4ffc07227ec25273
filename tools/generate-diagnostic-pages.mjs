// Writes cli/diagnostic-pages.generated.json from docs/diagnostics/*.md, so that `kscn explain K104` needs no file:
// node tools/generate-diagnostic-pages.mjs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = 'docs/diagnostics'
const pages = {}
for (const name of readdirSync(folder).sort()) {
  const code = /^(K\d+)\.md$/.exec(name)?.[1]
  if (code !== undefined) pages[code] = readFileSync(`${folder}/${name}`, 'utf8')
}
writeFileSync('cli/diagnostic-pages.generated.json', `${JSON.stringify(pages, null, 2)}\n`)
