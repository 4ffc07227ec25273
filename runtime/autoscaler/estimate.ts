import { milliValue, wholeValue } from '../../api/quantity/quantity-values.ts'
import { podRequestOf } from '../../api/pods/pod-resources.ts'
import { scaledValue } from '../../api/quantity/quantity-values.ts'
import type { Node, Pod } from '../../api/types/core-v1.generated.ts'
import type { NodeGroup } from '../cloud/cloud.ts'
import type { Scan } from './memory.ts'
import { fixed } from './settings.ts'
import { addTemplate, podKey, type Snapshot } from './snapshot.ts'

/** A group that could take pods: how many nodes it would take for which of them (expander.Option). */
export interface Option {
  readonly group: NodeGroup
  readonly nodes: number
  readonly pods: readonly Pod[]
  readonly template: Node
}

const amount = (pod: Pod, resource: string): number => Number(scaledValue(podRequestOf(pod, resource), -3))

/** DecreasingPodOrderer: by the larger share of the node's CPU and memory; pods of one owner stay together. */
export const decreasing = (pods: readonly Pod[], template: Node): readonly Pod[] => {
  const { cpu = '0', memory = '0' } = template.status?.allocatable ?? {}
  const score = (pod: Pod): number =>
    amount(pod, 'cpu') / Math.max(1, milliValue(cpu)) + amount(pod, 'memory') / Math.max(1, milliValue(memory))
  return [...pods]
    .map((pod, index) => ({ pod, index, score: score(pod) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((one) => one.pod)
}

/** BinpackingNodeEstimator: the first new node that has room takes a pod, another is added if none has. */
export const estimate = (
  { io }: Pick<Scan, 'io'>,
  snapshot: Snapshot,
  group: NodeGroup,
  { pods, template }: { readonly pods: readonly Pod[]; readonly template: (zone: number) => Node },
): Option => {
  const mark = snapshot.mark()
  const room = Math.min(fixed.maxNodesPerScaleUp, group.max - group.targetSize())
  const first = template(group.targetSize())
  const added: string[] = []
  const used = new Set<string>()
  const taken: Pod[] = []
  for (const pod of decreasing(pods, first)) {
    let node = snapshot.firstFit(pod, added)
    if (node === undefined) {
      const last = added.at(-1)
      if (added.length >= room || (last !== undefined && !used.has(last))) continue
      const name = `template-${group.id}-${added.length}`
      addTemplate(snapshot, io, template(group.targetSize() + added.length), name)
      added.push(name)
      if (snapshot.refusal(pod, name) !== undefined) continue
      node = name
    }
    snapshot.place(pod, node)
    used.add(node)
    taken.push(pod)
  }
  snapshot.revert(mark)
  return { group, nodes: used.size, pods: taken, template: first }
}

/** expander/waste: the share of CPU and memory that nobody asks for. */
export const waste = ({ nodes, pods, template }: Option): number => {
  const { cpu = '0', memory = '0' } = template.status?.capacity ?? {}
  const asked = (resource: string): number =>
    pods.reduce(
      (sum, pod) =>
        sum + pod.spec.containers.reduce((own, one) => own + milliValue(one.resources?.requests?.[resource] ?? '0'), 0),
      0,
    )
  const cpuRoom = milliValue(cpu) * nodes
  const memoryRoom = wholeValue(memory) * nodes
  return (cpuRoom - asked('cpu')) / cpuRoom + (memoryRoom - asked('memory') / 1000) / memoryRoom
}

/** The best option, by chance among equals (expander/factory, random as the last strategy). */
export const bestOption = ({ io, settings }: Pick<Scan, 'io' | 'settings'>, options: readonly Option[]): Option => {
  const score = (option: Option): number =>
    settings.expander === 'least-waste' ? -waste(option) : settings.expander === 'most-pods' ? option.pods.length : 0
  const best = Math.max(...options.map(score))
  const equals = options.filter((option) => score(option) === best)
  return equals.length === 1 ? equals[0]! : equals[io.choose('expander', equals.length)]!
}

export const byPriority = (a: Pod, b: Pod): number =>
  (b.spec.priority ?? 0) - (a.spec.priority ?? 0) || (podKey(a) < podKey(b) ? -1 : 1)
