import { Worker } from 'node:worker_threads'
import { compileTargets } from '../cli/compile-targets.ts'
import { createCluster as createWithPrograms } from '../cli/create-cluster.ts'
import { loadScripts } from '../cli/load-scripts.ts'
import { createCluster } from '../runtime/cluster/create-cluster.ts'
import { explore } from '../runtime/explore/explore.ts'
import { createExplorer } from '../runtime/explore/explorer.ts'
import { bugs } from '../test/zoo/bugs.ts'
import { withBug } from '../test/zoo/planted-bug.ts'
import { bundled } from './bundled.ts'
import { nextRun, smallExplorer, withLibrary, withoutLibrary } from './explore-rig.ts'
import { measure, type Figures } from './measure.ts'

const propertyOf = (
  path: string,
  title: string,
): NonNullable<ReturnType<typeof compileTargets>['plan']>['scenarios'][number] =>
  compileTargets([{ path, line: undefined }], false).plan!.scenarios.find((one) => one.title.startsWith(title))!

const heard = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })

/** Wall time a run where two threads make them: warm ones, as in a long exploration. */
const onTwoThreads = async (rounds: number, runs: number): Promise<Figures> => {
  const file = bundled('bench/explore-child.ts')
  const resourceLimits = { maxYoungGenerationSizeMb: 64 }
  const workers = [0, 1].map(() => new Worker(file, { resourceLimits }))
  await Promise.all(workers.map(heard))
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const began = process.hrtime.bigint()
    for (const worker of workers) worker.postMessage(runs)
    await Promise.all(workers.map(heard))
    times.push(Number(process.hrtime.bigint() - began) / 1e6 / (2 * runs))
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
  times.sort((a, b) => a - b)
  return {
    work: 'wall time a run of it, two threads',
    runs: rounds * runs * 2,
    minMs: times[0]!,
    medianMs: times[Math.floor(times.length / 2)]!,
    maxMs: times.at(-1)!,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    goal: '<= 2 ms: 500 runs/s on two cores',
  }
}

/** Every write of the example operator in a run in which it serves a website and takes it away: it dies behind each of them. */
const operatorSweep = async (): Promise<Figures> => {
  const scenario = propertyOf('scenarios/operator/names-are-given-back.kscn', 'whatever is refused')
  const scripts = await loadScripts(scenario.modules)
  const explorer = createExplorer(scenario, {
    seed: '0',
    strategy: 'perturb',
    runs: 10_000,
    createCluster: (spec, behaviors, options) => createWithPrograms(spec, behaviors, { ...options, scripts }),
    external: scripts,
  })
  const crashes = Array.from({ length: explorer.total }, (_, index) => explorer.caseOf(index)).filter(({ schedule }) =>
    schedule.disturbances.some((one) => one.kind === 'crash'),
  )
  if (crashes.length === 0) throw new Error('the operator wrote nothing in the undisturbed run')
  return measure({
    work: `a crash at each of ${crashes.length} writes of the example operator's run`,
    goal: '<= 10 s',
    runs: 1,
    warmUp: 0,
    once() {
      for (const one of crashes) explorer.run(one)
    },
  })
}

/** What exploring costs: a run in one thread and in two, a sweep, a shrunk failure, and the library of invariants. */
export const exploration = async (): Promise<readonly Figures[]> => {
  const kept = propertyOf('scenarios/properties/replicas-kept.kscn', '')
  const bug = bugs.find((one) => one.name === 'a ReplicaSet never deletes')!
  return [
    measure({
      work: 'one explored run of a small property, one thread',
      goal: '<= 4 ms',
      runs: 200,
      warmUp: 50,
      once: nextRun(smallExplorer()),
    }),
    await onTwoThreads(5, 60),
    await operatorSweep(),
    measure({
      work: 'a planted bug found and shrunk',
      goal: '<= 5 s',
      runs: 1,
      warmUp: 0,
      once() {
        explore(kept, { seed: '0', createCluster: withBug(createCluster, bug), version: 'bench', line: 1 })
      },
    }),
    ...withAndWithout(),
  ]
}

/** In turn, so that what else the machine does falls on both. */
const withAndWithout = (): readonly Figures[] => {
  const runs = 60
  const times = { with: [] as number[], without: [] as number[] }
  const timed = (once: () => unknown, into: number[] | undefined): void => {
    const began = process.hrtime.bigint()
    once()
    into?.push(Number(process.hrtime.bigint() - began) / 1e6)
  }
  for (let run = -20; run < runs; run += 1) {
    timed(withoutLibrary, run < 0 ? undefined : times.without)
    timed(withLibrary, run < 0 ? undefined : times.with)
  }
  const figures = (work: string, list: number[], goal: string): Figures => {
    list.sort((a, b) => a - b)
    const [minMs, medianMs, maxMs] = [list[0]!, list[Math.floor(list.length / 2)]!, list.at(-1)!]
    return { work, runs, minMs, medianMs, maxMs, peakBytes: process.resourceUsage().maxRSS * 1024, goal }
  }
  const without = figures('a rollout with no invariant', times.without, '')
  const all = figures('the same with every invariant of the library', times.with, '')
  const ratio = (all.minMs / without.minMs).toFixed(2)
  return [without, { ...all, goal: `<= 1.5 times the line above; ${ratio}` }]
}
