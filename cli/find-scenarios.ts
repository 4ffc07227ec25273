import { existsSync, statSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { UsageError } from './usage-error.ts'

/** A file to run, and the line of one scenario in it if the user named one (`web.kscn:42`). */
export interface Target {
  readonly path: string
  readonly line: number | undefined
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const one = (argument: string): Target[] => {
  if (argument === '-') return [{ path: '-', line: undefined }]
  const withLine = /^(.*\.kscn|-):(\d+)(?::\d+)?$/.exec(argument)
  if (withLine !== null) return [{ path: withLine[1]!, line: Number(withLine[2]) }]
  const stat = statSync(argument, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) {
    const files = globSync('**/*.kscn', {
      cwd: argument,
      expandDirectories: false,
      ignore: ['**/node_modules/**'],
    }).sort(byText)
    if (files.length === 0) throw new UsageError(`no .kscn file below ${argument}`)
    return files.map((file) => ({ path: `${argument.replace(/\/+$/, '')}/${file}`, line: undefined }))
  }
  if (stat !== undefined || existsSync(argument)) return [{ path: argument, line: undefined }]
  const files = /[*?[{]/.test(argument) ? globSync(argument, { expandDirectories: false }).sort(byText) : []
  if (files.length === 0)
    throw new UsageError(
      `no file ${argument}`,
      'name a .kscn file, a folder, a glob, FILE:LINE, or - for standard input',
    )
  return files.map((file) => ({ path: file, line: undefined }))
}

/** The files behind the arguments, in order, each once. */
export const findScenarios = (args: readonly string[]): Target[] => {
  const seen = new Set<string>()
  return args.flatMap(one).filter(({ path, line }) => {
    const key = `${path}:${line ?? ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
