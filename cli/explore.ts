import { availableParallelism } from 'node:os'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ScenarioPlan } from '../dsl/plan/plan.ts'
import { concludeOutcomes, exploreInSlices, indexesOf, type ExploreOptions } from '../runtime/explore/explore.ts'
import { createExplorer } from '../runtime/explore/explorer.ts'
import { isFailure, type Outcome } from '../runtime/explore/outcome.ts'
import type { Record } from '../runtime/record/record.ts'
import type { WorkerAnswer, WorkerTask } from './explore-worker.ts'

export interface ExploreFlags extends ExploreOptions {
  /** Threads; one explores in this thread. */
  readonly workers: number
  readonly interrupted: () => Promise<boolean>
}

/** Runs that a thread is given at once. */
const portion = 8
/** Below so many runs, starting a thread costs more than it saves. */
const worthWorkers = 100

/** Beside the bundle its own bundle; in a checkout the module itself. */
const workerFile = (): string | undefined =>
  ['./explore-worker.cjs', './explore-worker.ts']
    .map((name) => fileURLToPath(new URL(name, import.meta.url)))
    .find((path) => existsSync(path))

export const defaultWorkers = (): number => Math.max(1, Math.min(8, availableParallelism()))

/** Explores over several threads. The outcome is the same as with one: only runs up to the first failing index count. */
const exploreOverWorkers = async (
  scenario: ScenarioPlan,
  options: ExploreFlags,
  file: string,
): Promise<Record | undefined> => {
  const explorer = createExplorer(scenario, options)
  const indexes = indexesOf(explorer.total, options.shard)
  const outcomes: Outcome[] = []
  let next = 0
  let firstFailure = Infinity
  let interrupted = false
  const workers = Array.from(
    { length: options.workers },
    () =>
      new Worker(file, {
        workerData: {
          scenario,
          seed: options.seed,
          runs: options.runs,
          strategy: options.strategy,
        } satisfies WorkerTask,
        // Almost all that a run makes is garbage when it ends: with room for it, less of it is copied.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      }),
  )
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('error', reject)
            worker.on('message', (answer: WorkerAnswer) => {
              if ('bug' in answer) {
                reject(new Error(answer.bug))
                return
              }
              for (const outcome of answer.outcomes) {
                outcomes.push(outcome)
                if (isFailure(outcome)) firstFailure = Math.min(firstFailure, outcome.index)
              }
              void options.interrupted().then((stop) => {
                interrupted ||= stop
                const given = indexes.slice(next, next + portion)
                next += given.length
                if (given.length === 0 || given[0]! > firstFailure || interrupted || options.more?.() === false)
                  resolve()
                else worker.postMessage(given)
              })
            })
          }),
      ),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return interrupted ? undefined : concludeOutcomes(scenario, explorer, outcomes, options)
}

/** Explores a property; undefined if it was interrupted. */
export const exploreProperty = async (scenario: ScenarioPlan, options: ExploreFlags): Promise<Record | undefined> => {
  const file = workerFile()
  const runs = options.runs ?? scenario.property?.runs ?? 0
  if (options.workers > 1 && runs >= worthWorkers && file !== undefined)
    return await exploreOverWorkers(scenario, options, file)
  const slices = exploreInSlices(scenario, options)
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done === true) return slice.value
    if (await options.interrupted()) return undefined
  }
}
