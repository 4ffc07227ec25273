import { laws, type Sample } from './laws.ts'
import { scenariosOf } from './law-run.ts'
import { observeWhole, type WholeObservation } from './observe.ts'

export const folder = 'scenarios/controllers'

export interface FileReport {
  readonly name: string
  /** By law: how often it was tried. */
  readonly tried: Readonly<Record<string, number>>
  readonly broken: readonly { readonly law: string; readonly what: string }[]
}

/** Holds the laws against every scenario of a file: those that `sample` says something of. `look` is shown what was seen. */
export const tryFile = (
  name: string,
  sample: (law: string) => Sample | undefined,
  look?: (seen: WholeObservation) => void,
): FileReport => {
  const tried: Record<string, number> = {}
  const broken: { readonly law: string; readonly what: string }[] = []
  for (const scenario of scenariosOf(`${folder}/${name}`)) {
    const seen = observeWhole(scenario)
    look?.(seen)
    for (const { message } of seen.record.findings) broken.push({ law: 'passes', what: message })
    for (const law of laws) {
      const which = sample(law.name)
      if (which === undefined) continue
      const report = law.check({ scenario, seen }, which)
      tried[law.name] = (tried[law.name] ?? 0) + report.tried
      for (const what of report.broken) broken.push({ law: law.name, what })
    }
  }
  return { name, tried, broken }
}
