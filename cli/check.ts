import { compile } from '../dsl/compile.ts'
import { renderDiagnostics } from '../dsl/diagnostics/render.ts'
import { diagnosticToJson } from '../dsl/diagnostics/to-json.ts'
import { diagnosticsInTargets } from './diagnostics-in-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { fixScenarios } from './fix-scenarios.ts'
import { createSourceHost } from './source-host.ts'
import { terminalOf } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface CheckFlags {
  readonly color?: boolean
  readonly fix?: boolean
  readonly json?: boolean
  readonly filter?: string
  readonly tag?: readonly string[]
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`

/** Prints every diagnostic of the files; with `fix` after mending what can be mended. Runs nothing. */
export const check = (paths: readonly string[], flags: CheckFlags): ExitCode => {
  const targets = findScenarios(paths)
  const files = [...new Set(targets.map((target) => target.path))]
  if (flags.fix === true && (flags.filter !== undefined || flags.tag !== undefined))
    throw new UsageError('--fix mends whole files', 'leave --filter and --tag out, or fix first and check then')
  if (flags.fix === true) fix(files, flags.json === true)
  const { plan, diagnostics: all, sources } = compile(files, createSourceHost())
  const { diagnostics, scenarios } = diagnosticsInTargets(all, targets, sources, {
    filter: flags.filter,
    tags: flags.tag ?? [],
  })
  const errors = diagnostics.filter((one) => one.severity === 'error').length
  const warnings = diagnostics.length - errors
  const code = errors > 0 ? exitCode.wrong : exitCode.held
  if (flags.json === true) {
    const found = diagnostics.map((one) => diagnosticToJson(one, sources))
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, errors, warnings, diagnostics: found }, null, 2)}\n`)
    return code
  }
  const { color, width } = terminalOf(process.stderr, flags.color)
  process.stderr.write(renderDiagnostics(diagnostics, sources, { color, width }))
  const more = warnings > 0 ? `, ${count(warnings, 'warning')}` : ''
  if (errors > 0) {
    const fixable = diagnostics.filter((one) => one.fix !== undefined && files.includes(one.span.file)).length
    const offer = fixable > 0 ? `; kscn check --fix mends ${fixable === 1 ? 'one of them' : `${fixable} of them`}` : ''
    process.stderr.write(`${count(errors, 'error')}${more}${offer}\n`)
  } else process.stdout.write(`${count(scenarios ?? plan?.scenarios.length ?? 0, 'scenario')}, no errors${more}\n`)
  return code
}

const fix = (files: readonly string[], quiet: boolean): void => {
  if (files.includes('-'))
    throw new UsageError('--fix writes files, and standard input is none', 'name the files that should be mended')
  const fixed = fixScenarios(files, createSourceHost())
  if (quiet) return
  for (const { diagnostic, line, column } of fixed)
    process.stdout.write(`fixed[${diagnostic.code}] ${diagnostic.span.file}:${line}:${column}  ${diagnostic.message}\n`)
  process.stdout.write(`${fixed.length === 0 ? 'nothing to fix' : `${count(fixed.length, 'mistake')} fixed`}\n`)
}
