import { compileTargets } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'

export interface CheckFlags {
  readonly color?: boolean
}

export const check = (paths: readonly string[], flags: CheckFlags): ExitCode => {
  const { plan, errors, warnings } = compileTargets(findScenarios(paths), flags.color)
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
  if (plan === undefined) {
    process.stderr.write(`${count(errors, 'error')}${warnings > 0 ? `, ${count(warnings, 'warning')}` : ''}\n`)
    return exitCode.wrong
  }
  process.stdout.write(
    `${count(plan.scenarios.length, 'scenario')}, no errors${warnings > 0 ? `, ${count(warnings, 'warning')}` : ''}\n`,
  )
  return exitCode.held
}
