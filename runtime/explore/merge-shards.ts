import type { Exploration } from '../record/exploration.ts'
import type { Finding } from '../record/finding.ts'
import type { Record } from '../record/record.ts'
import { missedCoverage } from './missed-coverage.ts'
import { summedVerdict } from './summed-verdict.ts'

/** The shards of one exploration, as one machine would have told of it: the failure of the earliest run, or all runs together. */
export const mergeShards = (shards: readonly Record[]): Record => {
  const parts = [...shards].sort((a, b) => a.exploration!.shard!.index - b.exploration!.shard!.index)
  const explorations = parts.map((one) => one.exploration!)
  const { count } = explorations[0]!.shard!
  const here = new Set(explorations.map((one) => one.shard!.index))
  const absent = Array.from({ length: count }, (_, index) => index + 1).filter((index) => !here.has(index))
  const sum = (of: (one: Exploration) => number): number => explorations.reduce((total, one) => total + of(one), 0)
  const strategies: { [name: string]: number } = {}
  for (const one of explorations)
    for (const [name, runs] of Object.entries(one.strategies)) strategies[name] = (strategies[name] ?? 0) + runs
  const cuts = [
    ...new Set(explorations.flatMap(({ cut }) => (cut === undefined ? [] : [cut]))),
    ...(absent.length === 0 ? [] : [`shard ${absent.map((one) => `${one}/${count}`).join(', ')} is in no report`]),
  ]
  const failing = parts
    .filter((one) => one.exploration!.failure !== undefined)
    .sort((a, b) => a.exploration!.failure!.run - b.exploration!.failure!.run)[0]
  const base = failing ?? parts[0]!
  const { scope, ...alike } = base.exploration!
  const compared = explorations.flatMap((one) => (one.compared === undefined ? [] : [one.compared]))
  const firsts = compared.flatMap(({ first }) => (first === undefined ? [] : [first])).sort((a, b) => a.run - b.run)
  const total = (of: (one: (typeof compared)[number]) => number): number =>
    compared.reduce((count, one) => count + of(one), 0)
  const exploration: Exploration = {
    ...alike,
    ...(compared.length === 0
      ? {}
      : {
          compared: {
            runs: total((one) => one.runs),
            otherwise: total((one) => one.otherwise),
            ...(firsts[0] === undefined ? {} : { first: firsts[0] }),
          },
        }),
    ...(scope === undefined || cuts.length > 0 || failing !== undefined ? {} : { scope }),
    budget: sum((one) => one.budget),
    runs: sum((one) => one.runs),
    strategies,
    coverage: explorations[0]!.coverage.map((one, place) => ({
      ...one,
      reached: sum((each) => each.coverage[place]?.reached ?? 0),
    })),
    shard: undefined,
    cut: cuts.length === 0 ? undefined : cuts.join('; '),
  }
  if (failing !== undefined) return Object.freeze({ ...failing, exploration })
  const isEverywhere = (finding: Finding): boolean =>
    parts.every((one) =>
      one.findings.some((other) => other.code === finding.code && other.span.start === finding.span.start),
    )
  const findings = [
    // A part of the runs may miss what the whole comes to.
    ...(absent.length === 0 ? missedCoverage(exploration, base.duration) : []),
    ...base.findings.filter((one) => one.severity !== 'warning' || isEverywhere(one)),
  ]
  return Object.freeze({ ...base, verdict: summedVerdict(base.verdict, findings), findings, exploration })
}
