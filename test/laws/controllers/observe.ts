import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { minute, second, type Micros } from '../../../runtime/kernel/micros.ts'
import type { Revision } from '../../../runtime/record/revision.ts'
import { outsideTheLaws } from './outside-the-laws.ts'
import { finalState } from './final-state.ts'
import { lawRun, leaveAlone, type LawOptions, type LawRun } from './law-run.ts'

/** Longer than any deadline, back-off or resync that a scenario here meets: what is still to come comes in this time. */
export const restTime: Micros = 12 * minute

/** What changed in etcd from an entry on, but for events, leases, and what is outside the laws. */
const revisionsSince = (cluster: Cluster, from: number): readonly string[] => {
  const { timeline } = cluster
  const outside = outsideTheLaws(cluster)
  const found: string[] = []
  for (let entry = from; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const { resource, object, before } = timeline.data(entry) as Revision
    const about = object ?? before
    if (about === undefined || resource.plural === 'events' || resource.plural === 'leases') continue
    const verb = object === undefined ? 'deleted' : before === undefined ? 'created' : 'changed'
    if (outside(about) === about)
      found.push(`${timeline.subject(entry)} was ${verb} at ${timeline.time(entry) / second}s`)
  }
  return found
}

/** A scenario, and what came after it. */
export interface Observation extends LawRun {
  /** What the cluster held when it had been left alone. */
  readonly final: readonly string[]
}

export interface WholeObservation extends Observation {
  /** What still moved when it was left alone once more. */
  readonly unrest: readonly string[]
  /** What changed when the controllers were told of everything once more. */
  readonly rewritten: readonly string[]
  /** What changed when a new process had looked at everything. */
  readonly renewed: readonly string[]
}

export const observe = (scenario: ScenarioPlan, options: LawOptions = {}): Observation => {
  const run = lawRun(scenario, options)
  leaveAlone(run.cluster, restTime)
  return { ...run, final: finalState(run.cluster) }
}

export const observeWhole = (scenario: ScenarioPlan, options: LawOptions = {}): WholeObservation => {
  const seen = observe(scenario, options)
  const { cluster, retell } = seen
  const changedBy = (act: () => void, time: Micros): readonly string[] => {
    const from = cluster.timeline.length
    act()
    leaveAlone(cluster, time)
    return revisionsSince(cluster, from)
  }
  return {
    ...seen,
    unrest: changedBy(() => undefined, restTime),
    rewritten: changedBy(retell, minute),
    renewed: changedBy(() => {
      const manager = cluster.process('controller-manager')!
      manager.stop('graceful')
      manager.start()
    }, 90 * second),
  }
}
