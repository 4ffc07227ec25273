import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'
import { realPath } from './project-folder.ts'

/** The whole new text stands in the file, or the old one does: it is written beside it and takes its name. */
export const replaceFile = (path: string, text: string): void => {
  // A link stays a link: what it leads to is replaced.
  const real = realPath(path)
  const temporary = `${real}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text, { mode: statSync(real).mode })
    renameSync(temporary, real)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}
