import { createSourceHost } from '../cli/source-host.ts'
import { compile } from '../dsl/compile.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import type { Record } from '../runtime/record/record.ts'
import { runScenario } from '../runtime/runner/run-scenario.ts'

export interface ScenarioFigures {
  /** Pods, Jobs or objects that the work is about. */
  readonly items: number
  readonly seconds: number
  /** Of the process, during the run. */
  readonly cpuSeconds: number
  readonly virtualSeconds: number
  readonly peakBytes: number
}

/** Runs a scenario's text once; `held` says whether the work was done. */
export const measureScenario = (text: string, items: number, held: (record: Record) => boolean): ScenarioFigures => {
  const { plan, diagnostics } = compile(['bench.kscn'], { ...createSourceHost(), read: (path) => ({ path, text }) })
  if (plan === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'))
  const started = process.hrtime.bigint()
  const before = process.cpuUsage()
  const record = runScenario(plan.scenarios[0]!, { seed: '0', createCluster })
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const used = process.cpuUsage(before)
  if (!held(record)) throw new Error(`${record.verdict}: ${record.findings[0]?.message ?? ''}`)
  return {
    items,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    virtualSeconds: record.duration / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
}
