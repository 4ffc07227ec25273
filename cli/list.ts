import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { positionAt } from '../dsl/source/line-map.ts'
import { compileTargets } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { selectScenarios } from './select-scenarios.ts'

export interface ListFlags {
  readonly json?: boolean
  readonly filter?: string
  readonly tag?: readonly string[]
  readonly color?: boolean
}

interface Listed {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly title: string
  readonly row: string
  readonly tags: readonly { readonly name: string; readonly args: readonly string[] }[]
}

const listed = (scenario: ScenarioPlan, text: string): Listed => ({
  file: scenario.span.file,
  ...positionAt(text, scenario.span.start),
  title: scenario.title,
  row: scenario.row,
  tags: scenario.tags.map((tag) => ({ name: tag.name, args: tag.args })),
})

const inWords = ({ file, line, title, row, tags }: Listed): string => {
  const marks = tags.map(({ name, args }) => ` @${name}${args.length === 0 ? '' : `(${args.join(', ')})`}`).join('')
  return `${file}:${line}  ${title}${row === '' ? '' : ` ${row}`}${marks}\n`
}

/** Prints the scenarios that `run` would run, in its order. */
export const list = (paths: readonly string[], flags: ListFlags): ExitCode => {
  const targets = findScenarios(paths)
  const { plan, sources } = compileTargets(targets, flags.color)
  if (plan === undefined) return exitCode.wrong
  const selection = { filter: flags.filter, tags: flags.tag ?? [], ci: false }
  const scenarios = selectScenarios(plan.scenarios, targets, selection, sources).map((scenario) =>
    listed(scenario, sources.get(scenario.span.file) ?? ''),
  )
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(scenarios, null, 2)}\n` : scenarios.map(inWords).join(''),
  )
  return exitCode.held
}
