// node tools/sample-conformance.mjs FROM: writes test/conformance/sample, a small part of the recorded cases, spread evenly, so
// that a clone alone tests itself. The format is that of the whole.
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

const from = process.argv[2]
const to = 'test/conformance/sample'
/** Cases of one file at most, and bytes of one file at most (packed). */
const most = { cases: 24, bytes: 60_000, json: 100_000 }

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  )

rmSync(to, { recursive: true, force: true })
for (const path of files(from).sort()) {
  const target = join(to, path.slice(from.length + 1))
  const packed = path.endsWith('.gz')
  if (/\.jsonl(\.gz)?$/.test(path)) {
    const text = packed ? gunzipSync(readFileSync(path)).toString('utf8') : readFileSync(path, 'utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    // A kubectl session is one story: its first lines, not a selection.
    const story = path.includes('/kubectl/')
    let count = Math.min(most.cases, lines.length)
    for (;;) {
      const chosen = Array.from(
        { length: count },
        (_, index) => lines[story ? index : Math.floor((index * lines.length) / count)],
      )
      const body = chosen.map((line) => `${line}\n`).join('')
      const bytes = packed ? gzipSync(body, { level: 9 }) : Buffer.from(body)
      if (bytes.length <= most.bytes || count <= 3) {
        mkdirSync(dirname(target), { recursive: true })
        writeFileSync(target, bytes)
        break
      }
      count = Math.floor(count / 2)
    }
  } else if (/\.json$/.test(path) && statSync(path).size <= most.json) {
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, readFileSync(path))
  }
}
