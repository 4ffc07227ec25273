import { readFileSync } from 'node:fs'
import { createSourceHost } from '../../cli/source-host.ts'
import { compile } from '../../dsl/compile.ts'
import type { ScenarioPlan } from '../../dsl/plan/plan.ts'

export interface PropertySource {
  readonly path: string
  readonly text: string
  readonly scenario: ScenarioPlan
}

const known = new Map<string, PropertySource>()

/** The one property of a file of scenarios/properties. Compiled once: a cluster is booted once a plan. */
export const propertyPlan = (name: string): PropertySource => {
  let found = known.get(name)
  if (found === undefined) {
    const path = `scenarios/properties/${name}.kscn`
    const { plan, diagnostics } = compile([path], createSourceHost())
    const scenario = plan?.scenarios.find((one) => one.property !== undefined)
    if (scenario === undefined)
      throw new Error(`${path}: ${diagnostics.map((one) => `${one.code} ${one.message}`).join('; ') || 'no property'}`)
    found = { path, text: readFileSync(path, 'utf8'), scenario }
    known.set(name, found)
  }
  return found
}

/** The one scenario of a text. */
export const scenarioOf = (path: string, text: string): ScenarioPlan => {
  const { plan, diagnostics } = compile([path], { read: () => ({ path, text }), glob: () => [] })
  const scenario = plan?.scenarios[0]
  if (scenario === undefined) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join('; '))
  return scenario
}
