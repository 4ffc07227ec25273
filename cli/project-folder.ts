import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

/** What stands in the folder that a project begins at. */
const marks = ['.git', 'package.json', 'kscn.json', 'kscn.config.json', '.kscnrc']

/** A path with its symbolic links resolved; of what is not there, as far as it is. */
export const realPath = (path: string): string => {
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch {
    const above = dirname(absolute)
    return above === absolute ? absolute : join(realPath(above), basename(absolute))
  }
}

/** The nearest folder at or above a scenario's that a project begins at; without one, the scenario's own folder. */
export const projectFolder = (scenario: string): string => {
  const own = scenario === '-' ? realPath('.') : dirname(realPath(scenario))
  for (let folder = own; ; folder = dirname(folder)) {
    if (marks.some((mark) => existsSync(join(folder, mark)))) return folder
    if (dirname(folder) === folder) return own
  }
}

/** Whether a path, its links resolved, lies in a folder. */
export const liesIn = (path: string, folder: string): boolean => {
  const real = realPath(path)
  return real === folder || real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}
