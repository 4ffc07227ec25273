import { positionOf } from '../../reporters/position.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

/**
 * A .kscn file as a test module: one `test` a scenario or row, each on the very line on which the scenario stands. So positions
 * of the module are positions of the file, and no source map is needed.
 */
export const testModule = (path: string, text: string, scenarios: readonly ScenarioPlan[]): string => {
  const sources = new Map([[scenarios[0]?.span.file ?? path, text]])
  const lines: string[] = ['import { test } from "vitest"; import { runOne } from "kscn/vitest";']
  for (const [index, scenario] of scenarios.entries()) {
    const { line } = positionOf(scenario.span, sources)
    while (lines.length < line) lines.push('')
    const name = `${scenario.title}${scenario.row === '' ? '' : ` ${scenario.row}`}`
    lines[line - 1] += `test(${JSON.stringify(name)}, () => runOne(${JSON.stringify(path)}, ${index}));`
  }
  return `${lines.join('\n')}\n`
}
