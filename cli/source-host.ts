import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { globSync } from 'tinyglobby'
import type { SourceFile, SourceHost } from '../dsl/source/source-file.ts'

const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return code === undefined ? String(error) : `it cannot be read (${code})`
}

const readText = (path: string): string | { readonly error: string } => {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path)
    // A byte order mark is no part of the text; bytes that are no UTF-8 would silently change the text.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    return { error: error instanceof TypeError ? 'it is not UTF-8 text' : reasonOf(error) }
  }
}

const besides = (path: string, from: string): string =>
  path === '-' || isAbsolute(path) || from === '' || from === '-' ? path : join(dirname(from), path)

/** Reads from disk, relative to the file that asks. Each file is read once. */
export const createSourceHost = (): SourceHost => {
  const known = new Map<string, SourceFile | { readonly error: string }>()
  return {
    read(path, from) {
      const full = besides(path, from)
      let answer = known.get(full)
      if (answer === undefined) {
        const text = readText(full)
        answer = typeof text === 'string' ? { path: full, text } : text
        known.set(full, answer)
      }
      return answer
    },
    glob(pattern, from) {
      const full = besides(pattern, from)
      if (statSync(full, { throwIfNoEntry: false })?.isFile() === true) return [full]
      return globSync(full, { absolute: isAbsolute(full), expandDirectories: false }).sort((a, b) =>
        a < b ? -1 : a > b ? 1 : 0,
      )
    },
  }
}
