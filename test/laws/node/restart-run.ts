import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { minute, second, type Micros } from '../../../runtime/kernel/micros.ts'
import type { Record } from '../../../runtime/record/record.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'
import { finalState } from '../controllers/final-state.ts'

export interface Restart {
  readonly node: string
  readonly at: Micros
}

export interface NodeRun {
  readonly record: Record
  readonly cluster: Cluster
  readonly settled: boolean
  /** Instants at which a kubelet did something. */
  readonly events: readonly Restart[]
}

/** How long a scenario goes on behind its script: past every back-off and grace period of a settled cluster. */
const after = 900 * second

/** Runs a scenario, with a kubelet that dies at the end of an instant and is back a moment later, and then on until it is settled. */
export const nodeRun = (scenario: ScenarioPlan, restart?: Restart): NodeRun => {
  const events: Restart[] = []
  let cluster: Cluster | undefined
  const make: typeof createCluster = (spec, behaviors, given) => {
    const made = createCluster(spec, behaviors, given)
    if (cluster !== undefined) return made
    cluster = made
    const { kernel, timeline } = made
    const seen = new Set<string>()
    timeline.subscribe((entry) => {
      const actor = timeline.actor(entry)
      if (!actor.startsWith('kubelet/')) return
      const one = { node: actor.slice('kubelet/'.length), at: timeline.time(entry) }
      if (seen.has(`${one.node} ${one.at}`)) return
      seen.add(`${one.node} ${one.at}`)
      events.push(one)
    })
    if (restart !== undefined) {
      const actor = kernel.actor('law', 'script')
      kernel.at(restart.at, actor, () => {
        const kubelet = made.process(`kubelet/${restart.node}`)
        if (kubelet?.up !== true) return
        kubelet.stop('crash')
        kernel.after(second / 10, actor, () => made.machine(restart.node)?.powered === true && kubelet.start())
      })
    }
    return made
  }
  const record = runScenario(scenario, { seed: '0', createCluster: make, keepGoing: true })
  const during = [...events]
  const until = cluster!.kernel.now + after
  while (!cluster!.kernel.settled) if (!cluster!.kernel.step(until)) break
  const { settled } = cluster!.kernel
  // What a node tells of itself at leisure: its images, for one.
  const leisure = cluster!.kernel.now + minute
  while (cluster!.kernel.step(leisure)) continue
  return { record, cluster: cluster!, settled, events: during }
}

/** How much memory an eviction found in use depends on when it looked. */
const measured = /(available|was using): ?[0-9]+(?:[KMG]i)?|was using [0-9]+(?:[KMG]i)?/g

/** The cluster's state behind a run. */
export const endOf = ({ cluster }: NodeRun): readonly string[] =>
  finalState(cluster)
    .map((line) => line.replace(measured, '$1 <bytes>'))
    .sort()

/** What is different in the end when the kubelet is restarted there: lines that are missing (−) and lines that came (+). */
export const differenceAt = (
  scenario: ScenarioPlan,
  restart: Restart,
  expected: readonly string[],
): readonly string[] => {
  const found = endOf(nodeRun(scenario, restart))
  if (found.join('\n') === expected.join('\n')) return []
  return [
    `${restart.node} at ${restart.at}`,
    ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ]
}
