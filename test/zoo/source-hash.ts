import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const rooms = ['api', 'dsl', 'runtime', 'scenarios/properties']

/** Of all that a run depends on: what was explored with other code says nothing about this one. */
export const sourceHash = (): string => {
  const hash = createHash('sha256')
  for (const room of rooms)
    for (const entry of readdirSync(room, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(ts|kscn)$/.test(entry)) continue
      hash
        .update(entry)
        .update('\0')
        .update(readFileSync(join(room, entry)))
    }
  return hash.digest('hex').slice(0, 16)
}
