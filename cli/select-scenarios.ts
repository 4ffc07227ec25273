import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { atLine } from './compile-targets.ts'
import type { Target } from './find-scenarios.ts'
import { UsageError } from './usage-error.ts'

export interface Selection {
  readonly filter: string | undefined
  readonly tags: readonly string[]
  readonly ci: boolean
}

const nameOf = (scenario: ScenarioPlan): string =>
  scenario.row === '' ? scenario.title : `${scenario.title} ${scenario.row}`

/** The scenarios that the command line asks for, in order. Choosing nothing is an error: it would pass by accident. */
export const selectScenarios = (
  scenarios: readonly ScenarioPlan[],
  targets: readonly Target[],
  selection: Selection,
  sources: ReadonlyMap<string, string>,
): readonly ScenarioPlan[] => {
  const inTargets = targets.flatMap((target) => {
    const inFile = scenarios.filter((scenario) => scenario.span.file === target.path)
    if (target.line === undefined) return inFile
    const found = atLine(inFile, target.line, sources.get(target.path) ?? '')
    if (found.length === 0)
      throw new UsageError(`no scenario at ${target.path}:${target.line}`, `the first one begins further down`)
    return found
  })
  const unique = [...new Set(inTargets)]
  if (unique.length === 0)
    throw new UsageError('no scenario in the files given', 'a file needs at least one `scenario "…" { }`')
  const matches = (scenario: ScenarioPlan): boolean => {
    const has = (tag: string): boolean => scenario.tags.some((one) => one.name === tag.replace(/^@/, ''))
    return (
      (selection.filter === undefined || nameOf(scenario).includes(selection.filter)) &&
      selection.tags.every((tag) => (tag.startsWith('!') ? !has(tag.slice(1)) : has(tag)))
    )
  }
  const chosen = unique.filter(matches)
  if (chosen.length === 0) {
    const names = unique.slice(0, 5).map((scenario) => `"${nameOf(scenario)}"`)
    throw new UsageError(
      'no scenario matches the filter or tags',
      `there are ${names.join(', ')}${unique.length > 5 ? ` and ${unique.length - 5} more` : ''}`,
    )
  }
  const only = chosen.filter((scenario) => scenario.tags.some((tag) => tag.name === 'only'))
  if (only.length > 0 && selection.ci)
    throw new UsageError(`@only on "${nameOf(only[0]!)}" would leave the others out in CI`, 'remove the tag')
  return only.length > 0 ? only : chosen
}
