import { parentPort, workerData } from 'node:worker_threads'
import { deepFreeze } from '../api/json/deep-freeze.ts'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { createCluster } from './create-cluster.ts'
import { createExplorer } from '../runtime/explore/explorer.ts'
import type { Outcome } from '../runtime/explore/outcome.ts'
import type { Strategy } from '../runtime/explore/strategy.ts'
import { loadScripts } from './load-scripts.ts'

// A thread that makes runs of one property: it is told indexes, and answers with what came of them.

export interface WorkerTask {
  readonly scenario: ScenarioPlan
  readonly seed: string
  readonly runs: number | undefined
  readonly strategy: Strategy | undefined
}
export type WorkerAnswer = { readonly outcomes: readonly Outcome[] } | { readonly bug: string }

type Port = NonNullable<typeof parentPort>

const serve = async (port: Port, { scenario, seed, runs, strategy }: WorkerTask): Promise<void> => {
  const scripts = await loadScripts(scenario.modules)
  const explorer = createExplorer(deepFreeze(scenario), {
    seed,
    runs,
    strategy,
    createCluster: (spec, behaviors, options) => createCluster(spec, behaviors, { ...options, scripts }),
    external: scripts,
  })
  port.on('message', (indexes: readonly number[]) => {
    try {
      const outcomes = indexes.map((index) => {
        const one = explorer.caseOf(index)
        return explorer.outcome(one)
      })
      port.postMessage({ outcomes } satisfies WorkerAnswer)
    } catch (error) {
      const bug = error instanceof Error ? (error.stack ?? error.message) : String(error)
      port.postMessage({ bug } satisfies WorkerAnswer)
    }
  })
  port.postMessage({ outcomes: [] } satisfies WorkerAnswer)
}

if (parentPort !== null) void serve(parentPort, workerData as WorkerTask)
