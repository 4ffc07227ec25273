import { createNodeTable, type NodeTable } from '../../../runtime/scheduler/cache/node-table.ts'
import { createNominator } from '../../../runtime/scheduler/nominator.ts'
import { podInfo } from '../../../runtime/scheduler/pod-info.ts'
import { createFramework, type Framework } from '../../../runtime/scheduler/runner.ts'
import { feasibleNodesToFind } from '../../../runtime/scheduler/sampling.ts'
import { schedulePod } from '../../../runtime/scheduler/schedule-pod.ts'
import type { Node } from '../../../api/types/core-v1.generated.ts'
import { createObjectWorld, storedNode, storedPod } from './stored-objects.ts'

interface NodeOperation {
  readonly op: 'add' | 'update' | 'remove'
  readonly node: string
  readonly zone?: string
  readonly region?: string
  readonly order: readonly string[]
}
export interface SamplingCase {
  readonly id: string
  readonly percentageOfNodesToScore: number
  readonly profilePercentageOfNodesToScore?: number
  readonly nodeCount?: number
  readonly find?: number
  readonly ops?: readonly NodeOperation[]
  readonly zones?: readonly string[]
  readonly refusing?: readonly number[]
  readonly attempts?: readonly unknown[]
}

const nodeOf = (name: string, place: { readonly zone?: string; readonly region?: string }, cordoned: boolean): Node => {
  const { zone = '', region = '' } = place
  const labels = {
    'kubernetes.io/hostname': name,
    ...(region === '' ? {} : { 'topology.kubernetes.io/region': region }),
    ...(zone === '' ? {} : { 'topology.kubernetes.io/zone': zone }),
  }
  const allocatable = { cpu: '4', memory: '8Gi', pods: '110' }
  const spec = cordoned ? { unschedulable: true } : {}
  return storedNode({ metadata: { name, labels }, spec, status: { allocatable } })
}

const names = (nodes: NodeTable): readonly string[] => [...nodes.order()].map((slot) => nodes.slots[slot]!.name)

const attemptsOf = (recorded: SamplingCase): unknown => {
  const nodes = createNodeTable()
  const refusing = new Set(recorded.refusing)
  recorded.zones!.forEach((zone, at) => nodes.setNode(nodeOf(`n${at + 1}`, { zone }, refusing.has(at + 1))))
  const percentage = recorded.profilePercentageOfNodesToScore ?? recorded.percentageOfNodesToScore
  const real = createFramework(
    { percentageOfNodesToScore: percentage },
    {
      nodes,
      listers: createObjectWorld(),
      nominator: createNominator(() => false),
      now: () => 0,
      choose: () => 0,
      preempting: () => false,
    },
  )
  let checked: string[] = []
  const framework: Framework = {
    ...real,
    filter(cycle, slot) {
      const verdict = real.filter(cycle, slot)
      if (verdict === undefined) checked.push(nodes.slots[slot]!.name)
      return verdict
    },
  }
  const position = { next: 0 }
  return recorded.attempts!.map((_, at) => {
    checked = []
    const start = position.next
    const pod = podInfo(storedPod({ metadata: { name: `p${at}` }, spec: { containers: [{ name: 'c' }] } }))
    const decision = schedulePod(framework, pod, position)
    if (decision.kind !== 'node') return decision.kind
    return { start, checked, evaluated: decision.evaluated, feasible: decision.feasible.length }
  })
}

/** What the case records, as the scheduler gives it. */
export const answerSampling = (recorded: SamplingCase): unknown => {
  if (recorded.nodeCount !== undefined) {
    const percentage = recorded.profilePercentageOfNodesToScore ?? recorded.percentageOfNodesToScore
    return { find: feasibleNodesToFind(percentage, recorded.nodeCount) }
  }
  if (recorded.ops === undefined) return { attempts: attemptsOf(recorded) }
  const nodes = createNodeTable()
  const ops = recorded.ops.map((one) => {
    if (one.op === 'remove') nodes.removeNode(one.node)
    else nodes.setNode(nodeOf(one.node, one, false))
    return { ...one, order: names(nodes) }
  })
  return { ops }
}

export const recordedSampling = ({ find, ops, attempts }: SamplingCase): unknown =>
  find !== undefined ? { find } : ops !== undefined ? { ops } : { attempts }
