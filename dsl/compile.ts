import { deepFreeze } from '../api/json/deep-freeze.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import type { FileSubject, ScenarioSubject } from './checks/check.ts'
import { withoutConsequences } from './checks/lost-names.ts'
import { runChecks } from './checks/run-checks.ts'
import { withFixes } from './diagnostics/with-fixes.ts'
import { createReporter } from './diagnostics/report.ts'
import { checkDeclarations, lowerScenario } from './lower/scenario.ts'
import { createLoader } from './lower/load-modules.ts'
import type { Module } from './names/module.ts'
import type { Plan, ScenarioPlan } from './plan/plan.ts'
import type { SourceFile, SourceHost } from './source/source-file.ts'
import { createDocumentSource } from './yaml/document-source.ts'

export interface Compilation {
  /** undefined iff there is an error. */
  readonly plan: Plan | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Every .kscn file and manifest that was read, by the path that spans name. */
  readonly sources: ReadonlyMap<string, SourceFile>
}

/** Reads scenarios and all that they import, checks them, and makes the plan of their runs. */
export const compile = (paths: readonly string[], host: SourceHost): Compilation => {
  const sources = new Map<string, SourceFile>()
  try {
    return compileInto(sources, paths, host)
  } catch (error) {
    // Blocks in steps in blocks: each is within its bounds, and all of them together exhaust the stack.
    if (!(error instanceof RangeError && error.message.includes('call stack'))) throw error
    const reporter = createReporter()
    const file = [...sources.keys()][0] ?? paths[0] ?? ''
    reporter.report('K003', { file, start: 0, end: 0 }, 'this file nests too deeply to be compiled', {
      help: 'blocks stand in steps that stand in blocks: take some of these levels away',
    })
    return { plan: undefined, diagnostics: reporter.all(), sources }
  }
}

const compileInto = (sources: Map<string, SourceFile>, paths: readonly string[], host: SourceHost): Compilation => {
  const reporter = createReporter()
  // A manifest is read once, however many rows and steps name it: its frozen text is also the key of its parsed documents.
  const remembered = new Map<string, SourceFile | { readonly error: string }>()
  const reading: SourceHost = {
    read(path, from) {
      const key = `${from}\n${path}`
      let file = remembered.get(key)
      if (file === undefined) {
        file = host.read(path, from)
        if (!('error' in file)) {
          const same = sources.get(file.path)
          if (same === undefined) sources.set(file.path, file)
          else file = same
        }
        remembered.set(key, file)
      }
      return file
    },
    glob: (pattern, from) => host.glob(pattern, from),
  }
  const loader = createLoader(reading, reporter)
  const roots = paths.map((path) => loader.load(path, '', undefined)).filter((one) => one !== undefined)
  const shared = { reporter, host: reading, documents: createDocumentSource() }
  const scenarios: ScenarioPlan[] = []
  const checked = new Set<Module>()
  const check = (module: Module): void => {
    if (checked.has(module)) return
    checked.add(module)
    for (const one of module.imports.values()) check(one)
    checkDeclarations(module, shared)
  }
  const lowered: ScenarioSubject[] = []
  for (const root of roots) {
    check(root)
    for (const one of root.scenarios) {
      const plans = lowerScenario(one, root, shared)
      lowered.push({ module: root, ...one, plans })
      scenarios.push(...plans)
    }
  }
  const imported = new Set([...checked].flatMap((one) => [...one.imports.values()]))
  const files = [...checked].map((module): FileSubject => ({ module, imported: imported.has(module) }))
  runChecks({ files, scenarios: lowered }, reporter)
  const diagnostics = withFixes(withoutConsequences(reporter.all(), checked), sources)
  const failed = diagnostics.some((one) => one.severity === 'error')
  return { plan: failed ? undefined : deepFreeze({ schemaVersion: 1, scenarios }), diagnostics, sources }
}
