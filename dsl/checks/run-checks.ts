import type { Reporter } from '../diagnostics/report.ts'
import type { Module } from '../names/module.ts'
import type { FileSubject, ScenarioSubject } from './check.ts'
import { checks } from './registry.ts'

/** All checks of whole files and scenarios. `broken` says whether a file, or one that it imports, has an error already. */
export const runChecks = (
  subjects: { readonly files: readonly FileSubject[]; readonly scenarios: readonly ScenarioSubject[] },
  reporter: Reporter,
): void => {
  const errors = new Set(
    reporter
      .all()
      .filter((one) => one.severity === 'error')
      .map((one) => one.span.file),
  )
  const seen = new Map<Module, boolean>()
  const broken = (module: Module): boolean => {
    let answer = seen.get(module)
    if (answer === undefined) {
      answer = errors.has(module.source.path) || [...module.imports.values()].some(broken)
      seen.set(module, answer)
    }
    return answer
  }
  for (const check of checks) {
    for (const one of subjects.files) if (check.always || !broken(one.module)) check.file?.(one, reporter)
    for (const one of subjects.scenarios) if (check.always || !broken(one.module)) check.scenario?.(one, reporter)
  }
}
