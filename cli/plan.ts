import type { Plan } from '../dsl/plan/plan.ts'
import type { Block, Operation } from '../dsl/plan/operation.ts'
import { compileTargets } from './compile-targets.ts'
import { exitCode, type ExitCode } from './exit-code.ts'
import { findScenarios } from './find-scenarios.ts'
import { selectScenarios } from './select-scenarios.ts'

export interface PlanFlags {
  readonly filter?: string
  readonly tag?: readonly string[]
  readonly json?: boolean
  readonly color?: boolean
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`)

const blockLines = (block: Block): readonly string[] => block.operations.flatMap(operationLines)

/** A statement, and below it what it contains: the steps of a macro are shown as they were unrolled. */
const operationLines = (operation: Operation): readonly string[] => [
  operation.text.replace(/ ```/g, ' …'),
  ...('body' in operation ? indented(blockLines(operation.body)) : []),
]

/** What would be run, to be read. */
const outline = (plan: Plan): string =>
  plan.scenarios
    .map((scenario) => {
      const { cluster } = scenario
      const nodes = `${cluster.nodes.length} node${cluster.nodes.length === 1 ? '' : 's'}`
      const head = `${scenario.property === undefined ? 'scenario' : 'property'} "${scenario.title}"`
      return [
        `${head}${scenario.row === '' ? '' : ` ${scenario.row}`}`,
        `  Kubernetes ${cluster.kubernetes}, ${nodes}, profile ${cluster.profile}`,
        ...indented(blockLines(scenario.body)),
        '',
      ].join('\n')
    })
    .join('\n')

/** `kscn plan`: what the scenarios compile to. Nothing that they import is executed. */
export const plan = (paths: readonly string[], flags: PlanFlags): ExitCode => {
  const targets = findScenarios(paths)
  const compiled = compileTargets(targets, flags.color)
  if (compiled.plan === undefined) return exitCode.wrong
  const selection = { filter: flags.filter, tags: flags.tag ?? [], ci: false }
  const scenarios = selectScenarios(compiled.plan.scenarios, targets, selection, compiled.sources)
  const chosen: Plan = { ...compiled.plan, scenarios }
  process.stdout.write(flags.json === true ? `${JSON.stringify(chosen, null, 2)}\n` : outline(chosen))
  return exitCode.held
}
