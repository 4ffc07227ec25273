import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../../../../dsl/compile.ts'
import { renderDiagnostics } from '../../../../dsl/diagnostics/render.ts'
import { createUserPrograms } from '../../../../integrations/controller/programs.ts'
import { pretty } from '../../../../reporters/pretty.ts'
import { createCluster } from '../../../../runtime/cluster/create-cluster.ts'
import type { Record } from '../../../../runtime/record/record.ts'
import { runScenario } from '../../../../runtime/runner/run-scenario.ts'

const folder = relative(process.cwd(), dirname(fileURLToPath(import.meta.url)))

/** A loop without an end is given up after this time here, so that a test of it is short. */
const programs = createUserPrograms(3_000)

export interface Ran {
  readonly record: Record
  /** What a person reads, at 80 columns. */
  readonly report: string
}

/** Runs a scenario whose text stands in a folder with its controllers. */
export const runControllers = (text: string, options: { readonly keepGoing?: boolean } = {}): Ran => {
  const path = 'bad.kscn'
  const { plan, diagnostics, sources } = compile([path], {
    read: (name) => {
      if (name === path) return { path, text }
      const full = join(folder, 'fixtures', name)
      try {
        return { path: full, text: readFileSync(full, 'utf8') }
      } catch {
        return { error: 'there is no such file' }
      }
    },
    glob: (pattern) => [pattern],
  })
  if (plan === undefined) throw new Error(renderDiagnostics(diagnostics, sources, { color: false, width: 80 }))
  const record = runScenario(plan.scenarios[0]!, {
    seed: '0',
    createCluster: (spec, behaviors, given) => createCluster(spec, behaviors, { programs, ...given }),
    lookAhead: false,
    ...options,
  })
  const texts = new Map([...sources].map(([name, source]) => [name, source.text]))
  const report = pretty.record(record, {
    sources: texts,
    color: false,
    width: 80,
    version: '',
    elapsed: undefined,
    interrupted: false,
  })
  return { record, report }
}

/** A cluster with these controllers of a module of the fixtures, and a body. */
export const scenarioWith = (names: readonly string[], body: string, module = 'bad.ts'): string => `
scenario "${names.join(' and ')}" {
  cluster {
    pool workers 1 { cpu 2, memory 4Gi }
${names.map((name) => `    controller ${name} { from "./${module}" }`).join('\n')}
  }
${body}
}
`
