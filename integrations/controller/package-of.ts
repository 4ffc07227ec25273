import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** A package of the project that a module lies in, or one that is installed beside kscn; undefined if there is none. */
export const packageOf = <T>(name: string, path: string): T | undefined => {
  for (const from of [pathToFileURL(path).href, import.meta.url]) {
    try {
      return createRequire(from)(name) as T
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  return undefined
}
