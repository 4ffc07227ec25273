import { compile } from '../dsl/compile.ts'
import { renderDiagnostics } from '../dsl/diagnostics/render.ts'
import type { Plan, ScenarioPlan } from '../dsl/plan/plan.ts'
import type { Target } from './find-scenarios.ts'
import { createSourceHost } from './source-host.ts'
import { terminalOf } from './terminal.ts'

export interface Compiled {
  readonly plan: Plan | undefined
  readonly errors: number
  readonly warnings: number
  readonly sources: ReadonlyMap<string, string>
}

/** Compiles the files and prints every diagnostic to standard error. */
export const compileTargets = (targets: readonly Target[], colorFlag: boolean | undefined): Compiled => {
  const paths = [...new Set(targets.map((target) => target.path))]
  const { plan, diagnostics, sources } = compile(paths, createSourceHost())
  const { color, width } = terminalOf(process.stderr, colorFlag)
  if (diagnostics.length > 0) process.stderr.write(renderDiagnostics(diagnostics, sources, { color, width }))
  return {
    plan,
    errors: diagnostics.filter((one) => one.severity === 'error').length,
    warnings: diagnostics.filter((one) => one.severity === 'warning').length,
    sources: new Map([...sources].map(([path, source]) => [path, source.text])),
  }
}

/** Whether a scenario is the one that a target's line lies in: the last that begins at or before it. */
export const atLine = (scenarios: readonly ScenarioPlan[], line: number, text: string): readonly ScenarioPlan[] => {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const begun = scenarios.filter((scenario) => lineOf(scenario.span.start) <= line)
  const last = begun.at(-1)
  return last === undefined ? [] : begun.filter((scenario) => scenario.span.start === last.span.start)
}
