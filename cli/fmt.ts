import { readFileSync } from 'node:fs'
import { format } from '../dsl/format/format.ts'
import type { SourceFile } from '../dsl/source/source-file.ts'
import { compileTargets } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { replaceFile } from './replace-file.ts'
import { createSourceHost } from './source-host.ts'
import { UsageError } from './usage-error.ts'

export interface FmtFlags {
  readonly check?: boolean
  readonly stdinFilepath?: string
}

const sourceOf = (path: string): SourceFile => {
  const file = createSourceHost().read(path, '')
  if ('error' in file) throw new UsageError(`${path} cannot be read: ${file.error}`)
  return file
}

/** Formats standard input to standard output, as editors ask for it. */
const formatInput = (name: string, check: boolean): ExitCode => {
  const text = readFileSync(0, 'utf8')
  const out = format(text, name)
  if (out === undefined) {
    process.stderr.write(`${name}: not formatted, it has syntax errors\n`)
    return exitCode.wrong
  }
  if (!check) process.stdout.write(out)
  return check && out !== text ? exitCode.failed : exitCode.held
}

/** Formats files in place; with `check` only names those that would change. */
export const fmt = (paths: readonly string[], flags: FmtFlags): ExitCode => {
  const check = flags.check === true
  if (flags.stdinFilepath !== undefined || (paths.length === 1 && paths[0] === '-'))
    return formatInput(flags.stdinFilepath ?? '-', check)
  if (paths.length === 0)
    throw new UsageError('no file to format', 'name files, folders or globs, or - for standard input')
  let code: ExitCode = exitCode.held
  const broken: string[] = []
  for (const path of new Set(findScenarios(paths).map((target) => target.path))) {
    const { text } = sourceOf(path)
    const out = format(text, path)
    if (out === undefined) broken.push(path)
    else if (out !== text) {
      process.stdout.write(`${path}\n`)
      if (check) code = exitCode.failed
      else replaceFile(path, out)
    }
  }
  if (broken.length === 0) return code
  for (const path of broken) process.stderr.write(`${path}: not formatted, it has syntax errors\n`)
  compileTargets(
    broken.map((path) => ({ path, line: undefined })),
    undefined,
  )
  return exitCode.wrong
}
