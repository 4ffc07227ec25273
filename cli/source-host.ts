import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { globSync } from 'tinyglobby'
import type { SourceFile, SourceHost, Unreadable } from '../dsl/source/source-file.ts'
import { outsideAllowed } from './allow-outside.ts'
import { liesIn, projectFolder } from './project-folder.ts'

const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return code === undefined ? String(error) : `it cannot be read (${code})`
}

const readText = (path: string): string | Unreadable => {
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

/**
 * Reads from disk, relative to the file that asks. Each file is read once. What a scenario names must lie in its project, so
 * that one from a stranger can be checked without showing what else is on the machine.
 */
export const createSourceHost = (allowOutside: boolean = outsideAllowed()): SourceHost => {
  const known = new Map<string, SourceFile | Unreadable>()
  /** Of each file that was named on the command line, and of those that it led to. */
  const projects = new Map<string, string>()
  const projectOf = (from: string): string => {
    let folder = projects.get(from)
    if (folder === undefined) {
      folder = projectFolder(from)
      projects.set(from, folder)
    }
    return folder
  }
  /** A dash that a scenario names is a file like any other, not standard input. */
  const isOutside = (full: string, from: string): boolean =>
    !allowOutside && from !== '' && !liesIn(full, projectOf(from))
  return {
    read(path, from) {
      const full = besides(path === '-' && from !== '' ? './-' : path, from)
      if (isOutside(full, from)) return { error: 'it lies outside of the project', outside: true }
      let answer = known.get(full)
      if (answer === undefined) {
        const text = readText(full)
        answer = typeof text === 'string' ? { path: full, text } : text
        known.set(full, answer)
      }
      if (from !== '' && !projects.has(full)) projects.set(full, projectOf(from))
      return answer
    },
    glob(pattern, from) {
      const full = besides(pattern, from)
      if (statSync(full, { throwIfNoEntry: false })?.isFile() === true) return [pattern]
      // The names of what lies outside are not for the scenario: reading the pattern says so.
      if (isOutside(full.replace(/[*?{[(!].*$/s, 'x'), from)) return [pattern]
      const folder = isAbsolute(pattern) || from === '' || from === '-' ? '' : dirname(from)
      return globSync(full, {
        absolute: isAbsolute(full),
        expandDirectories: false,
        followSymbolicLinks: allowOutside,
      })
        .map((found) => (folder === '' ? found : relative(folder, found)))
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    },
  }
}
