import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clean } from './jobs.ts'

/** Where a long exploration has got to: it may be ended at any time, and goes on where it was. */
export interface CleanState {
  readonly done: ReadonlyMap<number, Clean>
  add(answer: Clean): void
}

/** A line a chunk. The first line says of what; a file about something else is begun anew. */
export const openCleanState = (path: string, of: string): CleanState => {
  const done = new Map<number, Clean>()
  const [head, ...lines] = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  if (head === of) {
    for (const line of lines) {
      // The last line may be cut short.
      if (!line.endsWith('}')) continue
      const answer = JSON.parse(line) as Clean
      done.set(answer.chunk, answer)
    }
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${of}\n`)
  }
  return {
    done,
    add(answer) {
      done.set(answer.chunk, answer)
      appendFileSync(path, `${JSON.stringify(answer)}\n`)
    },
  }
}
