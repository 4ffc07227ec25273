import type { Node, NodeCondition } from '../../../api/types/core-v1.generated.ts'
import type { Micros } from '../../kernel/micros.ts'

/** What the controller remembers of a node: nodeHealthData. Instants are the controller's own. */
export interface NodeHealth {
  readonly heartbeatTime: string | undefined
  readonly hadReady: boolean
  readonly probe: Micros
  readonly renewal: Micros | undefined
}

export const readyOf = (node: Node): NodeCondition | undefined =>
  node.status?.conditions?.find((one) => one.type === 'Ready')

export interface HealthInput {
  readonly node: Node
  readonly known: NodeHealth | undefined
  readonly now: Micros
  /** When the node was created, on the controller's clock. */
  readonly created: Micros
  /** Last renewal of its lease. */
  readonly renewal: Micros | undefined
  readonly period: Micros
}

/** tryUpdateNodeHealth: when the node was last heard of. A renewal counts from the tick that could first see it. */
export const decideHealth = ({ node, known, now, created, renewal, period }: HealthInput): NodeHealth => {
  const ready = readyOf(node)
  const heartbeatTime = ready?.lastHeartbeatTime
  let probe = known?.probe ?? (ready === undefined ? created : now)
  if (known !== undefined && (known.hadReady !== (ready !== undefined) || known.heartbeatTime !== heartbeatTime))
    probe = now
  if (renewal !== undefined && (known?.renewal === undefined || renewal > known.renewal)) {
    probe = Math.max(probe, now - Math.floor((now - renewal) / period) * period)
  }
  return { heartbeatTime, hadReady: ready !== undefined, probe, renewal: renewal ?? known?.renewal }
}

const watched = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The conditions of a node that has been silent for too long. */
export const unknownConditions = (node: Node, now: string): readonly NodeCondition[] => {
  const conditions: NodeCondition[] = [...(node.status?.conditions ?? [])]
  for (const type of watched) {
    const at = conditions.findIndex((one) => one.type === type)
    const current = conditions[at]
    if (current === undefined) {
      const since = node.metadata.creationTimestamp
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        ...(since === undefined ? {} : { lastHeartbeatTime: since }),
        lastTransitionTime: now,
      })
    } else if (current.status !== 'Unknown') {
      const message = 'Kubelet stopped posting node status.'
      conditions[at] = { ...current, status: 'Unknown', reason: 'NodeStatusUnknown', message, lastTransitionTime: now }
    }
  }
  return conditions
}

const conditionTaints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const unschedulable = 'node.kubernetes.io/unschedulable'
const managed = new Set([...Object.values(conditionTaints).flatMap((one) => Object.values(one)), unschedulable])

interface TaintKey {
  readonly key: string
  readonly effect: string
}

/** doNoScheduleTaintingPass: NoSchedule taints to add and to take off, by the node's conditions. */
export const decideNoScheduleTaints = (
  node: Node,
): { readonly add: readonly TaintKey[]; readonly remove: readonly TaintKey[] } => {
  const wanted: string[] = []
  for (const condition of node.status?.conditions ?? []) {
    const key = conditionTaints[condition.type]?.[condition.status]
    if (key !== undefined) wanted.push(key)
  }
  if (node.spec?.unschedulable === true) wanted.push(unschedulable)
  const present = (node.spec?.taints ?? [])
    .filter((taint) => taint.effect === 'NoSchedule' && managed.has(taint.key))
    .map((taint) => taint.key)
  const taint = (key: string): TaintKey => ({ key, effect: 'NoSchedule' })
  return {
    add: wanted.filter((key) => !present.includes(key)).map(taint),
    remove: present.filter((key) => !wanted.includes(key)).map(taint),
  }
}
