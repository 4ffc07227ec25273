import type { KubeObject } from '../../../api/object.ts'
import type { ScenarioPlan } from '../../../dsl/plan/plan.ts'
import type { Cluster } from '../../../runtime/cluster/cluster.ts'
import { createCluster } from '../../../runtime/cluster/create-cluster.ts'
import { minute, second, type Micros } from '../../../runtime/kernel/micros.ts'
import type { Record } from '../../../runtime/record/record.ts'
import type { Revision } from '../../../runtime/record/revision.ts'
import { runScenario } from '../../../runtime/runner/run-scenario.ts'
import { beyondLoss, lossAt, nothingLost, type Loss } from './lost-in-memory.ts'
import { genericName, isTelling, linesOf, nodeState } from './node-state.ts'

export interface Restart {
  readonly node: string
  readonly at: Micros
}

export interface NodeRun {
  readonly record: Record
  readonly settled: boolean
  /** Instants at which a kubelet did something. */
  readonly events: readonly Restart[]
  /** What the cluster holds in the end; of one that never ends, all that it goes through again and again. */
  readonly end: readonly string[]
  readonly loss: Loss
}

/** How long a scenario goes on behind its script: past every back-off and grace period of a settled cluster. */
const after = 900 * second
/** A loop has reached its longest back-off by then, and in this time it is in each of its states. */
const loopBegins = 1200 * second
const loopLasts = 1200 * second

/** Runs a scenario, with a kubelet that dies at the end of an instant and is back a moment later, and then on until it is settled. */
export const nodeRun = (scenario: ScenarioPlan, restart?: Restart): NodeRun => {
  const events: Restart[] = []
  let cluster: Cluster | undefined
  let loss = nothingLost
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
        loss = lossAt(made, restart.node)
        kubelet.stop('crash')
        kernel.after(second / 10, actor, () => made.machine(restart.node)?.powered === true && kubelet.start())
      })
    }
    return made
  }
  const record = runScenario(scenario, { seed: '0', createCluster: make, keepGoing: true })
  const { kernel } = cluster!
  const during = [...events]
  const scriptEnds = kernel.now
  // Between the death and the next start nothing is to be done either.
  if (restart !== undefined) while (kernel.step(restart.at + second)) continue
  while (!kernel.settled) if (!kernel.step(scriptEnds + after)) break
  const { settled } = kernel
  // What a node does at leisure: it tells its images, collects garbage, takes back the conditions of a shortage that is over.
  const leisure = kernel.now + 10 * minute
  while (kernel.step(leisure)) continue
  const end = settled ? nodeState(cluster!) : recurring(cluster!, scriptEnds)
  return { record, settled, events: during, end, loss }
}

const resourceOf = (subject: string): string => subject.slice(0, subject.indexOf('/'))

/** Every field's values in a while of a run that never settles: the states of a crash loop, without how often it went round. */
const recurring = (cluster: Cluster, scriptEnds: Micros): readonly string[] => {
  const { kernel, timeline } = cluster
  while (kernel.step(scriptEnds + loopBegins)) continue
  const from = timeline.length
  while (kernel.step(scriptEnds + loopBegins + loopLasts)) continue
  const lines = new Set(nodeState(cluster))
  const names = new Map<string, string>()
  const seen: (readonly [string, KubeObject])[] = []
  for (let entry = from; entry < timeline.length; entry += 1) {
    if (timeline.kind(entry) !== 'revision') continue
    const { object } = timeline.data(entry) as Revision
    const id = resourceOf(timeline.subject(entry))
    if (object === undefined || isTelling(id.split('.')[0]!)) continue
    const word = genericName(object)
    if (word !== undefined) names.set(object.metadata.name, word)
    seen.push([id, object])
  }
  for (const [id, object] of seen) for (const line of linesOf(id, object, names)) lines.add(line)
  return [...lines].filter((line) => !/\.restartCount = \d+$/.test(line)).sort()
}

/** What is different in the end when the kubelet is restarted there: lines that are missing (−) and lines that came (+). */
export const differenceAt = (
  scenario: ScenarioPlan,
  restart: Restart,
  expected: readonly string[],
): readonly string[] => {
  const { end, loss } = nodeRun(scenario, restart)
  const difference = beyondLoss(expected, end, loss)
  return difference.length === 0 ? [] : [`${restart.node} at ${restart.at}`, ...difference]
}
