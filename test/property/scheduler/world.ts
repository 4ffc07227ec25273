import type { Node, Pod } from '../../../api/types/core-v1.generated.ts'
import { createNodeTable, type NodeTable } from '../../../runtime/scheduler/cache/node-table.ts'
import { createNominator } from '../../../runtime/scheduler/nominator.ts'
import { podInfo } from '../../../runtime/scheduler/pod-info.ts'
import { createFramework, type Framework } from '../../../runtime/scheduler/runner.ts'
import type { Status } from '../../../runtime/scheduler/status.ts'
import { newCycle } from '../../../runtime/scheduler/framework.ts'
import type { Cluster } from './clusters.ts'

export const tableOf = (nodes: readonly Node[], pods: readonly Pod[]): NodeTable => {
  const table = createNodeTable()
  for (const node of nodes) table.setNode(node)
  for (const pod of pods) table.addPod(pod.spec.nodeName!, podInfo(pod))
  return table
}

export const frameworkOf = (nodes: NodeTable): Framework =>
  createFramework(
    {},
    {
      nodes,
      listers: { get: () => undefined, list: () => [] },
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
    },
  )

export interface Told {
  /** node → plugin → verdict, of each Filter plugin by itself. */
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, Status | undefined>>>>
  /** plugin → node → raw and normalised, over all nodes. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>
}

/** What every plugin says of every node, by name. */
export const tell = ({ nodes, pods, pod }: Cluster): Told => {
  const table = tableOf(nodes, pods)
  const framework = frameworkOf(table)
  const cycle = newCycle(podInfo(pod), true)
  framework.preFilter(cycle)
  const slots = table.order().slice()
  const nameOf = (slot: number): string => table.slots[slot]!.name
  const verdicts: Record<string, Record<string, Status | undefined>> = {}
  for (const slot of slots) {
    const own: Record<string, Status | undefined> = {}
    framework.plugins.forEach((plugin, index) => {
      if (plugin.filter === undefined) return
      own[plugin.name] = cycle.skipFilter[index] === true ? undefined : plugin.filter(cycle, slot)
    })
    verdicts[nameOf(slot)] = own
  }
  framework.preScore(cycle, slots)
  const found = framework.score(cycle, slots, true)
  if ('code' in found) throw new Error(found.reasons.join())
  const scores = Object.fromEntries(
    found.map(({ plugin, raw, normalized }) => [
      plugin.name,
      Object.fromEntries(Array.from(slots, (slot, at) => [nameOf(slot), [raw[at]!, normalized[at]!] as const])),
    ]),
  )
  return { verdicts, scores }
}
